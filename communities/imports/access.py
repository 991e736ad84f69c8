"""Who may import what. Each docstring is the rule; "not yours" is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from communities.communities.access import (
    MANAGERS,
    communities_administered_by,
    manages_communities,
    require_module,
)
from communities.communities.models import Community
from communities.imports.invitations import invitation_of
from communities.imports.models import Import, Invitation
from core.accounts.access import is_member, reach_of
from tenants.errors import InvalidTokenError


def communities_to_import_into(account: Any) -> QuerySet[Community]:
    """Active communities whose members the account looks after: its own, or those of its role."""
    return communities_administered_by(account).filter(is_active=True).order_by("name_key", "pk")


def can_import_members(account: Any) -> bool:
    """Whoever looks after the members of at least one community."""
    return is_member(account) and communities_to_import_into(account).exists()


def can_import_communities(account: Any) -> bool:
    """Administrators and community managers, who make communities in their territories."""
    return manages_communities(account)


def municipalities_in_reach(account: Any) -> set[str] | None:
    """INSEE codes where the account may make communities; None: everywhere in the region."""
    reach = reach_of(account, *MANAGERS)
    if reach is None:
        return set()
    return None if reach.is_everywhere else set(reach.municipalities())


def has_imports(account: Any) -> bool:
    """Who may import something sees the room."""
    return can_import_communities(account) or can_import_members(account)


def require_imports(account: Any) -> None:
    """Raise Http404 for whoever may import nothing."""
    require_module()
    if not has_imports(account):
        raise Http404("Nothing to import into.")


def require_communities(account: Any) -> None:
    """Raise Http404 for whoever makes no communities for others."""
    require_module()
    if not can_import_communities(account):
        raise Http404("No communities to import.")


def imports_of(account: Any) -> QuerySet[Import]:
    """Imports into communities that the account looks after; and its own of communities.

    A file of communities is seen by who sent it and, in the whole region, by its managers.
    """
    require_module()
    if not is_member(account):
        return Import.objects.none()
    own = communities_administered_by(account).order_by().values("pk")
    shown = Q(kind=Import.Kind.MEMBERS, community__in=own)
    reach = reach_of(account, *MANAGERS)
    if reach is not None:
        files = Q(kind=Import.Kind.COMMUNITIES)
        shown |= files if reach.is_everywhere else files & Q(by=account)
    return Import.objects.filter(shown)


def get_import_for(account: Any, public_id: UUID) -> Import:
    """Return an import that the account may see and carry on. Raises Http404."""
    found = (
        imports_of(account).filter(public_id=public_id).select_related("community", "by").first()
    )
    if found is None:
        raise Http404("No such import.")
    return found


def get_invitation(token: str) -> Invitation:
    """Return the invitation of a link: whoever holds it may use it, once. Raises Http404."""
    require_module()
    try:
        return invitation_of(token)
    except (InvalidTokenError, ValueError) as error:
        raise Http404("This link is no longer valid.") from error

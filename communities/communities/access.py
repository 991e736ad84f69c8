"""Who may do what with communities. Each docstring is the rule; "not yours" is 404."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from communities.communities.models import Community, Membership
from core.accounts.access import has_verified_email, is_administrator, is_member
from tenants.context import current_tenant
from tenants.models import Module


def require_module() -> None:
    """A region without the module has no community at all, for anyone."""
    if not current_tenant().has_module(Module.COMMUNITIES):
        raise Http404("This region has no communities.")


def communities_visible_to(account: Any) -> QuerySet[Community]:
    """Active communities are public, visitors included (OG-09); others are for the console."""
    return Community.objects.filter(is_active=True)


def get_community_for(account: Any, slug: str) -> Community:
    """Return a community that the account, or a visitor, may see. Raises Http404."""
    require_module()
    found = communities_visible_to(account).filter(slug=slug).first()
    if found is None:
        raise Http404("No such community.")
    return found


def can_create(account: Any) -> bool:
    """Any member of the region whose e-mail is verified; a telephone number never matters."""
    return is_member(account) and has_verified_email(account)


def can_see_members(account: Any, community: Community) -> bool:
    """People signed in to the region see « Pierre L. »; visitors see how many they are.

    « Membres cachés »: nobody sees them here; those who run the community have the console.
    """
    return is_member(account) and not community.members_hidden


def membership_of(account: Any, community: Community) -> Membership | None:
    """Return the account's row in the community, whatever its status; ``None`` for visitors."""
    if not is_member(account):
        return None
    return Membership.objects.filter(account=account, community=community).first()


def is_moderator(account: Any, community: Community) -> bool:
    """An accepted member of the community with the role of moderator."""
    membership = membership_of(account, community)
    return membership is not None and membership.is_moderator


def moderated_by(account: Any) -> Q:
    """Return the condition on communities that the account runs."""
    return Q(
        memberships__account=account,
        memberships__status=Membership.Status.ACCEPTED,
        memberships__role=Membership.Role.MODERATOR,
    )


def communities_administered_by(account: Any) -> QuerySet[Community]:
    """All, inactive ones included, for the region's administrators; else those they run."""
    require_module()
    if not is_member(account):
        return Community.objects.none()
    if is_administrator(account):
        return Community.objects.all()
    return Community.objects.filter(moderated_by(account), is_active=True)


def has_console(account: Any) -> bool:
    """Administrators, and people who run at least one community, have a console."""
    if not is_member(account):
        return False
    return is_administrator(account) or communities_administered_by(account).exists()

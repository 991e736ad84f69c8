"""Who may see and change adverts. Each docstring is the rule; "not yours" does not exist (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from communities.communities.access import communities_administered_by, get_community_for
from communities.communities.models import Community
from core.accounts.access import is_administrator, is_member
from rides.adverts.models import Advert
from rides.adverts.queries import adverts_public, for_cards, keys_of
from tenants.context import current_tenant
from tenants.models import Module


def require_module() -> None:
    """A region without carpooling has no advert and no search, for anyone."""
    if not current_tenant().has_module(Module.CARPOOLING):
        raise Http404("This region has no carpooling.")


def can_manage(account: Any) -> bool:
    """Administrators of a region with carpooling change its rules of rides."""
    return current_tenant().has_module(Module.CARPOOLING) and is_administrator(account)


def require_manager(account: Any) -> None:
    """Raise Http404 for whoever may not: the room does not exist for them."""
    if not can_manage(account):
        raise Http404("No such room.")


def can_publish(account: Any) -> bool:
    """Any member of the region."""
    return is_member(account)


def is_author(account: Any, advert: Advert) -> bool:
    """The member who published the advert."""
    return is_member(account) and advert.author_id == account.pk


def get_advert_for(account: Any, public_id: UUID) -> Advert:
    """Return an advert that the account, or a visitor, may see, ready to be shown. Raises Http404.

    Everyone sees adverts that are online, of people who are active, unless their community hides
    them (``hiding``); authors also see their paused ones. Nobody sees a deleted one.
    """
    require_module()
    rows = adverts_public(account)
    if is_member(account):
        rows = rows | Advert.objects.filter(author=account, status=Advert.Status.PAUSED)
    found = for_cards(keys_of(rows.filter(public_id=public_id)))
    if not found:
        raise Http404("No such advert.")
    return found[0]


def get_own_advert(account: Any, public_id: UUID, *, deleted: bool = False) -> Advert:
    """Return an advert of the account's own; with ``deleted``, a deleted one. Raises Http404."""
    require_module()
    if not is_member(account):
        raise Http404("No such advert.")
    rows = Advert.objects.select_related("author").filter(author=account, public_id=public_id)
    if deleted:
        rows = rows.filter(status=Advert.Status.DELETED)
    else:
        rows = rows.exclude(status=Advert.Status.DELETED)
    found = rows.first()
    if found is None:
        raise Http404("No such advert.")
    return found


def runs_line(account: Any, community: Community) -> bool:
    """Those who run a line's community, and the region's administrators, keep its stops."""
    if community.kind != Community.Kind.LINE or not is_member(account):
        return False
    return communities_administered_by(account).filter(pk=community.pk).exists()


def get_line_to_run(account: Any, slug: str) -> Community:
    """Return a line whose stops the account keeps. Raises Http404."""
    require_module()
    line = get_community_for(account, slug)
    if not runs_line(account, line):
        raise Http404("No such line.")
    return line


def own_advert_or_none(account: Any, public_id: str, *, deleted: bool = False) -> Advert | None:
    """An advert of the account's own by the text of its id, which an address or a form gives."""
    try:
        return get_own_advert(account, UUID(public_id), deleted=deleted)
    except (ValueError, Http404):
        return None

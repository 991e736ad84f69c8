"""Who may do what about the life of communities. Each docstring is the rule; 404 otherwise."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from communities.communities.access import (
    MANAGERS,
    get_community_for,
    is_moderator,
    membership_of,
    require_module,
)
from communities.communities.models import Community, Membership
from communities.lifecycle.models import HandOver, Offer
from core.accounts.access import reach_of


def oversees(account: Any) -> bool:
    """People whose role in the region lets them run communities that are not their own."""
    return reach_of(account, *MANAGERS) is not None


def communities_overseen_by(account: Any) -> QuerySet[Community]:
    """All communities, or those of their territories, for administrators and community managers.

    Contacts and decisions about a community are the region's own: those who run it see none.
    """
    require_module()
    reach = reach_of(account, *MANAGERS)
    if reach is None:
        return Community.objects.none()
    if reach.is_everywhere:
        return Community.objects.all()
    return Community.objects.filter(municipality_code__in=reach.municipalities())


def get_overseen_for(account: Any, slug: str) -> Community:
    """Return a community that the account oversees, whatever its state. Raises Http404."""
    found = communities_overseen_by(account).filter(slug=slug).first()
    if found is None:
        raise Http404("No such community.")
    return found


def get_joined_for(account: Any, slug: str) -> tuple[Community, Membership]:
    """Return an open community with the account's membership; accepted members. Raises Http404."""
    community = get_community_for(account, slug)
    membership = membership_of(account, community)
    if membership is None or not membership.is_accepted:
        raise Http404("Not a member.")
    return community, membership


def get_run_for(account: Any, slug: str) -> Community:
    """Return an open community that the account runs. Raises Http404."""
    community = get_community_for(account, slug)
    if not is_moderator(account, community):
        raise Http404("Not a moderator.")
    return community


def get_offer_for(account: Any, slug: str) -> Offer:
    """Return the latest offer to the account to run an open community. Raises Http404."""
    community = get_community_for(account, slug)
    found = Offer.objects.filter(community=community, successor_id=account.pk).first()
    if found is None:
        raise Http404("Nobody asked.")
    return found


def get_handover_for(account: Any, slug: str) -> HandOver:
    """Return the latest hand-over of an open community of which one is a member. Raises Http404.

    One that is over is returned too: the service says so.
    """
    community, _membership = get_joined_for(account, slug)
    found = HandOver.objects.filter(community=community).first()
    if found is None:
        raise Http404("No hand-over.")
    return found


def reads_archive(account: Any, community: Community) -> bool:
    """Accepted members of an archived community read its page, as it was."""
    membership = membership_of(account, community)
    return membership is not None and membership.is_accepted

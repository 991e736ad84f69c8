"""Who may do what with communities. Each docstring is the rule; "not yours" is 404."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import Http404

from communities.communities.models import Community, Membership
from core.accounts.access import has_verified_email, is_member, reach_of
from core.accounts.models import RoleAssignment
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


MANAGERS: Final = (RoleAssignment.Role.ADMINISTRATOR, RoleAssignment.Role.COMMUNITY_MANAGER)
"""Roles of the region that run every community, or those of their territories."""
READERS: Final = (*MANAGERS, RoleAssignment.Role.COMMUNICATION, RoleAssignment.Role.ANALYST)
"""Roles that see what communities are, without who is in them."""


def _reached(account: Any, *roles: str) -> Q | None:
    """Return the condition on communities in reach of one of those roles; None without any."""
    reach = reach_of(account, *roles)
    if reach is None:
        return None
    return Q() if reach.is_everywhere else Q(municipality_code__in=reach.municipalities())


def communities_administered_by(account: Any) -> QuerySet[Community]:
    """Communities that the account may change, with their members.

    Administrators and community managers: all of the region, or of their territories, inactive and
    deleted ones included; other people: those they run, active or deleted a short while ago.
    """
    return _of_console(account, *MANAGERS)


def communities_in_console_of(account: Any) -> QuerySet[Community]:
    """Communities that the account sees in the console: to change, or to read only.

    Communication managers and analysts read what a community is, never who is in it.
    """
    return _of_console(account, *READERS)


def _of_console(account: Any, *roles: str) -> QuerySet[Community]:
    require_module()
    if not is_member(account):
        return Community.objects.none()
    # A subquery, not a join: a row must not come twice, nor be counted twice.
    run = Membership.objects.filter(
        account=account,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
    ).order_by()
    shown = Q(is_active=True) | Q(deleted_at__isnull=False)
    own = Q(pk__in=run.values("community_id")) & shown
    reached = _reached(account, *roles)
    if reached is None:
        return Community.objects.filter(own)
    return Community.objects.filter(reached | own) if reached else Community.objects.all()


def get_administered_for(account: Any, slug: str) -> Community:
    """Return a community that the account may change. Raises Http404."""
    found = communities_administered_by(account).filter(slug=slug).first()
    if found is None:
        raise Http404("No such community.")
    return found


def get_in_console_for(account: Any, slug: str) -> Community:
    """Return a community that the account sees in the console. Raises Http404."""
    found = communities_in_console_of(account).filter(slug=slug).first()
    if found is None:
        raise Http404("No such community.")
    return found


def can_administer(account: Any, community: Community) -> bool:
    """Whether the account may change the community and see its members."""
    return communities_administered_by(account).filter(pk=community.pk).exists()


def manages_communities(account: Any) -> bool:
    """Whether a role of the region lets the account run communities that are not its own."""
    return reach_of(account, *MANAGERS) is not None


def reads_communities(account: Any) -> bool:
    """Whether a role of the region shows the account communities that are not its own."""
    return reach_of(account, *READERS) is not None


def reads_more_than_it_manages(account: Any) -> bool:
    """Whether some communities of the account's console may be read there but not changed."""
    return reach_of(account, *MANAGERS) != reach_of(account, *READERS)


def get_membership_for(account: Any, slug: str, number: int) -> Membership:
    """Return a membership of a community that the account may change. Raises Http404.

    People who have left are not shown: it is no longer the community's business.
    """
    found = (
        Membership.objects.filter(community=get_administered_for(account, slug), pk=number)
        .exclude(status=Membership.Status.LEFT)
        .select_related("account")
        .first()
    )
    if found is None:
        raise Http404("No such member.")
    return found


def has_console(account: Any) -> bool:
    """People with a role about communities, and those who run at least one, have a console."""
    if not is_member(account):
        return False
    return reads_communities(account) or communities_administered_by(account).exists()

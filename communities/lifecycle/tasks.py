"""What time does to the life of communities, and mails to many members."""

from __future__ import annotations

from django.db.models import QuerySet

from communities.communities.models import Community, Membership
from core.accounts.models import Account
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@platform_task
def daily() -> None:
    """Look, in every region, at communities that fall quiet, votes and archives (once a day)."""
    from communities.lifecycle.activity import lifecycle_daily

    for _tenant in each_tenant():
        lifecycle_daily()


@tenant_task
def tell_vote(handover: int) -> None:
    """Ask every member of a community who takes over."""
    from communities.lifecycle import notices
    from communities.lifecycle.models import HandOver

    row = HandOver.objects.select_related("community").filter(pk=handover).first()
    if row is not None and row.is_open:
        notices.tell_vote(row, _members(row.community_id))


@tenant_task
def tell_chosen(handover: int) -> None:
    """Tell every member of a community who runs it now."""
    from communities.lifecycle import notices
    from communities.lifecycle.models import HandOver

    row = HandOver.objects.select_related("community", "winner").filter(pk=handover).first()
    if row is not None and row.winner is not None:
        notices.tell_chosen(row, _members(row.community_id))


@tenant_task
def tell_archived(community: int) -> None:
    """Tell every member of a community that it is archived."""
    from communities.lifecycle import notices

    row = Community.objects.filter(pk=community, is_active=False, deleted_at=None).first()
    if row is not None:
        notices.tell_archived(row, _members(row.pk))


def _members(community_id: int) -> QuerySet[Account]:
    return Account.objects.filter(
        is_active=True,
        memberships__community_id=community_id,
        memberships__status=Membership.Status.ACCEPTED,
    ).order_by("pk")

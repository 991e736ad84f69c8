"""What time does to communities, and answers that wait until they can no longer be undone."""

from __future__ import annotations

from communities.communities import notices
from communities.communities.ending import communities_purge
from communities.communities.joining import may_ask_again_at
from communities.communities.models import Membership
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@platform_task
def purge() -> None:
    """Take away, in every region, what was deleted more than thirty days ago (once a day)."""
    for _tenant in each_tenant(state=None):
        communities_purge()


@tenant_task
def answer(*, membership: int, status: str, was_member: bool) -> None:
    """Tell somebody what became of their request, unless it has become something else meanwhile."""
    found = (
        Membership.objects.filter(pk=membership, status=status)
        .select_related("account", "community")
        .first()
    )
    if found is not None:
        notices.tell_answer(found, was_member=was_member, again_at=may_ask_again_at(found))

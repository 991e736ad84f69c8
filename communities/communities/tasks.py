"""What time does to communities."""

from __future__ import annotations

from communities.communities.ending import communities_purge
from tenants.context import each_tenant
from tenants.tasks import platform_task


@platform_task
def purge() -> None:
    """Take away, in every region, what was deleted more than thirty days ago (once a day)."""
    for _tenant in each_tenant(state=None):
        communities_purge()

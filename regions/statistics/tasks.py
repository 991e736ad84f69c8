"""What time does to statistics."""

from __future__ import annotations

from regions.statistics.services import months_release
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@platform_task
def daily() -> None:
    """Count and publish in each region (nightly)."""
    for _tenant in each_tenant():
        count.enqueue()


@tenant_task
def count() -> None:
    """Publish the months of the current region that are closed."""
    months_release()

"""What time does to statistics."""

from __future__ import annotations

from django.utils import timezone

from regions.statistics.facts import facts_refresh
from regions.statistics.services import months_release
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task

SUNDAY = 6


@platform_task
def daily() -> None:
    """Count and publish in each region (nightly)."""
    for _tenant in each_tenant():
        count.enqueue()


@tenant_task
def count() -> None:
    """Count the current region, all of it on Sundays, and publish the months that are closed."""
    facts_refresh(everything=timezone.localdate().weekday() == SUNDAY)
    months_release()


@tenant_task
def count_again() -> None:
    """Count all of the current region whose records have changed: territories have moved."""
    facts_refresh(everything=True)

"""What wakes the projector: each commit that records events, and the clock for what was missed."""

from __future__ import annotations

from regions.projection.services import region_project
from tenants.context import current_tenant, each_tenant
from tenants.tasks import platform_task, tenant_task


@tenant_task
def project_region() -> None:
    """Apply what waits in the current region."""
    region_project(current_tenant())


@platform_task
def project_everywhere() -> None:
    """Apply what waits anywhere (every minute): lost wake-ups, second tries."""
    for tenant in each_tenant():
        region_project(tenant)

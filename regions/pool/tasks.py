"""What time and agreements take out of the pool."""

from __future__ import annotations

from regions.pool.services import pool_forget_past, pool_purge
from tenants.context import current_tenant, platform_scope
from tenants.tasks import platform_task, tenant_task


@tenant_task
def purge() -> None:
    """Remove what no agreement of the current region covers any more."""
    pool_purge(current_tenant())


@platform_task
def forget_past() -> None:
    """Remove rides that are over (nightly)."""
    with platform_scope(reason="rides that are over leave the pool"):
        pool_forget_past()

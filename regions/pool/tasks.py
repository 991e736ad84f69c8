"""What time and agreements take out of the pool, and who hears of what comes in."""

from __future__ import annotations

from uuid import UUID

from regions.pool.arrivals import ARRIVALS
from regions.pool.services import partners_of, pool_forget_past, pool_purge
from tenants.context import current_tenant, platform_scope, tenant_scope
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


@platform_task
def arrived(region: int, adverts: list[str]) -> None:
    """Tell a region's partners that these of its adverts appeared in the pool, or changed."""
    with platform_scope(reason="who hears of a region's adverts"):
        partners = partners_of(region)
    for partner in partners:
        with tenant_scope(partner):
            look.enqueue(adverts=adverts)


@tenant_task
def look(adverts: list[str]) -> None:
    """Let the current region's apps look at partners' adverts that arrived."""
    for arrival in ARRIVALS:
        arrival.seen([UUID(advert) for advert in adverts])

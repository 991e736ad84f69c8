"""What follows an act on a pool in the regions that it concerns."""

from __future__ import annotations

from uuid import UUID

from tenants.context import current_tenant, registry_scope, tenant_scope
from tenants.models import Tenant
from tenants.tasks import platform_task, tenant_task


@platform_task
def tell(communities: list[tuple[int, str]], what: str) -> None:
    """Call the listeners of ``what`` for communities: (primary key of the region, public id)."""
    from regions.pooled.hooks import LISTENERS

    keys = {key for key, _community in communities}
    with registry_scope():
        tenants = {one.pk: one for one in Tenant.objects.filter(pk__in=keys)}
    for key, community in communities:
        if key not in tenants:
            continue
        with tenant_scope(tenants[key]):
            for listener in LISTENERS:
                call = listener.proposed if what == "proposed" else listener.changed
                if call is not None:
                    call(UUID(community))


@platform_task
def tell_act(communities: list[tuple[int, str]], by: tuple[int, str], said: str, name: str) -> None:
    """Call the listeners of those communities that agreements let see who did it (``by``)."""
    from regions.pooled.hooks import LISTENERS, News
    from regions.pooled.queries import region_seen

    actor, theirs = by
    keys = {key for key, _community in communities}
    with registry_scope():
        tenants = {one.pk: one for one in Tenant.objects.filter(pk__in=keys)}
    for key, community in communities:
        if key not in tenants:
            continue
        with tenant_scope(tenants[key]):
            region = region_seen(UUID(community), actor, UUID(theirs))
            if region is None:
                continue
            for listener in LISTENERS:
                if listener.acted is not None:
                    listener.acted(UUID(community), News(said, region, name))


@tenant_task
def purge() -> None:
    """Remove what no agreement of the current region covers any more."""
    from regions.pooled.services import pooled_purge

    pooled_purge(current_tenant())

"""What follows an act on a pool in the regions that it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from tenants.context import current_tenant, registry_scope, tenant_scope
from tenants.models import Tenant
from tenants.tasks import platform_task, tenant_task


@platform_task
def tell(communities: list[tuple[int, str]], what: str) -> None:
    """Call the listeners of ``what`` for communities: (primary key of the region, public id)."""
    from regions.pooled.hooks import LISTENERS

    for community in _there(communities):
        for listener in LISTENERS:
            call = listener.proposed if what == "proposed" else listener.changed
            if call is not None:
                call(community)


@platform_task
def tell_act(communities: list[tuple[int, str]], by: tuple[int, str], said: str, name: str) -> None:
    """Call the listeners of those communities that agreements let see who did it (``by``)."""
    from regions.pooled.hooks import LISTENERS, News
    from regions.pooled.queries import region_seen

    actor, theirs = by
    for community in _there(communities):
        region = region_seen(community, actor, UUID(theirs))
        if region is None:
            continue
        for listener in LISTENERS:
            if listener.acted is not None:
                listener.acted(community, News(said, region, name))


def _there(communities: list[tuple[int, str]]) -> Iterator[UUID]:
    """Each community in the scope of its region; those of regions that are gone are left out."""
    with registry_scope():
        tenants = Tenant.objects.in_bulk({key for key, _community in communities})
    for key, community in communities:
        if key in tenants:
            with tenant_scope(tenants[key]):
                yield UUID(community)


@tenant_task
def purge() -> None:
    """Remove what no agreement of the current region covers any more."""
    from regions.pooled.services import pooled_purge

    pooled_purge(current_tenant())

"""What agreements and time do to what partners hold."""

from __future__ import annotations

from rides.pooling.models import SharedAdvert
from rides.pooling.services import adverts_resync, region_rebuild, region_sync
from tenants.context import each_tenant
from tenants.models import Module
from tenants.tasks import platform_task, tenant_task


@tenant_task
def rebuild() -> None:
    """Share anew all that the region may share: an agreement or the region's switch changed."""
    region_rebuild()


@tenant_task
def follow_communities(communities: list[str]) -> None:
    """Tell partners which adverts are in a pooled community now: it, or its members, changed."""
    rows = SharedAdvert.objects.filter(shared=True, advert__communities__public_id__in=communities)
    adverts_resync(sorted(set(rows.values_list("advert_id", flat=True))))


@platform_task
def reconcile() -> None:
    """Withdraw what may no longer be shared though nothing told it (every minute).

    Somebody suspended, a community that hides its adverts, a ride that is over.
    """
    for tenant in each_tenant():
        if tenant.has_module(Module.CARPOOLING):
            region_sync()

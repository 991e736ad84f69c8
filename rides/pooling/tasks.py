"""What agreements and time do to what partners hold."""

from __future__ import annotations

from rides.pooling.services import region_rebuild, region_sync
from tenants.context import each_tenant
from tenants.models import Module
from tenants.tasks import platform_task, tenant_task


@tenant_task
def rebuild() -> None:
    """Share anew all that the region may share: an agreement or the region's switch changed."""
    region_rebuild()


@platform_task
def reconcile() -> None:
    """Withdraw what may no longer be shared though nothing told it (every minute).

    Somebody suspended, a community that hides its adverts, a ride that is over.
    """
    for tenant in each_tenant():
        if tenant.has_module(Module.CARPOOLING):
            region_sync()

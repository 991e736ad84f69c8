"""What agreements and time end between two regions."""

from __future__ import annotations

from rides.relay.endings import region_reconcile
from rides.relay.forgetting import mirrors_forget, region_forget
from tenants.context import each_tenant
from tenants.models import Module
from tenants.tasks import platform_task, tenant_task


@tenant_task
def reconcile() -> None:
    """End what an agreement that changed no longer allows."""
    region_reconcile()


@platform_task
def reconcile_everywhere() -> None:
    """End requests of people who were suspended, or whose agreement is over (every minute).

    And forget adverts that partners took back and nobody asked about.
    """
    for tenant in each_tenant():
        if tenant.has_module(Module.CARPOOLING):
            region_reconcile()
            mirrors_forget()


@platform_task
def forget_everywhere() -> None:
    """Forget the people of regions whose agreements ended yesterday (every quarter of an hour)."""
    for tenant in each_tenant():
        if tenant.has_module(Module.CARPOOLING):
            region_forget()

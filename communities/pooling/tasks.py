"""What changes, agreements and time do to what partners hold of communities."""

from __future__ import annotations

from uuid import UUID

from communities.communities.models import Community
from communities.pooling import notices, services, telling
from regions.pooled.hooks import News
from regions.pooled.queries import has_pools
from tenants.context import each_tenant
from tenants.models import Module
from tenants.tasks import platform_task, tenant_task


@tenant_task
def follow(communities: list[str]) -> None:
    """Tell partners of communities (public ids) that have changed."""
    telling.communities_sync([UUID(one) for one in communities])


@tenant_task
def rebuild() -> None:
    """Tell partners everything anew: an agreement has changed."""
    telling.region_rebuild()


@tenant_task
def tell_proposed(community: str) -> None:
    """Write to those who run a community that a partner region proposes to pool it."""
    found = Community.objects.filter(public_id=community, is_active=True).first()
    if found is not None:
        notices.tell_proposed(found)


@tenant_task
def tell_acted(community: str, said: str, region: str, name: str) -> None:
    """Write to those who run a community what a partner region did to its pool or proposal."""
    found = Community.objects.filter(public_id=community, is_active=True).first()
    if found is not None:
        notices.tell_acted(found, News(said, region, name))


@platform_task
def reconcile() -> None:
    """Tell what no act told (every minute): somebody suspended, a lost task, a final deletion."""
    for tenant in each_tenant():
        if tenant.has_module(Module.COMMUNITIES):
            if has_pools():
                services.strays_detach()
            telling.region_sync()

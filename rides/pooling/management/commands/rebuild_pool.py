"""``manage.py rebuild_pool``: what partners hold, made anew from the regions' own adverts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from communities.pooling import telling
from regions.projection.services import applied_forget, region_project
from rides.pooling.services import region_rebuild
from tenants.context import each_tenant
from tenants.models import Module


class Command(BaseCommand):
    """Rebuilds the pool."""

    help = "Tell partner regions everything anew, and take back what they should not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the regions, one after the other."""
        for tenant in each_tenant():
            applied_forget(tenant)
            communities = telling.region_rebuild() if tenant.has_module(Module.COMMUNITIES) else 0
            adverts = region_rebuild() if tenant.has_module(Module.CARPOOLING) else 0
            region_project(tenant)
            self.stdout.write(f"{tenant.slug}: {adverts} adverts, {communities} communities")

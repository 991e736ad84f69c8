"""``manage.py rebuild_observatory``: what all may read, told again from what regions published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from regions.projection.services import applied_forget, region_project
from regions.statistics.models import Release
from regions.statistics.services import release_tell
from tenants.context import each_tenant


class Command(BaseCommand):
    """Rebuilds the read model of published figures."""

    help = "Tell again every month that regions have published; nothing is computed anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the regions, one after the other."""
        for tenant in each_tenant():
            applied_forget(tenant)
            releases = list(Release.objects.all())
            with transaction.atomic():
                for release in releases:
                    release_tell(release)
            region_project(tenant)
            self.stdout.write(f"{tenant.slug}: {len(releases)} published months")

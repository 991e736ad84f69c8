"""``python3 manage.py reindex_adverts``: make what searches look up anew, from the adverts."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rides.adverts.indexing import adverts_reindex
from tenants.context import each_tenant
from tenants.models import Module


class Command(BaseCommand):
    """Indexes the adverts of every region with carpooling; safe to repeat, and under load."""

    help = "Make the index of adverts anew: after an upgrade that says so, or a bulk import."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--region", metavar="SLUG", help="this region only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Index, with a line for each region and, for large ones, for each part of it."""
        found = False
        for tenant in each_tenant():
            if options["region"] not in (None, tenant.slug):
                continue
            found = True
            if not tenant.has_module(Module.CARPOOLING):
                self.stdout.write(f"{tenant.slug}: without carpooling")
                continue
            started = time.monotonic()
            count = adverts_reindex(lambda done, total: self._say(f"  {done} of {total}"))
            seconds = time.monotonic() - started
            self._say(f"{tenant.slug}: {count} adverts indexed in {seconds:.1f} s")
        if options["region"] is not None and not found:
            raise CommandError(f"no region is called {options['region']!r}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

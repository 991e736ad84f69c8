"""``manage.py project``: the projector as a process of its own, beside or without a task queue."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from regions.projection.services import region_project
from tenants.context import each_tenant


class Command(BaseCommand):
    """Applies the regions' events as they come."""

    help = "Apply what regions have to tell one another, until stopped (--once: what waits now)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how often to look, and whether to stay."""
        parser.add_argument("--once", action="store_true", help="end when nothing waits")
        parser.add_argument(
            "--every", type=float, default=0.5, metavar="SECONDS", help="between two looks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every region in turn; sleep when none had anything."""
        total = 0
        while True:
            done = sum(region_project(tenant) for tenant in each_tenant())
            total += done
            if options["once"] and not done:
                break
            if not done:
                time.sleep(options["every"])
                connections["default"].close_if_unusable_or_obsolete()
        self.stdout.write(f"{total} events projected.")

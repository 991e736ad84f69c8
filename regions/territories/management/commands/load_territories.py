"""``python3 manage.py load_territories``: fill the public tables from the bundled file."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from regions.territories import dataset
from regions.territories.services import territories_load


class Command(BaseCommand):
    """Loads municipalities, départements, régions and intercommunalities; safe to repeat."""

    help = "Load the bundled municipalities into the public schema (does nothing when up to date)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--force", action="store_true", help="load even if nothing is new")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was done."""
        started = time.monotonic()
        written = territories_load(using="owner", force=options["force"])
        if written:
            seconds = time.monotonic() - started
            self.stdout.write(f"{written} municipalities loaded in {seconds:.1f} s")
        else:
            self.stdout.write(f"municipalities are up to date (release {dataset.VERSION})")

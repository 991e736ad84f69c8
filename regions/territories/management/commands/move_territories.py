"""``python3 manage.py move_territories``: municipalities or EPCI merge or split (MR-07)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regions.territories.models import TerritoryChange
from regions.territories.moves import TerritoryError, territories_move
from regions.territories.operations import move_now


class Command(BaseCommand):
    """Moves what regions keep under old codes, and remembers which code became which, and when."""

    help = (
        "Move communities, residences and roles from old codes of territories to new ones: "
        "move_territories municipality 35001:35002 35003:35002 --since 2027-01-01 --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("kind", choices=TerritoryChange.Kind.values)
        parser.add_argument(
            "changes", nargs="+", metavar="OLD:NEW", help="several NEW for an OLD: a split"
        )
        parser.add_argument("--since", type=dt.date.fromisoformat, required=True)
        parser.add_argument("--note", default="", help="the decree, for those who read it later")
        parser.add_argument("--dry-run", action="store_true", help="say what would move")

    def handle(self, *args: Any, **options: Any) -> None:
        """Move, and say what was moved where."""
        changes = []
        for pair in options["changes"]:
            old, _colon, new = pair.partition(":")
            if not (old.isalnum() and new.isalnum()):
                raise CommandError(f"OLD:NEW, not {pair}")
            changes.append((old, new))
        try:
            said = {"kind": options["kind"], "changes": changes, "since": options["since"]}
            if options["dry_run"]:
                report = territories_move(**said, dry_run=True)
            else:
                report = move_now(**said, note=options["note"])
        except TerritoryError as refused:
            lines = [f"{one.line}: {one.message}" for one in refused.problems]
            raise CommandError("\n".join(lines)) from refused
        for line in report:
            self.stdout.write(f"{line.region}: {line.rows} {line.what}")
        verb = "would move" if options["dry_run"] else "moved"
        self.stdout.write(f"{sum(line.rows for line in report)} rows {verb}")

"""``manage.py migrate_schemas``: every schema, a line each, and a summary."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.migration import Outcome, migrate_all


class Command(BaseCommand):
    """Migrates public, the template and every region; exits 1 when one of them is broken."""

    help = "Migrate every schema. One broken region does not stop the others."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``--schema`` (may be repeated)."""
        parser.add_argument(
            "--schema", action="append", help="only this region's schema (may be repeated)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and report."""

        def line(outcome: Outcome) -> None:
            state = outcome.error or ("migrated" if outcome.changed else "up to date")
            mark = "FAILED" if outcome.error else "ok"
            self.stdout.write(f"{mark:6} {outcome.schema:32} {outcome.seconds:6.2f} s  {state}")
            self.stdout.flush()

        only = frozenset(options["schema"]) if options["schema"] else None
        outcomes = migrate_all(line, only=only)
        failed = [outcome.schema for outcome in outcomes if outcome.error]
        changed = sum(outcome.changed for outcome in outcomes)
        self.stdout.write(
            f"{len(outcomes)} schemas: {changed} migrated, "
            f"{len(outcomes) - changed - len(failed)} up to date, {len(failed)} failed"
        )
        if failed:
            raise CommandError(f"not migrated: {', '.join(failed)}", returncode=1)

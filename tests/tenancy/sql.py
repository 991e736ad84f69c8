"""Bare SQL through Django's connection, for tests that ask PostgreSQL itself."""

from __future__ import annotations

from typing import Any

from django.db import connection, connections


def rows(statement: str, *parameters: Any, alias: str = "default") -> list[tuple[Any, ...]]:
    """Return the rows of a statement run in the current scope."""
    chosen = connection if alias == "default" else connections[alias]
    with chosen.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return list(cursor.fetchall()) if cursor.description else []


def value(statement: str, *parameters: Any, alias: str = "default") -> Any:
    """Return the first column of the first row."""
    return rows(statement, *parameters, alias=alias)[0][0]


MARK = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now())"
READ_MARK = "SELECT session_data FROM django_session WHERE session_key = 'mark'"


def mark(name: str) -> None:
    """Leave the region's name in its own schema under a key that every region shares."""
    rows(MARK, "mark", name)


def read_mark() -> str:
    """Return the name left by ``mark`` in whatever schema the query really runs."""
    return str(value(READ_MARK))

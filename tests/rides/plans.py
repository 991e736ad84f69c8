"""How PostgreSQL answers a search: the plan of the statement as it is prepared, not of its text."""

from __future__ import annotations

import re

from django.db import connection
from django.utils import timezone

from rides.search.candidates import candidates, statement
from rides.search.inputs import SearchQuery
from rides.search.queries import wish_of


def plan_of(query: SearchQuery, options: str = "COSTS off") -> str:
    """Ask once, and explain what was prepared for it; ``ANALYZE`` among ``options`` asks again."""
    wish = wish_of(query, timezone.now())
    candidates(query, wish, query.radius)
    text, asked = statement(query, wish, query.radius)
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, parameter_types::text[] FROM pg_prepared_statements"
            " WHERE statement LIKE %s ORDER BY prepare_time DESC LIMIT 1",
            [f"/* {connection.schema_name} */ {text.split('%(')[0]}%"],  # type: ignore[attr-defined]
        )
        name, types = cursor.fetchone()
        values = ", ".join(f"%({one})s::{kind}" for one, kind in zip(names, types, strict=True))
        cursor.execute(f'EXPLAIN ({options}) EXECUTE "{name}" ({values})', asked)
        return "\n".join(line for (line,) in cursor.fetchall())

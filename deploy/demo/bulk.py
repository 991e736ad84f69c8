"""Many rows at once: PostgreSQL's COPY, with the keys that the sequence would have given."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from django.db import connection, models


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model as they are, and give each its primary key.

    Values go to the driver as they are: those that ``save`` would compute (dates of creation,
    folded names) must be set already, and fields must be of kinds that need no preparation.
    """
    if not rows:
        return
    meta = rows[0]._meta
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [meta.db_table, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        fields = meta.concrete_fields
        columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            values = attrgetter(*(field.attname for field in fields))
            for row in rows:
                copy.write_row([_plain(value) for value in values(row)])


def _plain(value: object) -> object:
    """Lists of numbers as PostgreSQL writes them: the driver would look at each number."""
    if isinstance(value, list):
        return "{" + ",".join(map(repr, value)) + "}"
    return value

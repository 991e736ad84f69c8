"""A region's own figures, exact: for its own people who may see them, never for the public."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from django.db import connection

from regions.statistics.catalogue import Kind, measure_of, source_of
from regions.statistics.models import Area, Grain

_CODE: Final = {
    Area.WHOLE: "''",
    Area.ADMINISTRATIVE: "coalesce(m.region, '')",
    Area.DEPARTEMENT: "coalesce(m.departement, '')",
    Area.INTERCOMMUNALITY: "coalesce(m.intercommunality_code, '')",
}
"""Areas made of municipalities; others are stored as they are."""
# Of people seen in a month the month's own count; of all else, days add up.
_ADDED: Final = """
SELECT date_trunc(%(grain)s, f.start)::date, {code}, sum(f.value)::bigint
  FROM statistics_fact f LEFT JOIN territories_municipality m ON m.code = f.code
 WHERE f.source = %(source)s AND f.amount = %(amount)s AND f.grain = %(stored)s
   AND f.kind = %(kind)s AND f.start BETWEEN %(first)s AND %(last)s
 GROUP BY 1, 2 ORDER BY 1, 2
"""
_HELD: Final = """
SELECT p.start::date, {code}, sum(f.value)::bigint
  FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, ('1 ' || %(grain)s)::interval)
       AS p (start)
  JOIN statistics_fact f ON f.start < p.start + ('1 ' || %(grain)s)::interval
   AND f.source = %(source)s AND f.amount = %(amount)s AND f.kind = %(kind)s
  LEFT JOIN territories_municipality m ON m.code = f.code
 GROUP BY 1, 2 HAVING sum(f.value) <> 0 ORDER BY 1, 2
"""


class OwnFigure(NamedTuple):
    """One exact figure of the current region."""

    start: dt.date
    code: str
    """Of the area; empty for the whole region, and for what lies in no area of that kind."""
    value: int


def own_figures(
    measure: str, *, area: Area, grain: Grain, first: dt.date, last: dt.date
) -> list[OwnFigure]:
    """Return the current region's exact figures by period and area, zeros left out; one statement.

    ``first`` is the first day of a period. Of a derived measure it is the first amount that it is
    made of. Raises ``KeyError`` for a measure that is none.
    """
    known = measure_of(measure)
    source = source_of(known.source)
    kind = Area.MUNICIPALITY if area in _CODE else area
    people = source.kind == Kind.SEEN and grain == Grain.MONTH
    statement = _HELD if source.kind == Kind.HELD else _ADDED
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(code=_CODE.get(area, "f.code")),
            {
                "grain": grain.value,
                "stored": Grain.MONTH.value if people else Grain.DAY.value,
                "source": source.name,
                "amount": known.amounts[0],
                "kind": kind.value,
                "first": first,
                "last": last,
            },
        )
        return [OwnFigure._make(row) for row in cursor.fetchall()]

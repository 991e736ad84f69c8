"""Counting a region: facts of each day and month, made again where the records have changed.

Each day has a digest of its records. A refresh reads the records, compares digests, and counts the
days that differ anew: what came late, what was taken back, who has left. One statement for each
source: one snapshot, set by set, spilled to disk where it is large. Facts follow from the records
alone, so that counting all anew gives the same.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from regions.statistics.catalogue import SOURCES, Kind, Source
from regions.statistics.models import DayMark, Fact
from regions.statistics.records import fact_rows
from tenants.context import current_tenant

EVER: Final = dt.date(1970, 1, 1)
LATE: Final = 2
"""Months that every refresh looks at beside the present one; older ones, once a week."""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('regions.statistics.facts'), %s)"

_SUMS: Final = """
SELECT n.amount, 'day' AS grain, r.day AS start, r.kind, r.code, sum(r.amounts[n.place]) AS value
  FROM r JOIN touched USING (day)
 CROSS JOIN unnest(%(amounts)s::text[]) WITH ORDINALITY AS n (amount, place)
 GROUP BY 1, 2, 3, 4, 5 HAVING sum(r.amounts[n.place]) <> 0
"""
_PEOPLE: Final = """
SELECT n.amount, 'day' AS grain, r.day AS start, r.kind, r.code, count(DISTINCT r.person) AS value
  FROM r JOIN touched USING (day) CROSS JOIN unnest(%(amounts)s::text[]) AS n (amount)
 GROUP BY 1, 2, 3, 4, 5
 UNION ALL
SELECT n.amount, 'month', m.month, r.kind, r.code, count(DISTINCT r.person)
  FROM r JOIN months m ON m.month = date_trunc('month', r.day)::date
 CROSS JOIN unnest(%(amounts)s::text[]) AS n (amount)
 GROUP BY 1, 2, 3, 4, 5
"""
_REFRESH: Final = """
WITH r AS MATERIALIZED ({rows}),
marks AS MATERIALIZED (
    SELECT day, sum(hashtextextended(concat_ws('|', kind, code, person, amounts), 0)::numeric)
           AS digest
      FROM r GROUP BY day
), touched AS MATERIALIZED (
    SELECT day
      FROM marks m
      FULL JOIN (SELECT day, digest FROM statistics_daymark
                  WHERE source = %(source)s AND day >= %(first)s) o USING (day)
     WHERE m.digest IS DISTINCT FROM o.digest
), months AS (
    SELECT DISTINCT date_trunc('month', day)::date AS month FROM touched
), fresh AS MATERIALIZED ({fresh}),
written AS (
    INSERT INTO statistics_fact AS f (source, amount, grain, start, kind, code, value)
    SELECT %(source)s, amount, grain, start, kind, code, value FROM fresh
        ON CONFLICT (source, amount, grain, kind, start, code)
        DO UPDATE SET value = excluded.value WHERE f.value <> excluded.value
), gone AS (
    DELETE FROM statistics_fact f
     WHERE f.source = %(source)s
       AND ((f.grain = 'day' AND f.start IN (SELECT day FROM touched))
            OR (f.grain = 'month' AND f.start IN (SELECT month FROM months)))
       AND NOT EXISTS (SELECT FROM fresh n
                        WHERE n.amount = f.amount AND n.grain = f.grain AND n.start = f.start
                          AND n.kind = f.kind AND n.code = f.code)
), marked AS (
    INSERT INTO statistics_daymark (source, day, digest)
    SELECT %(source)s, day, digest FROM marks JOIN touched USING (day)
        ON CONFLICT (source, day) DO UPDATE SET digest = excluded.digest
), unmarked AS (
    DELETE FROM statistics_daymark d
     WHERE d.source = %(source)s AND d.day IN (SELECT day FROM touched)
       AND NOT EXISTS (SELECT FROM marks m WHERE m.day = d.day)
)
SELECT count(*) FROM touched
"""


def facts_refresh(*, today: dt.date | None = None, everything: bool = False) -> int:
    """Count the days of the current region whose records have changed; returns how many.

    Looks at the present month and the ``LATE`` before it, or at ``everything``.
    """
    first = EVER
    if not everything:
        first = (today or timezone.localdate()).replace(day=1)
        for _month in range(LATE):
            first = (first - dt.timedelta(days=1)).replace(day=1)
    return sum(_refresh(source, first) for source in SOURCES)


def facts_recount() -> None:
    """Forget all facts of the current region and count them anew: they are the same."""
    with transaction.atomic():
        _lock()
        DayMark.objects.all().delete()
        Fact.objects.all().delete()
        facts_refresh(everything=True)


def _refresh(source: Source, first: dt.date) -> int:
    fresh = _PEOPLE if source.kind == Kind.SEEN else _SUMS
    with transaction.atomic(), connection.cursor() as cursor:
        _lock()
        cursor.execute(
            _REFRESH.format(rows=fact_rows(source), fresh=fresh),
            {
                "source": source.name,
                "amounts": list(source.carries),
                "first": first,
                "zone": timezone.get_current_timezone_name(),
            },
        )
        return int(cursor.fetchone()[0])


def _lock() -> None:
    """One refresh of a region at a time: a later one sees what the one before has written."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [current_tenant().pk])

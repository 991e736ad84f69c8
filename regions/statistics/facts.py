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
from regions.statistics.records import day_people, day_sums, month_communities
from tenants.context import current_tenant

EVER: Final = dt.date(1970, 1, 1)
LATE: Final = 1
"""Months that every refresh looks at beside the present one; older ones, once a week."""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('regions.statistics.facts'), %s)"

_SUMS: Final = """
s AS MATERIALIZED ({rows}),
marks AS MATERIALIZED (
    SELECT day, sum(hashtextextended(concat_ws('|', kind, code, amounts), 0)::numeric) AS digest
      FROM s GROUP BY day
)"""
_SUMS_FRESH: Final = """
SELECT n.amount, 'day' AS grain, s.day AS start, s.kind, s.code, s.amounts[n.place] AS value
  FROM s JOIN touched USING (day)
 CROSS JOIN unnest(%(amounts)s::text[]) WITH ORDINALITY AS n (amount, place)
 WHERE s.amounts[n.place] <> 0
"""
# Who it was, and in which communities, is part of the digest: as many others make other months.
_PEOPLE: Final = """
r AS MATERIALIZED ({rows}),
s AS MATERIALIZED (
    SELECT day, code, count(*) AS people, bit_xor(hashint8extended(person, belongs)) AS who
      FROM r GROUP BY day, code
), marks AS MATERIALIZED (
    SELECT day, sum(hashtextextended(concat_ws('|', code, people, who), 0)::numeric) AS digest
      FROM s GROUP BY day
)"""
_PEOPLE_FRESH: Final = """
WITH d AS MATERIALIZED (
    SELECT DISTINCT date_trunc('month', day)::date AS month, code, person FROM r
     WHERE date_trunc('month', day)::date IN (SELECT month FROM months)
), m AS (
    SELECT month, kind, code, count(*) AS people
      FROM (SELECT month, 'municipality' AS kind, code, person FROM d {communities}) p
     GROUP BY month, kind, code
)
SELECT n.amount, 'day' AS grain, s.day AS start, 'municipality' AS kind, s.code, s.people AS value
  FROM s JOIN touched USING (day) CROSS JOIN unnest(%(amounts)s::text[]) AS n (amount)
 UNION ALL
SELECT n.amount, 'month', m.month, m.kind, m.code, m.people
  FROM m CROSS JOIN unnest(%(amounts)s::text[]) AS n (amount)
"""
_REFRESH: Final = """
WITH {marks}, touched AS MATERIALIZED (
    SELECT day
      FROM marks m
      FULL JOIN (SELECT day, digest FROM statistics_daymark
                  WHERE source = %(source)s AND day >= %(first)s) o USING (day)
     WHERE m.digest IS DISTINCT FROM o.digest
), months AS MATERIALIZED (
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
    if source.kind == Kind.SEEN:
        marks = _PEOPLE.format(rows=day_people(source))
        fresh = _PEOPLE_FRESH.format(communities=month_communities(source))
    else:
        marks, fresh = _SUMS.format(rows=day_sums(source)), _SUMS_FRESH
    with transaction.atomic(), connection.cursor() as cursor:
        _lock()
        cursor.execute(
            _REFRESH.format(marks=marks, fresh=fresh),
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

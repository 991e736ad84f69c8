"""The records of a source, brought to one shape, as SQL: what facts and releases are made of.

Shape: ``day, area, hour, class, people bigint[], amounts bigint[]``; for stocks ``day`` is not
there: they are asked for at one day.
"""

from __future__ import annotations

from typing import Final

from regions.statistics.catalogue import BELONGINGS, Kind, Source

_CLASS: Final = """
CASE WHEN metres < 10000 THEN '0-10' WHEN metres < 20000 THEN '10-20' WHEN metres < 30000 THEN
'20-30' WHEN metres < 40000 THEN '30-40' WHEN metres < 50000 THEN '40-50' ELSE '50+' END
"""
BREAKDOWNS: Final = {
    "municipality": "area",
    "day": "day::text",
    "distance": "class",
    "hour": "lpad(hour::text, 2, '0')",
}
"""What a month is cut by → the column that says so; all but the first for ``Kind.DONE`` only."""


def month_records(source: Source) -> str:
    """Return the records from ``%(first)s`` to ``%(last)s``; of stocks, those there at the end."""
    records = source.records()
    if source.kind == Kind.DONE:
        return f"""
SELECT day, area, hour, {_CLASS} AS class, people, amounts
  FROM ({records}) r WHERE day BETWEEN %(first)s AND %(last)s
"""
    if source.kind == Kind.SEEN:
        return f"""
SELECT min(day) AS day, area, 0 AS hour, '' AS class, ARRAY[person] AS people,
       ARRAY[1]::bigint[] AS amounts
  FROM ({records}) r WHERE day BETWEEN %(first)s AND %(last)s GROUP BY person, area
"""
    return f"""
SELECT %(last)s::date AS day, area, 0 AS hour, '' AS class, array_agg(DISTINCT person) AS people,
       ARRAY[1]::bigint[] AS amounts
  FROM ({records}) r WHERE since <= %(last)s AND (until IS NULL OR until >= %(last)s)
 GROUP BY thing, area
"""


def belongings() -> str:
    """Return who is in which community, as one SELECT; nobody when no app says so."""
    parts = " UNION ALL ".join(f"({one.records})" for one in BELONGINGS)
    nobody = (
        "SELECT NULL::text AS community, NULL::text AS label, NULL::bigint AS person, "
        "NULL::date AS since WHERE false"
    )
    return parts or nobody


def month_leaves(source: Source) -> str:
    """Return one statement over what lies in ``%(codes)s``: leaves, amounts, each person's share.

    One row for each breakdown and leaf: ``cut, leaf, label, amounts, people, shares``. One
    statement is one snapshot: what is cut by area and by day is the same month.
    """
    done = source.kind == Kind.DONE
    names = source.carries
    # Of stocks and people each person's share is how many of the things are about them.
    share = [f"sum(amounts[{n}])" for n in range(1, len(names) + 1)] if done else ["count(*)"]
    total = ", ".join(f"sum(amounts[{n}])" for n in range(1, len(names) + 1))
    cuts = BREAKDOWNS if done else {"municipality": BREAKDOWNS["municipality"]}
    leaves = " UNION ALL ".join(
        f"SELECT '{cut}' AS cut, {column} AS leaf, '' AS label, people, amounts FROM r"
        for cut, column in cuts.items()
    )
    if source.communities:
        leaves += f"""
 UNION ALL
SELECT 'community', b.community, b.label, ARRAY[p.person], r.amounts
  FROM r CROSS JOIN LATERAL unnest(r.people) AS p (person)
  JOIN ({belongings()}) b ON b.person = p.person AND b.since <= %(last)s
"""
    return f"""
WITH r AS MATERIALIZED (
    SELECT q.* FROM ({month_records(source)}) q WHERE q.area = ANY (%(codes)s)
),
leaves AS MATERIALIZED ({leaves}),
totals AS (
    SELECT cut, leaf, max(label) AS label, ARRAY[{total}]::bigint[] AS amounts
      FROM leaves GROUP BY cut, leaf
), shares AS (
    SELECT cut, leaf, p.person, ARRAY[{", ".join(share)}]::bigint[] AS share
      FROM leaves CROSS JOIN LATERAL
           (SELECT DISTINCT unnest(people) AS person) p
     GROUP BY cut, leaf, p.person
), people AS (
    SELECT cut, leaf, array_agg(person ORDER BY person) AS people,
           array_agg(share ORDER BY person) AS shares
      FROM shares GROUP BY cut, leaf
)
SELECT t.cut, t.leaf, t.label, t.amounts, p.people, p.shares
  FROM totals t JOIN people p USING (cut, leaf)
"""


def fact_rows(source: Source) -> str:
    """Return what the facts of ``%(first)s`` and later are made of, as one SELECT.

    Columns: ``day, kind, code, person, amounts bigint[]``. Of stocks, what comes (1) and what goes
    (-1) on a day; of people seen, one row for each person and day.
    """
    records = source.records()
    if source.kind == Kind.DONE:
        parts = [
            f"SELECT day, '{cut}' AS kind, {column} AS code, 0::bigint AS person, amounts FROM r"
            for cut, column in BREAKDOWNS.items()
            if cut != "day"
        ]
        return f"""
WITH r AS MATERIALIZED (
    SELECT day, area, hour, {_CLASS} AS class, amounts FROM ({records}) q WHERE day >= %(first)s
)
{" UNION ALL ".join(parts)}
"""
    if source.kind == Kind.SEEN:
        people = f"SELECT day, area, person FROM ({records}) q WHERE day >= %(first)s"
        found = f"""
SELECT day, 'municipality' AS kind, area AS code, person, ARRAY[1]::bigint[] AS amounts
  FROM ({people}) r
"""
        if source.communities:
            found += f"""
 UNION ALL
SELECT r.day, 'community', b.community, r.person, ARRAY[1]::bigint[]
  FROM ({people}) r JOIN ({belongings()}) b ON b.person = r.person AND b.since <= r.day
"""
        return found
    things = f"""
SELECT 'municipality' AS kind, area AS code, since, until
  FROM (SELECT DISTINCT thing, area, since, until FROM ({records}) q) r
"""
    if source.communities:
        things += f"""
 UNION ALL
SELECT 'community', b.community, greatest(r.since, b.since), r.until
  FROM ({records}) r JOIN ({belongings()}) b ON b.person = r.person
 WHERE r.until IS NULL OR r.until >= b.since
"""
    return f"""
SELECT c.day, t.kind, t.code, 0::bigint AS person, ARRAY[c.change]::bigint[] AS amounts
  FROM ({things}) t
 CROSS JOIN LATERAL (VALUES (t.since, 1), (t.until + 1, -1)) AS c (day, change)
 WHERE c.day >= %(first)s AND (t.until IS NULL OR t.until >= t.since)
"""

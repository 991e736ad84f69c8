"""The records of a source, brought to one shape, as SQL: what facts and releases are made of."""

from __future__ import annotations

from typing import Final

from regions.statistics.catalogue import BELONGINGS, Kind, Source

_CLASS: Final = """
CASE WHEN metres < 10000 THEN '0-10' WHEN metres < 20000 THEN '10-20'
     WHEN metres < 30000 THEN '20-30' WHEN metres < 40000 THEN '30-40'
     WHEN metres < 50000 THEN '40-50' ELSE '50+' END
"""
CUTS: Final = {
    "municipality": "area",
    "day": "day::text",
    "distance": "class",
    "hour": "lpad(hour::text, 2, '0')",
}
"""What a month is cut by → the column that says so; all but the first for ``Kind.DONE`` only."""
NAMED: Final = 12
"""Of larger leaves it is enough to know how many people there are, and the most that one has."""


def belongings() -> str:
    """Return who is in which community, as one SELECT; nobody when no app says so."""
    parts = " UNION ALL ".join(f"({one.records})" for one in BELONGINGS)
    nobody = (
        "SELECT NULL::text AS community, NULL::text AS label, NULL::bigint AS person, "
        "NULL::date AS since WHERE false"
    )
    return parts or nobody


def month_leaves(source: Source) -> str:
    """Return one statement over what lies in ``%(codes)s``: what is known of each leaf of a month.

    One row for each cut and leaf: ``cut, leaf, label, amounts, base, count, tops, people, shares``;
    the last two are null for more than ``NAMED`` people. Cuts are those of ``CUTS``; of people,
    also ``community``, and ``others``: its members who were not seen. One statement is one
    snapshot: what is cut by area and by day is the same month.
    """
    count = len(source.carries)
    if source.kind == Kind.DONE:
        tables = _done_leaves(source)
    else:
        tables, count = _people_leaves(source), 1
    tops = ", ".join(f"max(share[{n}])" for n in range(1, count + 1))
    base_of = "amounts" if source.kind == Kind.DONE else "base"
    base = ", ".join(f"sum(share[{n}])" for n in range(1, count + 1))
    # Nothing is joined: of tables made on the way PostgreSQL knows no size, and would go through
    # one for each row of the other.
    return f"""
WITH {tables}, known AS (
    SELECT cut, leaf, count(*) FILTER (WHERE person <> 0) AS people,
           ARRAY[{tops}]::bigint[] AS tops, ARRAY[{base}]::bigint[] AS base,
           array_agg(person) AS named, array_agg(share) AS shares
      FROM shares GROUP BY cut, leaf
), both_sides AS (
    SELECT cut, leaf, label, amounts, NULL::bigint[] AS base, NULL::bigint AS people,
           NULL::bigint[] AS tops, NULL::bigint[] AS named, NULL::bigint[] AS shares
      FROM totals
     UNION ALL
    SELECT cut, leaf, NULL, NULL, base, people, tops, few.named, few.shares
      FROM known LEFT JOIN LATERAL (
        SELECT named, shares
         WHERE people <= {NAMED} AND cut NOT IN ('community', 'others')) few ON true
)
SELECT cut, leaf, max(label), max(amounts), max({base_of}), max(people), max(tops), max(named),
       max(shares)
  FROM both_sides GROUP BY cut, leaf
"""


def _done_leaves(source: Source) -> str:
    """Tables ``totals`` and ``shares`` of what happened in a month."""
    names = [f"a{n}" for n in range(1, len(source.carries) + 1)]
    columns = ", ".join(f"amounts[{n}] AS {name}" for n, name in enumerate(names, 1))
    sums = f"ARRAY[{', '.join(f'sum({name})' for name in names)}]::bigint[]"
    totals = " UNION ALL ".join(
        f"SELECT '{cut}' AS cut, {cut} AS leaf, '' AS label, {sums} AS amounts FROM r GROUP BY 2"
        for cut in CUTS
    )
    shares = " UNION ALL ".join(
        f"SELECT '{cut}' AS cut, {cut} AS leaf, person, {sums} AS share FROM e GROUP BY 2, 3"
        for cut in CUTS
    )
    cuts = ", ".join(f"{column} AS {cut}" for cut, column in CUTS.items())
    return f"""
r AS MATERIALIZED (
    SELECT {cuts}, people, {columns}
      FROM (SELECT q.*, {_CLASS} AS class FROM ({source.records()}) q) q
     WHERE q.day BETWEEN %(first)s AND %(last)s AND area = ANY (%(codes)s)
), e AS MATERIALIZED (
    SELECT {", ".join([*CUTS, *names])}, p.person FROM r, unnest(people) AS p (person)
), totals AS ({totals}), shares AS MATERIALIZED ({shares})
"""


def _people_leaves(source: Source) -> str:
    """The same of people seen in a month, and of what there is at its end."""
    if source.kind == Kind.SEEN:
        here = f"""
SELECT DISTINCT area, person AS thing, person FROM ({source.records()}) q
 WHERE day BETWEEN %(first)s AND %(last)s AND area = ANY (%(codes)s)
"""
    else:
        here = f"""
SELECT area, thing, person FROM ({source.records()}) q
 WHERE since <= %(last)s AND (until IS NULL OR until >= %(last)s) AND area = ANY (%(codes)s)
"""
    totals = """
SELECT 'municipality' AS cut, area AS leaf, '' AS label, ARRAY[count(*)]::bigint[] AS amounts
  FROM (SELECT DISTINCT area, thing FROM r) d GROUP BY 2
"""
    shares = """
SELECT 'municipality' AS cut, area AS leaf, person, ARRAY[count(*)]::bigint[] AS share
  FROM r GROUP BY 2, 3
"""
    tables = f"r AS MATERIALIZED ({here})"
    if source.communities:
        tables += f""", b AS MATERIALIZED (
    SELECT b.community, b.label, b.person FROM ({belongings()}) b JOIN r ON r.person = b.person
     WHERE b.since <= %(last)s
)"""
        totals += """
 UNION ALL
SELECT 'community', community, max(label), ARRAY[count(*)]::bigint[] FROM b GROUP BY 2
"""
        shares += " UNION ALL SELECT 'community', community, person, '{1}'::bigint[] FROM b"
        if source.kind == Kind.SEEN:
            # Members are counted on pages: who was not seen among them must not be few either.
            tables += f""", o AS MATERIALIZED (
    SELECT b.community, b.person FROM ({belongings()}) b
      JOIN accounts_account a ON a.id = b.person AND a.is_active
     WHERE b.since <= %(last)s AND NOT EXISTS (SELECT FROM r WHERE r.person = b.person)
)"""
            totals += """
 UNION ALL
SELECT 'others', community, '', ARRAY[count(*)]::bigint[] FROM o GROUP BY 2
"""
            shares += " UNION ALL SELECT 'others', community, person, '{1}'::bigint[] FROM o"
    return f"{tables}, totals AS ({totals}), shares AS MATERIALIZED ({shares})"


def day_sums(source: Source) -> str:
    """Return figures of days from ``%(first)s`` on: ``day, kind, code, amounts bigint[]``.

    Of ``DONE`` and ``HELD`` sources; of the latter, what comes less what goes.
    """
    records = source.records()
    if source.kind == Kind.DONE:
        numbers = range(1, len(source.carries) + 1)
        sums = f"ARRAY[{', '.join(f'sum(amounts[{n}])' for n in numbers)}]::bigint[]"
        parts = " UNION ALL ".join(
            f"SELECT day, '{cut}' AS kind, {column} AS code, {sums} AS amounts FROM r GROUP BY 1, 3"
            for cut, column in CUTS.items()
            if cut != "day"
        )
        return f"""
WITH r AS MATERIALIZED (
    SELECT day, area, hour, {_CLASS} AS class, amounts FROM ({records}) q WHERE day >= %(first)s
) {parts}
"""
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
SELECT c.day, t.kind, t.code, ARRAY[sum(c.change)]::bigint[] AS amounts
  FROM ({things}) t
 CROSS JOIN LATERAL (VALUES (t.since, 1), (t.until + 1, -1)) AS c (day, change)
 WHERE c.day >= %(first)s AND (t.until IS NULL OR t.until >= t.since)
 GROUP BY 1, 2, 3
"""


def day_people(source: Source) -> str:
    """Return who was seen from ``%(first)s`` on: ``day, code, person, belongs``, each once.

    ``code`` is of the municipality; ``belongs`` changes with the person's communities.
    """
    records = f"SELECT day, area AS code, person FROM ({source.records()}) q WHERE day >= %(first)s"
    if not source.communities:
        return f"SELECT *, 0::bigint AS belongs FROM ({records}) p"
    return f"""
SELECT p.day, p.code, p.person, coalesce(b.belongs, 0) AS belongs
  FROM ({records}) p LEFT JOIN (
    SELECT person, bit_xor(hashtextextended(concat_ws('|', community, since), 0)) AS belongs
      FROM ({belongings()}) c GROUP BY person) b USING (person)
"""


def month_communities(source: Source) -> str:
    """Return the months' people once more by community: ``month, kind, code, person`` of ``d``."""
    if not source.communities:
        return ""
    return f"""
 UNION ALL
SELECT d.month, 'community', b.community, d.person
  FROM d JOIN ({belongings()}) b ON b.person = d.person
   AND b.since < d.month + interval '1 month'
"""

"""What a search over many regions' adverts costs."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

from tests.bench.figures import Figure, Options, at_least, at_most, bench

ROWS = 100_000
REGIONS = (20, 100)
QUESTIONS = 60


@bench("federation")
def federation(options: Options) -> Iterator[Figure]:
    """The pool's answer over 20 and 100 regions, beside one table and beside a table each."""
    from django.db import connections

    from regions.agreements.models import Agreement, Party
    from rides.search.candidates import candidates
    from rides.search.partners import partner_rows
    from rides.search.queries import wish_of
    from tenants.context import platform_scope, tenant_scope
    from tenants.models import Tenant
    from tests.bench import matching_data as data
    from tests.factories import provision

    reader = provision("bench", regions=["53", "52"])
    with tenant_scope(reader):
        world = data.write(options.rows or ROWS)
        questions = [_question(draw, world) for draw in map(random.Random, range(QUESTIONS))]
    owner = connections["owner"]
    with platform_scope(reason="the bench's regions, without schemas: nothing reads them"):
        partners = Tenant.objects.bulk_create(
            Tenant(slug=f"banc-{n}", schema_name=f"t_banc_{n}", name=f"B{n}", state="live")
            for n in range(max(REGIONS))
        )
        agreement = Agreement.objects.create(
            title="Banc",
            purpose="Mesurer.",
            pools=["adverts"],
            fields=["contribution"],
            state="in_force",
            starts_on=dt.date(2026, 1, 1),
        )
        Party.objects.bulk_create(
            Party(agreement=agreement, tenant_id=one.pk, signed_version=1)
            for one in (reader, *partners)
        )
    for regions in REGIONS:
        with owner.cursor() as cursor:
            _spread(cursor, reader.schema_name, [one.pk for one in partners[:regions]])
        with tenant_scope(reader):
            now = dt.datetime.now(dt.UTC)
            asked = [(query, wish_of(query, now)) for query in questions]
            pooled, alone, each = _interleaved(
                [lambda a=a: partner_rows(*a, a[0].radius) for a in asked],
                [lambda a=a: candidates(*a, a[0].radius) for a in asked],
                [lambda a=a, n=regions: _union(owner, a, n) for a in asked],
            )
        yield at_most(
            f"{regions} regions / one table of as many rows", ours=pooled, theirs=alone, times=1.5
        )
        yield at_least(
            f"{regions} regions / UNION ALL of a table each",
            ours=pooled,
            theirs=each,
            times=4 if regions == 20 else 15,
        )


def _question(draw: random.Random, world: Any) -> Any:
    """A weekly trip along one of the bench's routes, in the morning."""
    from rides.search.inputs import SearchQuery

    line = draw.choice(world.pairs).line
    return SearchQuery(
        origin=line[0],
        destination=line[-1],
        zone="Europe/Paris",
        weekdays=frozenset({0}),
        at=dt.time(7, 40),
    )


def _spread(cursor: Any, schema: str, partners: list[int]) -> None:
    """Copy the region's adverts to the pool, as if they were the partners', and to a table each."""
    cursor.execute("TRUNCATE pool_pooledadvert")
    cursor.execute(
        f"""
        INSERT INTO pool_pooledadvert (tenant_id, advert, alias, role, kind, seats, zone,
            origin_code, destination_code, departments, line, keys, week, plane_x, plane_y,
            plane_z, date, time, return_date, return_time, valid_from, valid_until,
            school_holidays, public_holidays, cents_per_km, wheelchair, exceptions)
        SELECT (%s::bigint[])[1 + id %% %s], public_id, 'banc', role, kind, seats, zone,
            origin_code, destination_code, '{{35}}', line, keys, week, plane_x, plane_y,
            plane_z, date, time, return_date, return_time, valid_from, valid_until,
            school_holidays, public_holidays, cents_per_km, wheelchair, '{{}}'
          FROM {schema}.adverts_advert
        """,
        [partners, len(partners)],
    )
    for number, partner in enumerate(partners):
        cursor.execute(f"DROP TABLE IF EXISTS bench_{number}")
        cursor.execute(
            f"CREATE TABLE bench_{number} AS SELECT * FROM pool_pooledadvert WHERE tenant_id = %s",
            [partner],
        )
        cursor.execute(f"CREATE INDEX ON bench_{number} USING gin (keys) WITH (fastupdate = off)")
        cursor.execute(f"ANALYZE bench_{number}")
    cursor.execute("VACUUM ANALYZE pool_pooledadvert")
    cursor.execute("SET enable_seqscan = off")  # else small tables are read whole, ten times slower


def _union(owner: Any, asked: Any, regions: int) -> list[Any]:
    """The same question, asked of a table for each region: prepared, bound once."""
    from psycopg import Cursor

    from rides.search.candidates import keys_for

    query, wish = asked
    here, there = keys_for(query, wish, query.radius)
    one = (
        "SELECT id, line, week FROM bench_{} WHERE keys && %(here)s::bigint[] "
        "AND keys && %(there)s::bigint[] AND role IN ('driver', 'either') AND seats >= 1"
    )
    owner.ensure_connection()
    cursor = Cursor(owner.connection)
    cursor.execute(
        " UNION ALL ".join(one.format(n) for n in range(regions)),
        {"here": here, "there": there},
        prepare=True,
    )
    rows: list[Any] = cursor.fetchall()
    return rows


def _interleaved(*sides: list[Callable[[], Any]]) -> list[float]:
    """Median milliseconds of each side, question by question, the least of twelve rounds.

    Every order twice: what comes after a hundred tables finds no memory warm, whichever it is.
    """
    least = [[float("inf")] * len(side) for side in sides]
    for turn in 2 * list(permutations(enumerate(sides))):
        for number in range(len(sides[0])):
            for side, calls in turn:
                began = time.perf_counter()
                calls[number]()
                taken = (time.perf_counter() - began) * 1000
                least[side][number] = min(least[side][number], taken)
    return [statistics.median(side) for side in least]

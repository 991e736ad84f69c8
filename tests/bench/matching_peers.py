"""What else could answer in SQL, on the same rows; and a writer that does not stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, connections

from deploy.processes import follow_parent
from tenants.context import current_tenant
from tests.bench.matching_data import Question, World

RADIUS = 2_000.0


class Incumbent:
    """The pre-filter of the platform that regions have today, as its facts are known.

    Every advert of the right role and day is read; proximity is a distance to the line in planar
    degrees, scaled by the driver's own distance; times are windows that clamp at midnight. Indexes
    are those that help: on days.
    """

    STATEMENT = """
        SELECT id FROM bench_incumbent
         WHERE role <> 'passenger'
           AND (day = %(day)s OR day IS NULL AND weekdays & %(weekday)s > 0
                AND valid_from <= %(day)s AND valid_until >= %(day)s)
           AND leaves BETWEEN %(at)s - interval '1 hour' AND %(at)s + interval '1 hour'
           AND abs((lat2 - lat1) * (%(alon)s - lon1) - (lon2 - lon1) * (%(alat)s - lat1))
               / greatest(sqrt((lat2 - lat1) ^ 2 + (lon2 - lon1) ^ 2), 1e-9) < degrees
           AND abs((lat2 - lat1) * (%(blon)s - lon1) - (lon2 - lon1) * (%(blat)s - lat1))
               / greatest(sqrt((lat2 - lat1) ^ 2 + (lon2 - lon1) ^ 2), 1e-9) < degrees
           AND (lat2 - lat1) * (%(blat)s - %(alat)s) + (lon2 - lon1) * (%(blon)s - %(alon)s) > 0
    """

    def __init__(self) -> None:
        with _owner() as cursor:
            cursor.execute(
                "CREATE TABLE bench_incumbent AS SELECT id, role, date AS day, valid_from,"
                " valid_until, CASE WHEN date IS NULL THEN 31 ELSE 0 END AS weekdays,"
                " timestamp '2000-01-01' + coalesce(time, make_interval(secs => (week[1] / 2 % 86400))"
                "::time) AS leaves, origin_lat AS lat1, origin_lon AS lon1, destination_lat AS lat2,"
                " destination_lon AS lon2, sqrt((destination_lat - origin_lat) ^ 2"
                " + (destination_lon - origin_lon) ^ 2) * 0.05 + 0.02 AS degrees"
                " FROM adverts_advert"
            )
            cursor.execute("CREATE INDEX ON bench_incumbent (day)")
            cursor.execute("CREATE INDEX ON bench_incumbent (id)")
            cursor.execute("ANALYZE bench_incumbent")
            cursor.execute("GRANT SELECT ON bench_incumbent TO PUBLIC")

    def _asked(self, question: Question) -> dict[str, Any]:
        return {
            "day": question.day,
            "weekday": 1 << question.day.weekday(),
            "at": f"2000-01-01 {question.at}",
            "alat": question.start.lat,
            "alon": question.start.lon,
            "blat": question.end.lat,
            "blon": question.end.lon,
        }

    def ask(self, question: Question) -> list[Any]:
        """The candidates, which the router would then be asked about one by one."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement(), self._asked(question))
            return cursor.fetchall()

    def _statement(self) -> str:
        return self.STATEMENT.replace("%(at)s", "%(at)s::timestamp")

    def plan(self, question: Question) -> str:
        """How PostgreSQL does it."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (COSTS off) {self._statement()}", self._asked(question))
            return "the incumbent's pre-filter:\n" + "\n".join(
                r[0][:150] for r in cursor.fetchall()
            )


class PostGIS:
    """The same routes as lines under a GiST index, on a server that has PostGIS."""

    STATEMENT = """
        SELECT id FROM bench_lines
         WHERE ST_DWithin(line, ST_SetSRID(ST_MakePoint(%(alon)s, %(alat)s), 4326)::geography, 2000)
           AND ST_DWithin(line, ST_SetSRID(ST_MakePoint(%(blon)s, %(blat)s), 4326)::geography, 2000)
           AND weekdays & %(weekday)s > 0 AND role <> 1
    """

    def __init__(self, url: str, world: World) -> None:
        import psycopg

        self._link = psycopg.connect(url, autocommit=True)
        self._world = world

    def __enter__(self) -> PostGIS:
        cursor = self._link.cursor()
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        cursor.execute("DROP TABLE IF EXISTS bench_lines")
        cursor.execute(
            "CREATE TABLE bench_lines (id int PRIMARY KEY, role int, weekdays int, line geography)"
        )
        with cursor.copy("COPY bench_lines FROM STDIN") as copy:
            for number, pair in enumerate(self._world.pair_of):
                points = ", ".join(f"{p.lon} {p.lat}" for p in self._world.pairs[pair].line)
                role = self._world.facts[number][0]
                copy.write(f"{number}\t{role}\t31\tSRID=4326;LINESTRING({points})\n")
        cursor.execute("CREATE INDEX ON bench_lines USING gist (line)")
        cursor.execute("VACUUM ANALYZE bench_lines")
        return self

    def __exit__(self, *problem: object) -> None:
        self._link.execute("DROP TABLE bench_lines")
        self._link.close()

    def _asked(self, question: Question) -> dict[str, Any]:
        return {
            "weekday": 1 << question.day.weekday(),
            "alat": question.start.lat,
            "alon": question.start.lon,
            "blat": question.end.lat,
            "blon": question.end.lon,
        }

    def ask(self, question: Question) -> list[Any]:
        """The adverts whose line passes near both ends."""
        return self._link.execute(self.STATEMENT, self._asked(question)).fetchall()

    def plan(self, question: Question) -> str:
        """How PostgreSQL does it."""
        rows = self._link.execute(f"EXPLAIN {self.STATEMENT}", self._asked(question)).fetchall()
        return "PostGIS:\n" + "\n".join(row[0][:150] for row in rows)


@contextlib.contextmanager
def _owner() -> Iterator[Any]:
    """A cursor of the owner in the region's schema."""
    raw = connections["owner"]
    raw.ensure_connection()
    with raw.connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {current_tenant().schema_name}, public")
        yield cursor
    raw.close()


@contextlib.contextmanager
def written_while(per_second: int) -> Iterator[None]:
    """Adverts written meanwhile, in another process: copies of those there are, ten at a time."""
    url = os.environ["DATABASE_OWNER_URL"].rsplit("/", 1)[0]
    database = connection.settings_dict["NAME"]
    writer = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.bench.writer", f"{url}/{database}"),
            *(current_tenant().schema_name, str(per_second)),
        ],
        stdout=subprocess.PIPE,
        preexec_fn=follow_parent(signal.SIGTERM),
    )
    try:
        assert writer.stdout is not None
        writer.stdout.readline()  # it has begun
        time.sleep(0.5)
        yield
    finally:
        writer.terminate()
        writer.wait(10)

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

    Its shape: a proposal, its criteria, its two way points and their addresses are rows of their
    own. Every proposal of the right role and day is read and joined; proximity is a distance to
    the line in planar degrees, scaled by the driver's own distance; times are windows that clamp at
    midnight. Indexes are those that help: keys, and days.
    """

    STATEMENT = """
        SELECT p.id
          FROM bench_proposal p
          JOIN bench_criteria c ON c.proposal_id = p.id
          JOIN bench_waypoint w1 ON w1.proposal_id = p.id AND w1.position = 0
          JOIN bench_address a1 ON a1.id = w1.address_id
          JOIN bench_waypoint w2 ON w2.proposal_id = p.id AND w2.position = 1
          JOIN bench_address a2 ON a2.id = w2.address_id
         WHERE c.driver
           AND (c.from_date = %(day)s OR c.weekdays & %(weekday)s > 0
                AND c.from_date <= %(day)s AND c.to_date >= %(day)s)
           AND c.min_time <= %(at)s::time + interval '1 hour'
           AND c.max_time >= %(at)s::time - interval '1 hour'
           AND abs((a2.lat - a1.lat) * (%(alon)s - a1.lon) - (a2.lon - a1.lon)
                   * (%(alat)s - a1.lat)) / greatest(c.degrees, 1e-9) < c.degrees * 0.05 + 0.005
           AND abs((a2.lat - a1.lat) * (%(blon)s - a1.lon) - (a2.lon - a1.lon)
                   * (%(blat)s - a1.lat)) / greatest(c.degrees, 1e-9) < c.degrees * 0.05 + 0.005
           AND (a2.lat - a1.lat) * (%(blat)s - %(alat)s)
               + (a2.lon - a1.lon) * (%(blon)s - %(alon)s) > 0
    """
    TABLES = """
        CREATE TABLE bench_proposal AS SELECT id, author_id, created_at FROM adverts_advert;
        CREATE TABLE bench_criteria AS SELECT id AS proposal_id, role <> 'passenger' AS driver,
            coalesce(date, valid_from) AS from_date, coalesce(date, valid_until) AS to_date,
            CASE WHEN date IS NULL THEN 31 ELSE 0 END AS weekdays,
            greatest(at - interval '15 minutes', interval '0')::time AS min_time,
            least(at + interval '15 minutes', interval '23:59')::time AS max_time, seats,
            sqrt((destination_lat - origin_lat) ^ 2 + (destination_lon - origin_lon) ^ 2) AS degrees
          FROM adverts_advert, LATERAL (SELECT coalesce(
            time::interval, make_interval(secs => week[1] / 2 % 86400)) AS at) AS clock;
        CREATE TABLE bench_address AS
            SELECT 2 * id AS id, origin_lat AS lat, origin_lon AS lon, origin_label AS label
              FROM adverts_advert
            UNION ALL SELECT 2 * id + 1, destination_lat, destination_lon, destination_label
              FROM adverts_advert;
        CREATE TABLE bench_waypoint AS
            SELECT id / 2 AS proposal_id, id AS address_id, (id % 2)::int AS position
              FROM bench_address;
        CREATE INDEX ON bench_proposal (id);
        CREATE INDEX ON bench_criteria (proposal_id);
        CREATE INDEX ON bench_criteria (from_date, to_date);
        CREATE INDEX ON bench_address (id);
        CREATE INDEX ON bench_waypoint (proposal_id, position);
        ANALYZE bench_proposal, bench_criteria, bench_address, bench_waypoint;
        GRANT SELECT ON bench_proposal, bench_criteria, bench_address, bench_waypoint TO PUBLIC;
    """

    def __init__(self) -> None:
        with _owner() as cursor:
            for statement in self.TABLES.split(";"):
                if statement.strip():
                    cursor.execute(statement)

    def _asked(self, question: Question) -> dict[str, Any]:
        return {
            "day": question.day,
            "weekday": 1 << question.day.weekday(),
            "at": f"{question.at}",
            "alat": question.start.lat,
            "alon": question.start.lon,
            "blat": question.end.lat,
            "blon": question.end.lon,
        }

    def ask(self, question: Question) -> list[Any]:
        """The candidates, which the router would then be asked about one by one."""
        with connection.cursor() as cursor:
            cursor.execute(self.STATEMENT, self._asked(question))
            return cursor.fetchall()

    def plan(self, question: Question) -> str:
        """How PostgreSQL does it."""
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (COSTS off) {self.STATEMENT}", self._asked(question))
            lines = [row[0][:150] for row in cursor.fetchall()]
        return "\n".join(["the incumbent's pre-filter:", *lines])


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

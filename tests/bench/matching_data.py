"""Synthetic adverts over real towns: written by COPY, and kept as arrays for the other side."""

from __future__ import annotations

import datetime as dt
import math
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection, connections

from rides.adverts.indexing import week_pack
from rides.adverts.routes import route_columns
from rides.matching.geometry import Point, point_along
from rides.matching.keys import Leaving, driver_keys, passenger_keys, runs
from rides.matching.timing import DAY_S, instant

ZONE = "Europe/Paris"
PAIRS = 40_000
"""So many different routes; each is driven by several people at their own times."""
AUTHORS = 2_000
EPOCH = dt.date(1970, 1, 1).toordinal()
ROLES = ("driver", "passenger", "either")
COLUMNS = (
    "public_id, author_id, role, kind, status, seats, origin_code, origin_label, origin_lat, "
    "origin_lon, destination_code, destination_label, destination_lat, destination_lon, south, "
    "west, north, east, plane_x, plane_y, plane_z, line, keys, week, zone, date, time, valid_from, "
    "valid_until, comment, created_at"
)


@dataclass
class Town:
    """A municipality."""

    code: str
    name: str
    point: Point
    people: int


@dataclass
class Pair:
    """A route that several adverts share."""

    start: Town
    end: Town
    line: list[Point]
    columns: str
    cells: Any
    length: float


@dataclass
class Question:
    """A search: on a day, at a second of the day."""

    start: Point
    end: Point
    day: dt.date
    at: dt.time


@dataclass
class World:
    """What was written, as the other side holds it."""

    legs_from: list[int] = field(default_factory=lambda: [0])
    legs: list[Any] = field(default_factory=list)
    leaves_from: list[int] = field(default_factory=lambda: [0])
    leaves: list[tuple[int, int, int, int]] = field(default_factory=list)
    facts: list[tuple[int, int, int, int]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    pair_of: list[int] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    """Outward second of the day of each advert."""


def quiet_monday(today: dt.date) -> dt.date:
    """A Monday ahead around which no clock changes: the other side knows one offset only."""
    day = today + dt.timedelta(days=14 - today.weekday())
    while instant(day - dt.timedelta(3), dt.time(0), ZONE).hour != (
        instant(day + dt.timedelta(6), dt.time(0), ZONE).hour
    ):
        day += dt.timedelta(days=7)
    return day


def towns() -> list[Town]:
    """Metropolitan municipalities where people live."""
    from regions.territories.models import Municipality

    rows = Municipality.objects.filter(lat__gt=41, population__gt=0).order_by("code")
    return [
        Town(code, name, Point(lat, lon), people)
        for code, name, lat, lon, people in rows.values_list(
            "code", "name", "lat", "lon", "population"
        )
    ]


def routes(draw: random.Random, known: list[Town], count: int) -> Iterator[Pair]:
    """Routes between towns: from where people live, 18 km long in the middle, up to 600 km."""
    grid: dict[tuple[int, int], list[Town]] = {}
    for town in known:
        grid.setdefault(_square(town.point), []).append(town)
    weights = np.cumsum([town.people**0.8 for town in known]).tolist()
    while count:
        start = draw.choices(known, cum_weights=weights)[0]
        metres = min(600_000.0, max(3_000.0, draw.lognormvariate(math.log(18_000), 0.8)))
        end = _towards(draw, grid, start.point, metres)
        if end is None or end.code == start.code:
            continue
        first, last = _near(draw, start.point), _near(draw, end.point)
        line = [first, last]
        if draw.random() < 0.05:
            stop = _towards(draw, grid, point_along(first, last, metres / 2), 2_000.0)
            line = [first, stop.point, last] if stop else line
        crossed, length = runs(line)
        if length < 1_000:
            continue
        columns = route_columns(line[0], line[-1], line[1:-1])
        text = "\t".join(repr(columns[name]) for name in _BOX)
        degrees = ",".join(map(repr, columns["line"]))
        yield Pair(start, end, line, f"{text}\t{{{degrees}}}", crossed, length)
        count -= 1


_BOX = ("south", "west", "north", "east", "plane_x", "plane_y", "plane_z")


def _square(point: Point) -> tuple[int, int]:
    return math.floor(point.lat * 8), math.floor(point.lon * 6)


def _towards(
    draw: random.Random, grid: dict[tuple[int, int], list[Town]], start: Point, metres: float
) -> Town | None:
    """A town about ``metres`` away, larger ones more often."""
    turn = draw.random() * 2 * math.pi
    lat = start.lat + metres / 111_195 * math.cos(turn)
    lon = start.lon + metres / 111_195 / math.cos(math.radians(start.lat)) * math.sin(turn)
    found = grid.get(_square(Point(lat, lon)))
    return draw.choices(found, [town.people**0.5 for town in found])[0] if found else None


def _near(draw: random.Random, point: Point) -> Point:
    """The centre of a town, or a place of one's own within a kilometre or so."""
    if draw.random() < 0.6:
        return point
    return Point(
        round(point.lat + draw.gauss(0, 0.006), 5), round(point.lon + draw.gauss(0, 0.009), 5)
    )


def write(rows: int, seed: int = 1) -> World:
    """Write adverts in the current region by COPY, and return them as arrays.

    The index of keys is made anew afterwards, as a restore would.
    """
    from core.accounts.models import Account

    draw = random.Random(seed)
    world = World()
    known = towns()
    world.pairs = list(routes(draw, known, min(rows, PAIRS)))
    Account.objects.bulk_create(
        Account(email=f"bench{n}@example.org", first_name="Camille", last_name=f"Banc{n}")
        for n in range(AUTHORS)
    )
    authors = list(Account.objects.filter(email__startswith="bench").values_list("pk", flat=True))
    monday = quiet_monday(dt.date.today())
    statement = f"COPY adverts_advert ({COLUMNS}) FROM STDIN"
    with index_dropped(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        block = []
        for number in range(rows):
            block.append(_row(draw, world, authors[number % AUTHORS], monday))
            if len(block) == 2_000:
                copy.write("".join(block))
                block = []
        copy.write("".join(block))
    return world


def _row(draw: random.Random, world: World, author: int, monday: dt.date) -> str:
    number = draw.randrange(len(world.pairs))
    pair = world.pairs[number]
    role = draw.choices((0, 1, 2), (75, 15, 10))[0]
    seats = draw.choice((1, 2, 3, 3, 4))
    public_id = uuid.UUID(int=draw.getrandbits(128), version=4)
    out = _minute(draw, 450, 60) * 60
    back = max(out + 3600, _minute(draw, 1050, 70) * 60)
    first, last = monday - dt.timedelta(days=60), monday + dt.timedelta(days=200)
    if draw.random() < 0.8:
        days = sorted(draw.sample(range(5), draw.choice((3, 5, 5, 5))))
        leaving = [Leaving(False, out), Leaving(True, back)]
        slots = [(day, 0, out, 0) for day in days] + [(day, 0, back, 1) for day in days]
        week = [week_pack(day, clock(second), backwards=bool(b)) for day, _, second, b in slots]
        when = f"{{{','.join(map(str, sorted(week)))}}}\t{ZONE}\t\\N\t\\N\t{first}\t{last}"
        kind = "regular"
    else:
        day = monday + dt.timedelta(days=draw.randrange(-10, 50))
        leaving = [Leaving(False, out, day)]
        slots = [(-1, day.toordinal() - EPOCH, out, 0)]
        when = f"{{}}\t{ZONE}\t{day}\t{clock(out)}\t\\N\t\\N"
        kind = "one_off"
    keys: set[int] = set()
    if role != 1:
        keys |= driver_keys(pair.cells, pair.length, leaving)
    if role != 0:
        keys |= passenger_keys(pair.line, leaving)
    world.ids.append(public_id.int)
    world.pair_of.append(number)
    world.firsts.append(out)
    world.leaves += slots
    world.leaves_from.append(len(world.leaves))
    world.facts.append((role, seats, first.toordinal() - EPOCH, last.toordinal() - EPOCH))
    start, end = pair.line[0], pair.line[-1]
    return (
        f"{public_id}\t{author}\t{ROLES[role]}\t{kind}\tactive\t{seats}\t{pair.start.code}\t"
        f"{pair.start.name}\t{start.lat!r}\t{start.lon!r}\t{pair.end.code}\t{pair.end.name}\t"
        f"{end.lat!r}\t{end.lon!r}\t{pair.columns}\t{{{','.join(map(str, sorted(keys)))}}}\t{when}"
        f"\t\t2026-01-01 00:00:00+00\n"
    )


def _minute(draw: random.Random, middle: float, spread: float) -> int:
    return min(1_435, max(0, 5 * round(draw.gauss(middle, spread) / 5)))


def clock(second: int) -> dt.time:
    """A second of the day as a time."""
    return dt.time(second // 3600, second // 60 % 60, second % 60)


def index_dropped() -> Any:
    """The GIN index taken away, and made again at the end with statistics for the planner."""
    return _WithoutIndex()


class _WithoutIndex:
    def __enter__(self) -> None:
        with _owner() as cursor:
            cursor.execute("DROP INDEX advert_keys")

    def __exit__(self, *problem: object) -> None:
        with _owner() as cursor:
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(
                "CREATE INDEX advert_keys ON adverts_advert USING gin (keys)"
                " WITH (fastupdate = off)"
            )
            cursor.execute("VACUUM ANALYZE adverts_advert")


class _owner:
    """A cursor of the owner in the region's schema, outside any transaction."""

    def __enter__(self) -> Any:
        from tenants.context import current_tenant

        raw = connections["owner"]
        raw.ensure_connection()
        self._cursor = raw.connection.cursor()
        self._cursor.execute(f"SET search_path = {current_tenant().schema_name}, public")
        return self._cursor

    def __exit__(self, *problem: object) -> None:
        self._cursor.close()
        connections["owner"].close()


def questions(world: World, count: int, seed: int = 7) -> list[Question]:
    """Trips like those of the adverts: their ends or a part of the way, an hour around."""
    draw = random.Random(seed)
    monday = quiet_monday(dt.date.today())
    found = []
    while len(found) < count:
        number = draw.randrange(len(world.ids))
        if world.facts[number][0] == 1:
            continue
        pair = world.pairs[world.pair_of[number]]
        start, end = pair.line[0], pair.line[-1]
        if draw.random() < 0.4:
            start = point_along(start, end, pair.length * draw.uniform(0.1, 0.4))
            end = point_along(pair.line[0], end, pair.length * draw.uniform(0.6, 0.9))
        at = min(DAY_S - 300, world.firsts[number] + 300 * draw.randrange(-2, 6))
        day = monday + dt.timedelta(days=draw.randrange(5))
        found.append(Question(_near(draw, start), _near(draw, end), day, clock(at)))
    return found

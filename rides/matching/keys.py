"""Keys: where and when a ride passes, packed in integers that an index looks up.

A key says "this advert is in this cell in this half hour of the week's days", or "on this day".
Each is one non-negative 64-bit integer:

    kind (2 bits) << 41 | cell (28 bits) << 13 | day (7 bits) << 6 | half hour (6 bits)

- ``kind``: a driver's route passes (0), a passenger gets in (1), a passenger gets out (2).
- ``cell``: an H3 cell of resolution 7, its base cell and seven digits, about 2.4 km apart; or, at
  any time of the day only, its grandparent of resolution 5, for wide questions.
- ``day``: 0 for what happens every week, else 1 + the day's number modulo 127. Who reads a key
  checks the day on the advert.
- half hour: 0 … 47, or 48 (``ANY``) at any time of the day.

Clocks. What happens every week has its half hours in wall-clock time, ``departure + seconds
driven``, and ``ANY``. What happens once has ``ANY`` alone, on the local day on which it leaves: so
few rides of one day pass a cell that their times are not worth an index's while.

Guarantee. An advert that suits a question has a key in each of the question's two sets
(``near_keys``, ``along_keys``): the index answers a superset, and exact refinement decides. A place
of a route within ``radius`` of a point has a sample of the route at most half a step (250 m, 24 s)
from it, which lies in a cell whose centre is within ``CELL_REACH_M`` of the sample.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import h3.api.basic_int as h3
import numpy as np

from rides.matching.figures import (
    CELL_APART_M,
    CELL_REACH_M,
    COARSE_FROM_M,
    COARSE_REACH_M,
    EARTH_RADIUS_M,
    SLOWEST,
    STEP_M,
)
from rides.matching.geometry import Point, distance, unit, vectors
from rides.matching.timing import DAY_S, drive_seconds

RESOLUTION: Final = 7
COARSE: Final = 5
PASSES, GETS_IN, GETS_OUT = 0, 1, 2
HALF_HOUR_S: Final = 1800
HALF_HOURS: Final = 48
ANY: Final = 48
EVERY_WEEK: Final = 0
SLACK_S: Final = math.ceil(STEP_M / 2 / SLOWEST)
"""Seconds between a place of a route and its nearest sample, at most."""
MOST_KEYS: Final = 512
"""A question with more keys than this asks for whole days instead."""
_EPOCH: Final = date(1970, 1, 1).toordinal()


class Run(NamedTuple):
    """A stretch of a route within one cell: metres along the route of its first and last sample."""

    cell: int
    first: float
    last: float


class Leaving(NamedTuple):
    """A departure: every week (``day`` None), or once on a local day."""

    backwards: bool
    second: int
    """Wall-clock second of the day."""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When something should happen: intervals of seconds of the day, or any time; and on days."""

    weekly: tuple[tuple[float, float], ...] = ()
    """Wall-clock seconds of the day, perhaps below 0 or above a day: they wrap."""
    days: tuple[date, ...] = ()
    """Local days on which a ride that happens once leaves, at any time."""
    any_week: bool = True
    """Whether rides of every week count when the time does not."""

    def codes(self, shift: tuple[float, float] = (0.0, 0.0)) -> list[int]:
        """Days and half hours, packed, with both ends moved by ``shift`` seconds."""
        found: set[int] = set()
        for start, end in self.weekly:
            first, last = _half_hours(start + shift[0], end + shift[1])
            if last - first >= HALF_HOURS:
                found.add(_code(EVERY_WEEK, ANY))
            else:
                found |= {_code(EVERY_WEEK, n % HALF_HOURS) for n in range(first, last + 1)}
        if not self.weekly:
            return self.whole_days()
        return sorted(found | {_code(_day(day), ANY) for day in self.days})

    def any_time(self) -> Window:
        """The same days, whatever the time."""
        return Window(days=self.days, any_week=self.any_week)

    def whole_days(self) -> list[int]:
        """The codes of the days, whatever the time: a superset of ``codes``."""
        found = [_code(EVERY_WEEK, ANY)] if self.any_week else []
        return found + [_code(_day(day), ANY) for day in self.days]


def window(
    *,
    zone: str,
    margin_before: float,
    margin_after: float,
    wanted: datetime | None,
    second: float | None,
    days: Iterable[date] = (),
) -> Window:
    """The window of a question.

    ``wanted`` is the instant asked for on a day, ``second`` the wall-clock second of the day asked
    for every week, neither for any time. A weekly ride's clock runs on from its departure, so in
    the night when clocks change an instant stands for two times of the day, and both are asked for.
    """
    leaving = tuple(days)
    if wanted is not None:
        start, end = wanted.timestamp() - margin_before, wanted.timestamp() + margin_after
        clock = ZoneInfo(zone)
        offsets = {
            (datetime.fromtimestamp(moment, UTC).astimezone(clock).utcoffset() or timedelta())
            for moment in (start - DAY_S, end)
        }
        weekly = tuple(
            (start + offset.total_seconds(), end + offset.total_seconds())
            for offset in sorted(offsets)
        )
        return Window(weekly, leaving)
    if second is not None:
        return Window(((second - margin_before, second + margin_after),))
    return Window(days=leaving)


def _half_hours(start: float, end: float) -> tuple[int, int]:
    return math.floor(start / HALF_HOUR_S), math.floor(end / HALF_HOUR_S)


def _code(day: int, half_hour: int) -> int:
    return day << 6 | half_hour


def _day(day: date) -> int:
    return 1 + (day.toordinal() - _EPOCH) % 127


def _coarse(cell: int) -> int:
    parent: int = h3.cell_to_parent(cell, COARSE)
    return parent


def _place(kind: int, cell: int) -> int:
    return kind << 41 | (cell >> 24 & 0xFFFFFFF) << 13


# --- What an advert writes ------------------------------------------------------------------------
def samples(line: Sequence[Point]) -> tuple[list[tuple[float, float]], list[float]]:
    """Places of a route at most ``STEP_M`` apart, its corners included: degrees, metres along."""
    places: list[tuple[float, float]] = []
    along: list[float] = []
    before = 0.0
    for start, end in pairwise(line):
        length = distance(start, end)
        count = max(1, math.ceil(length / STEP_M))
        angle = length / EARTH_RADIUS_M
        if angle < 1e-9:
            continue
        share = np.arange(count + 1) / count
        ends = vectors(np.array([start, end], dtype=np.float64))
        x, y, z = (
            np.sin((1 - share) * angle)[:, None] * ends[0]
            + np.sin(share * angle)[:, None] * ends[1]
        ).T
        lat = np.degrees(np.arctan2(z, np.hypot(x, y)))
        lon = np.degrees(np.arctan2(y, x))
        places += zip(lat.tolist(), lon.tolist(), strict=True)
        along += (before + share * length).tolist()
        before += length
    if not places:
        places, along = [(line[0].lat, line[0].lon)], [0.0]
    return places, along


def runs(line: Sequence[Point]) -> tuple[list[Run], float]:
    """The cells that a route crosses, in order (a loop comes again), and its length in metres."""
    places, along = samples(line)
    found: list[Run] = []
    cell = 0
    for (lat, lon), metres in zip(places, along, strict=True):
        here = h3.latlng_to_cell(lat, lon, RESOLUTION)
        if found and here == cell:
            found[-1] = Run(cell, found[-1].first, metres)
        else:
            found.append(Run(here, metres, metres))
            cell = here
    return found, along[-1]


def driver_keys(crossed: Sequence[Run], length: float, leaving: Iterable[Leaving]) -> set[int]:
    """Where and when a driver passes, on every departure given."""
    drive = drive_seconds(length)
    pace = drive / length if length > 0 else 0.0
    places = [_place(PASSES, run.cell) for run in crossed]
    coarse = [_place(PASSES, cell) for cell in {_coarse(run.cell) for run in crossed}]
    found: set[int] = set()
    for backwards, second, day in leaving:
        whole = _whole(day)
        found.update([place | whole for place in places])
        found.update([place | whole for place in coarse])
        if day is not None:
            continue
        for run, place in zip(crossed, places, strict=True):
            if backwards:
                start, end = drive - run.last * pace, drive - run.first * pace
            else:
                start, end = run.first * pace, run.last * pace
            for number in range(
                int(second + start) // HALF_HOUR_S, int(second + end) // HALF_HOUR_S + 1
            ):
                found.add(place | _code(EVERY_WEEK, number % HALF_HOURS))
    return found


def passenger_keys(line: Sequence[Point], leaving: Iterable[Leaving]) -> set[int]:
    """Where and when a passenger gets in, and where they get out, on every departure given."""
    ends = [h3.latlng_to_cell(*point, RESOLUTION) for point in (line[0], line[-1])]
    found: set[int] = set()
    for backwards, second, day in leaving:
        whole = _whole(day)
        first, last = reversed(ends) if backwards else ends
        place = _place(GETS_IN, first)
        found |= {
            place | whole,
            _place(GETS_OUT, last) | whole,
            _place(GETS_IN, _coarse(first)) | whole,
            _place(GETS_OUT, _coarse(last)) | whole,
        }
        if day is None:
            found.add(place | _code(EVERY_WEEK, second // HALF_HOUR_S))
    return found


def _whole(day: date | None) -> int:
    """The code of every week, or of a day, at any time."""
    return _code(EVERY_WEEK if day is None else _day(day), ANY)


# --- What a question asks -------------------------------------------------------------------------
def cells_near(point: Point, radius: float) -> list[int]:
    """Every cell that may hold a sample of a route within ``radius`` metres of ``point``.

    Rings around the point's own cell, until one has no cell near enough (a cell has a neighbour in
    the ring inside that is nearer): nine cells or so at 2 km. Coarse ones for wide questions.
    """
    resolution, reach = _grain(radius)
    least = math.cos((radius + STEP_M / 2 + reach) / EARTH_RADIUS_M)
    x, y, z = unit(point)
    middle = h3.latlng_to_cell(point.lat, point.lon, resolution)
    found = [middle]
    ring = 1
    while True:
        near = []
        for cell in h3.grid_ring(middle, ring):
            lat, lon = map(math.radians, h3.cell_to_latlng(cell))
            level = math.cos(lat)
            dot = x * level * math.cos(lon) + y * level * math.sin(lon) + z * math.sin(lat)
            if dot >= least:
                near.append(cell)
        if not near:
            return found
        found += near
        ring += 1


def _grain(radius: float) -> tuple[int, float]:
    """Which cells a question is asked in, and how far a sample may lie from its cell's centre."""
    if radius > COARSE_FROM_M:
        return COARSE, COARSE_REACH_M
    return RESOLUTION, CELL_REACH_M


def near_keys(point: Point, radius: float, when: Window, kind: int = PASSES) -> list[int]:
    """Keys of rides that may pass within ``radius`` metres of ``point`` in a window."""
    places = [_place(kind, cell) for cell in cells_near(point, radius)]
    codes = when.codes((-SLACK_S, SLACK_S))
    if radius > COARSE_FROM_M or len(places) * len(codes) > MOST_KEYS:
        codes = when.whole_days()
    return [place | code for place in places for code in codes]


@dataclass(frozen=True, slots=True)
class Corridor:
    """The cells along a route, and when the route is near each: seconds after its departure."""

    cells: list[int]
    first: list[float] = field(repr=False)
    last: list[float] = field(repr=False)
    coarse: bool = False

    def keys(self, when: Window) -> list[int]:
        """Keys of passengers who may want to get in along the route; ``when`` is its departure."""
        timed = not self.coarse and bool(when.weekly)
        if timed:
            # Neighbours are passed in the same minutes: one look-up for each.
            known: dict[tuple[int, int], list[int]] = {}
            found = []
            for cell, first, last in zip(self.cells, self.first, self.last, strict=True):
                span = int(first // 300), int(last // 300) + 1
                codes = known.get(span)
                if codes is None:
                    shift = span[0] * 300.0 - SLACK_S, span[1] * 300.0 + SLACK_S
                    codes = known[span] = when.codes(shift)
                place = _place(GETS_IN, cell)
                found += [place | code for code in codes]
            if len(found) <= MOST_KEYS:
                return found
        return self._whole_days(GETS_IN, when)

    def ends(self, when: Window) -> list[int]:
        """Keys of passengers who may get out along the route."""
        return self._whole_days(GETS_OUT, when)

    def _whole_days(self, kind: int, when: Window) -> list[int]:
        codes = when.whole_days()
        return [_place(kind, cell) | code for cell in self.cells for code in codes]


def corridor(line: Sequence[Point], radius: float) -> Corridor:
    """Every cell that may hold a place within ``radius`` metres of a route."""
    resolution, most = _grain(radius)
    reach = radius + STEP_M / 2 + most
    crossed, length = runs(line)
    places, along = samples(line)
    within = {run.cell if resolution == RESOLUTION else _coarse(run.cell) for run in crossed}
    apart = CELL_APART_M if resolution == RESOLUTION else 7 * CELL_APART_M
    rings = math.ceil((reach + most) / apart)
    around: set[int] = set()
    for cell in within:
        around.update(h3.grid_disk(cell, rings))
    cells = sorted(around)
    centres = vectors(np.array([h3.cell_to_latlng(cell) for cell in cells]))
    near = centres @ vectors(np.array(places)).T >= math.cos(reach / EARTH_RADIUS_M)
    held = np.flatnonzero(near.any(axis=1))
    pace = drive_seconds(length) / length if length > 0 else 0.0
    seconds = np.array(along) * pace
    first = np.where(near[held], seconds, np.inf).min(axis=1)
    last = np.where(near[held], seconds, -np.inf).max(axis=1)
    return Corridor(
        [cells[index] for index in held.tolist()],
        first.tolist(),
        last.tolist(),
        resolution == COARSE,
    )

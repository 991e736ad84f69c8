"""The journeys of a demo region: commutes, outings, and the lines between its towns.

Commutes and outings come from the gravity model. The lines are there so that whoever tries the
demo finds a ride on any day: between any two of the larger towns, near enough to be a match;
between any two places at all, near enough to be shown as the nearest. For each pair that no journey
serves yet, somebody goes there and back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from deploy.demo.places import Draw, Territory, home, work
from rides.matching.figures import DEFAULT_RADIUS_M, EARTH_RADIUS_M
from rides.matching.geometry import Floats

WORKING = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Journey:
    """An advert to be: towns by index, days and wall-clock times in minutes since midnight."""

    start: int
    end: int
    role: str
    seats: int
    slots: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    """Weekday → outward and return, of a regular journey."""
    ahead: int | None = None
    """Days from today, of a one-off journey."""
    leaves: int = 0
    returns: tuple[int, int] | None = None
    """Days from today and minute, of a one-off journey with a return."""


def _rounded(minutes: float) -> int:
    return min(max(5 * round(minutes / 5), 0), 24 * 60 - 5)


def _around(draw: Draw, minutes: float, spread: float) -> int:
    return _rounded(draw.random.gauss(minutes, spread))


def commutes(draw: Draw, territory: Territory, count: int) -> Iterator[Journey]:
    """Regular journeys to work or to study, some on fewer days, some in shifts.

    One in four goes from one large town to another, farther away.
    """
    for number in range(count):
        if number % 4:
            start = home(draw, territory)
            end = work(draw, territory, start)
        else:
            start = draw.index(territory.population**1.3)
            end = work(draw, territory, start, reach=75_000.0, pull=1.3)
        kind = draw.random.random()
        if kind < 0.12:  # shifts
            leaves, stays = draw.random.choice([(300, 500), (780, 505), (480, 720)])
        elif kind < 0.22:  # part-time
            leaves, stays = _around(draw, 510, 20), 270
        else:
            leaves, stays = _around(draw, 455, 35), _around(draw, 590, 40)
        days = sorted(WORKING)
        if draw.chance(0.4):  # a day or two at home
            for _away in range(draw.random.choice([1, 1, 2])):
                days.pop(draw.random.randrange(len(days)))
        elif draw.chance(0.1):
            days.append(5)
        with_return = draw.chance(0.85)
        early = draw.chance(0.25)  # home earlier on Fridays
        slots: dict[int, tuple[int, int | None]] = {}
        for day in days:
            back = _rounded(leaves + stays - (60 if early and day == 4 else 0))
            slots[day] = (leaves, back if with_return and back > leaves else None)
        role = draw.random.choices(["driver", "either", "passenger"], [55, 25, 20])[0]
        seats = 1 if role == "passenger" else draw.random.choices([1, 2, 3, 4], [15, 30, 40, 15])[0]
        yield Journey(start, end, role, seats, slots)


def outings(draw: Draw, territory: Territory, count: int) -> Iterator[Journey]:
    """One-off journeys of the next three weeks, mostly between larger towns."""
    for _ in range(count):
        start = draw.index(territory.population)
        end = work(draw, territory, start, reach=70_000.0)
        ahead = draw.random.randrange(1, 22)
        leaves = _around(draw, draw.random.choice([510, 840, 1050]), 50)
        returns = None
        if draw.chance(0.5):
            returns = (ahead + draw.random.randrange(1, 4), _around(draw, 1050, 70))
        role = draw.random.choices(["driver", "either", "passenger"], [65, 15, 20])[0]
        seats = 1 if role == "passenger" else draw.random.choices([1, 2, 3, 4], [15, 35, 40, 10])[0]
        yield Journey(start, end, role, seats, ahead=ahead, leaves=leaves, returns=returns)


class Served:
    """Which ordered pairs of some towns have a ride, on which weekdays.

    A ride serves a pair when its route passes within ``radius`` metres of both towns in order, and
    shares at least ``share`` of the way between them.
    """

    def __init__(
        self,
        territory: Territory,
        towns: Sequence[int],
        *,
        radius: float = DEFAULT_RADIUS_M,
        share: float = 0.0,
    ) -> None:
        self._territory, self._radius = territory, radius
        self.towns = list(towns)
        self.metres: Floats = np.array([territory.metres_from(town)[self.towns] for town in towns])
        self._least = self.metres * share / EARTH_RADIUS_M
        self._days = np.zeros((len(self.towns), len(self.towns)), dtype=np.uint8)

    def add(self, journey: Journey) -> None:
        """Note the rides of a regular journey whose driver takes people."""
        if journey.role == "passenger" or journey.ahead is not None:
            return
        out = sum(1 << day for day in journey.slots)
        back = sum(1 << day for day, times in journey.slots.items() if times[1] is not None)
        self._note(journey.start, journey.end, out)
        self._note(journey.end, journey.start, back)

    def _note(self, start: int, end: int, days: int) -> None:
        near, along = self._territory.passed(start, end, self.towns, self._radius)
        places = np.flatnonzero(near)
        if len(places) < 2:
            return
        pairs = np.ix_(places, places)
        ahead = along[None, places] - along[places, None]
        serves = (ahead > 0) & (ahead >= self._least[pairs])
        self._days[pairs] |= serves.astype(np.uint8) * np.uint8(days)

    def missing(self, one: int, two: int) -> frozenset[int]:
        """Weekdays without a ride from a town to another or back, by place in ``towns``."""
        both = int(self._days[one, two] & self._days[two, one])
        return frozenset(day for day in range(7) if not both & 1 << day)

    def pairs(self, least: float) -> list[tuple[int, int]]:
        """All pairs at least ``least`` metres apart, the most distant first."""
        found = [
            (float(self.metres[one, two]), one, two)
            for one in range(len(self.towns))
            for two in range(one + 1, len(self.towns))
            if self.metres[one, two] >= least
        ]
        return [(one, two) for _metres, one, two in sorted(found, reverse=True)]


def lines(draw: Draw, served: Served, *, least: float = 0.0, shared: bool) -> Iterator[Journey]:
    """Journeys for every pair of ``served`` towns and weekday that has none; longest first.

    Pairs less than ``least`` metres apart are left to neighbours. ``shared``: the week may be
    shared out between two people.
    """
    for one, two in served.pairs(least):
        missing = served.missing(one, two)
        for days in _shared_out(draw, missing) if shared else [missing]:
            if not days:
                continue
            start, end = (one, two) if draw.chance(0.5) else (two, one)
            metres = float(served.metres[one, two])
            journey = _line(draw, served.towns[start], served.towns[end], metres, days)
            served.add(journey)
            yield journey


def _shared_out(draw: Draw, days: frozenset[int]) -> list[frozenset[int]]:
    """The days as one or two people would take them: a working week and a week-end, say."""
    if len(days) < 3 or draw.chance(0.15):
        return [days] if days else []
    cut = WORKING if draw.chance(0.6) else frozenset(range(4))
    return [part for part in (days & cut, days - cut) if part]


def _line(draw: Draw, start: int, end: int, metres: float, days: frozenset[int]) -> Journey:
    """There and back on each day: long drives leave early, week-ends begin later."""
    far = min(metres / 250_000, 1.0)
    if days & WORKING:
        leaves, back = _around(draw, 465 - 75 * far, 30), _around(draw, 1055 + 30 * far, 40)
    else:
        leaves, back = _around(draw, 570 - 60 * far, 50), _around(draw, 1080, 60)
    seats = draw.random.choices([1, 2, 3, 4], [10, 30, 45, 15])[0]
    role = "either" if draw.chance(0.2) else "driver"
    return Journey(start, end, role, seats, dict.fromkeys(sorted(days), (leaves, back)))

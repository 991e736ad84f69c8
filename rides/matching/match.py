"""Does a ride suit a wish, and how well: passage, times, seats, rank.

A wish is for one day, or for every week on some weekdays. Its time, when it has one, is when the
passenger wants to be picked up, give or take a margin; windows go on past midnight, into the next
day or from Sunday to Monday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from rides.matching.passage import Passage, Trip, cost
from rides.matching.timing import (
    around_week,
    drive_seconds,
    instant,
    second_of_week,
)

MAX_MARGIN_S = 3 * 3600.0
"""A wider margin is no wish for a time; it also bounds the days that a search looks at."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a passenger looks for. Exactly one of ``day`` and ``weekdays`` is given."""

    trip: Trip
    now: datetime
    """The present (aware): rides that have left are past."""
    zone: str
    """Where the passenger reads the clock."""
    seats: int = 1
    day: date | None = None
    weekdays: frozenset[int] = frozenset()
    """0 Monday … 6 Sunday."""
    at: time | None = None
    margin: float = 3600.0
    """Seconds before and after ``at``; at most ``MAX_MARGIN_S``."""

    def days(self) -> tuple[date, ...]:
        """Days on which a ride that suits may leave; those around ``day`` when a time is given."""
        assert self.day is not None
        if self.at is None:
            return (self.day,)
        return tuple(self.day + timedelta(days=near) for near in (-1, 0, 1))

    def leaving_weekdays(self) -> frozenset[int]:
        """Weekdays on which a ride that suits may leave."""
        if self.day is not None:
            return frozenset(day.weekday() for day in self.days())
        if self.at is None:
            return self.weekdays
        return frozenset((day + near) % 7 for day in self.weekdays for near in (-1, 0, 1))


@dataclass(frozen=True, slots=True)
class Ride:
    """One direction of an advert: dated (``day`` and ``at``) or weekly (``times``)."""

    advert: UUID
    backwards: bool
    """Whether it is the advert's return."""
    seats: int
    zone: str
    day: date | None = None
    at: time | None = None
    times: Mapping[int, time] = field(default_factory=dict)
    """Wall-clock time of each weekday (0 Monday … 6 Sunday) of a weekly ride."""
    valid_from: date = date.min
    valid_until: date = date.max

    def departures(self, days: Iterable[date]) -> Iterator[tuple[date, time]]:
        """Days and times, wall clock, at which it leaves on ``days``."""
        for day in days:
            if self.day is not None:
                if day == self.day and self.at is not None:
                    yield day, self.at
            elif self.valid_from <= day <= self.valid_until and day.weekday() in self.times:
                yield day, self.times[day.weekday()]


@dataclass(frozen=True, slots=True)
class Match:
    """A ride that suits, and what it costs to both."""

    ride: Ride
    passage: Passage
    day: date | None
    """The day it leaves; None for a weekly wish."""
    at: time
    """When it leaves its origin, wall clock of the ride's zone."""
    weekdays: frozenset[int]
    """The weekdays of a weekly wish that it serves; empty for a wish of one day."""
    difference: float
    """Seconds between the time asked for and the pick-up; 0 when no time was asked for."""

    @property
    def cost(self) -> int:
        """Whole seconds; fewer is better."""
        return cost(self.passage, self.difference)

    @property
    def rank(self) -> tuple[int, UUID, bool]:
        """The order of results: cost, then the advert's UUID, then outward before return.

        It is total, so pages never overlap.
        """
        return self.cost, self.ride.advert, self.ride.backwards


def pick_up_offset(passage: Passage) -> float:
    """Seconds from a ride's start to the pick-up: its drive, shared out evenly along the route."""
    if passage.length <= 0:
        return 0.0
    return drive_seconds(passage.length) * passage.pick_up / passage.length


def match(wish: Wish, ride: Ride, passage: Passage) -> Match | None:
    """The ride as an answer to the wish, or None when its seats, days or times do not suit."""
    if ride.seats < wish.seats:
        return None
    if wish.day is not None:
        return _on_day(wish, ride, passage)
    return _every_week(wish, ride, passage)


def _on_day(wish: Wish, ride: Ride, passage: Passage) -> Match | None:
    assert wish.day is not None
    offset = timedelta(seconds=pick_up_offset(passage))
    best: Match | None = None
    for day, at in ride.departures(wish.days()):
        leaves = instant(day, at, ride.zone)
        if leaves <= wish.now:
            continue
        difference = 0.0
        if wish.at is not None:
            wanted = instant(wish.day, wish.at, wish.zone)
            difference = abs((leaves + offset - wanted).total_seconds())
            if difference > wish.margin:
                continue
        if best is None or difference < best.difference:
            best = Match(ride, passage, day, at, frozenset(), difference)
    return best


def _every_week(wish: Wish, ride: Ride, passage: Passage) -> Match | None:
    """Weekly wishes meet weekly rides, on the clock: no date, no change of offset."""
    if wish.at is None:
        served = sorted(wish.weekdays & ride.times.keys())
        if not served:
            return None
        return Match(ride, passage, None, ride.times[served[0]], frozenset(served), 0.0)
    offset = pick_up_offset(passage)
    found: list[tuple[float, int, time]] = []
    for wanted_day in sorted(wish.weekdays):
        wanted = second_of_week(wanted_day, wish.at)
        for leaving_day, at in ride.times.items():
            gap = around_week(second_of_week(leaving_day, at, offset), wanted)
            if gap <= wish.margin:
                found.append((gap, wanted_day, at))
    if not found:
        return None
    gap, _day, at = min(found)
    return Match(ride, passage, None, at, frozenset(day for _gap, day, _at in found), gap)

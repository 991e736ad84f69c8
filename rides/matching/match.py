"""Do a ride's days and times suit a wish, and how well: the rank.

A wish is for one day, or for every week on some weekdays. Its time, when it has one, is when the
passenger wants to be picked up (or, of a driver who looks for passengers, when the driver leaves),
give or take; windows go on past midnight, into the next day or from Sunday to Monday. A driver has
no window: one who leaves at 7:40 leaves at 7:40, and every wish whose window holds that suits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from rides.matching.figures import EDGE_S
from rides.matching.keys import Window, window
from rides.matching.timing import DAY_S, WEEK_S, instant, second_of_week

MAX_MARGIN_S: Final = 3 * 3600.0
"""A wider margin is no wish for a time; it also bounds the days that a search looks at."""


CLOCKS_S: Final = 3600.0
"""What a change of clocks may add to a margin."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When somebody wants to go. Exactly one of ``day`` and ``weekdays`` is given."""

    now: datetime
    """The present (aware): rides that have left are past."""
    zone: str
    """Where the one who asks reads the clock."""
    day: date | None = None
    weekdays: frozenset[int] = frozenset()
    """0 Monday … 6 Sunday."""
    at: time | None = None
    before: float = 3600.0
    """How many seconds before ``at`` suit; at most ``MAX_MARGIN_S``."""
    after: float = 3600.0
    """How many seconds after ``at`` suit; at most ``MAX_MARGIN_S``."""
    drives: bool = False
    """Whether the asker drives, and ``at`` is when they leave: a passenger who is met on the way
    leaves later. Otherwise a ride that passes the asker left earlier."""

    def days(self) -> tuple[date, ...]:
        """Days on which a ride that suits may leave.

        Beside ``day``, when a time is given, those that a drive or the margin reaches.
        """
        assert self.day is not None
        if self.at is None:
            return (self.day,)
        second = _second(self.at)
        yesterday = not self.drives or second - self.before < CLOCKS_S
        tomorrow = self.drives or second + self.after >= DAY_S - CLOCKS_S
        near = [self.day + timedelta(days=ahead) for ahead in (-1, 0, 1)]
        return tuple(near[not yesterday : 2 + tomorrow])

    def window(self) -> Window:
        """When it may happen, as the index is asked."""
        dated = self.day is not None
        return window(
            zone=self.zone,
            margin_before=self.before,
            margin_after=self.after,
            wanted=instant(self.day, self.at, self.zone) if self.day and self.at else None,
            second=_second(self.at) if self.at and not dated else None,
            days=self.days() if dated else (),
        )


class Ride(NamedTuple):
    """One direction of an advert, in its own wall clock."""

    zone: str
    once: tuple[date, int] | None = None
    """The day and second of the day of a ride that takes place once ..."""
    weekly: Sequence[tuple[int, int]] = ()
    """... or weekdays (0 Monday … 6 Sunday) and seconds of the day of a weekly one,"""
    valid_from: date = date.min
    valid_until: date = date.max
    off: frozenset[date] = frozenset()
    """days on which it does not take place (holidays),"""
    changed: Mapping[tuple[date, int], int | None] = {}
    """and single rides, by day and usual second, that leave at another one, or not (None)."""

    def departures(self, days: Sequence[date]) -> list[tuple[date, int]]:
        """Days and seconds of the day, wall clock, at which it leaves on ``days``."""
        if self.once is not None:
            usual = [self.once] if self.once[0] in days else []
        else:
            usual = []
            for day in days:
                if self.valid_from <= day <= self.valid_until and day not in self.off:
                    today = day.weekday()
                    usual += [(day, second) for weekday, second in self.weekly if weekday == today]
        if not self.changed:
            return usual
        moved = ((day, self.changed.get((day, second), second)) for day, second in usual)
        return [(day, second) for day, second in moved if second is not None]


class When(NamedTuple):
    """A departure that suits a wish."""

    difference: float
    """Seconds between the time asked for and the pick-up; 0 when no time was asked for."""
    day: date | None
    """The day it leaves; None for a weekly wish."""
    second: int
    """Second of the day at which it leaves, wall clock of the ride's zone."""
    weekdays: frozenset[int] = frozenset()
    """The weekdays of a weekly wish that it serves; empty for a wish of one day."""


@dataclass(slots=True)
class Times:
    """A wish, made ready to be held against many rides."""

    wish: Wish
    _sign: int = 1
    """1 where the rides found pass the asker (a ride's departure + its drive is the pick-up); -1
    where the asker passes them (the asker's departure + drive must meet the ride's own time)."""
    _midnights: dict[tuple[date, str], tuple[float, bool]] = field(default_factory=dict)
    _wanted: float = 0.0
    _now: float = 0.0
    _days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        wish = self.wish
        self._now = wish.now.timestamp()
        self._sign = -1 if wish.drives else 1
        if wish.day is not None:
            self._days = wish.days()
            if wish.at is not None:
                self._wanted = instant(wish.day, wish.at, wish.zone).timestamp()

    def best(self, ride: Ride, offset: float) -> When | None:
        """The departure that suits best for a pick-up ``offset`` seconds after the start."""
        if self.wish.day is not None:
            return self._on_day(ride, offset)
        return self._every_week(ride, offset)

    def _on_day(self, ride: Ride, offset: float) -> When | None:
        best: When | None = None
        timed = self.wish.at is not None
        for day, second in ride.departures(self._days):
            leaves = self._epoch(day, second, ride.zone)
            if leaves <= self._now:
                continue
            difference = 0.0
            if timed:
                gap = leaves + self._sign * offset - self._wanted
                if not self._suits(gap):
                    continue
                difference = abs(gap)
            found = When(difference, day, second)
            if best is None or found < best:
                best = found
        return best

    def _suits(self, gap: float) -> bool:
        return -self.wish.before - EDGE_S <= gap <= self.wish.after + EDGE_S

    def _epoch(self, day: date, second: int, zone: str) -> float:
        """Seconds since 1970 of a wall-clock time; zones are asked once for each day."""
        known = self._midnights.get((day, zone))
        if known is None:
            start = instant(day, time(0), zone).timestamp()
            end = instant(day + timedelta(days=1), time(0), zone).timestamp()
            known = self._midnights[day, zone] = (start, end - start == DAY_S)
        start, plain = known
        if plain:
            return start + second
        return instant(day, clock(second), zone).timestamp()

    def _every_week(self, ride: Ride, offset: float) -> When | None:
        """Weekly wishes meet weekly rides, on the clock: no date, no change of offset."""
        wish = self.wish
        if wish.at is None:
            served = sorted(slot for slot in ride.weekly if slot[0] in wish.weekdays)
            if not served:
                return None
            return When(0.0, None, served[0][1], frozenset(day for day, _second in served))
        found: list[tuple[float, int, int]] = []
        for wanted_day in sorted(wish.weekdays):
            wanted = second_of_week(wanted_day, wish.at)
            for weekday, second in ride.weekly:
                pick_up = weekday * DAY_S + second + self._sign * offset
                gap = (pick_up - wanted + WEEK_S / 2) % WEEK_S - WEEK_S / 2
                if self._suits(gap):
                    found.append((abs(gap), wanted_day, second))
        if not found:
            return None
        gap, _day, second = min(found)
        return When(gap, None, second, frozenset(day for _gap, day, _second in found))


def clock(second: int) -> time:
    """A second of the day as a time."""
    return time(second // 3600, second // 60 % 60, second % 60)


def _second(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def cost(effort: float, difference: float) -> int:
    """Whole seconds that rank a ride, fewer first: (detour + walk) + difference of time.

    Rounded, so that two rides on one route tie exactly and the advert's UUID decides.
    """
    return round(effort + difference)

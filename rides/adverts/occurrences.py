"""On which days, and when, an advert really runs.

The schedule says « le mardi à 7 h 40 »; holidays and exceptions take days away or move them.
Everything is wall clock until the last step, which gives the instant (``rides.matching.timing``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rides.adverts.calendars import days_without
from rides.adverts.inputs import RideKey, Slot
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.settings import rides_settings, school_zone_of
from rides.matching.timing import instant, wall_clock

AHEAD_DAYS = 14
"""``next_occurrences`` looks this far at a time: an advert that runs weekly is found at once."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One ride on one day. ``day``, ``backwards`` and ``usual`` name it, whatever changes."""

    day: dt.date
    backwards: bool
    """Whether it is the advert's return."""
    time: dt.time
    """When it leaves, wall clock; when it would have left, if cancelled."""
    usual: dt.time
    """When it leaves on an ordinary week."""
    departs_at: dt.datetime
    """The same as ``time``, as an instant (UTC)."""
    cancelled: bool = False

    @property
    def key(self) -> RideKey:
        """What names it."""
        return RideKey(self.day, self.backwards, self.usual)

    @property
    def moved(self) -> bool:
        """Whether it leaves at another time than usual."""
        return self.time != self.usual


Exceptions = Mapping[tuple[dt.date, bool, dt.time], dt.time | None]
"""(day, backwards, usual time) → the time of that day; None: cancelled."""


def weekly_rides(
    slots: Sequence[Slot], first: dt.date, last: dt.date, without: frozenset[dt.date]
) -> Iterator[tuple[dt.date, bool, dt.time]]:
    """(day, backwards, usual time) of every ride of a week's slots, days ``without`` left out."""
    for ahead in range((last - first).days + 1):
        day = first + dt.timedelta(days=ahead)
        if day in without:
            continue
        for slot in slots:
            if slot.weekday == day.weekday():
                yield day, False, slot.time
                if slot.return_time is not None:
                    yield day, True, slot.return_time


def with_exceptions(
    rides: Iterable[tuple[dt.date, bool, dt.time]], exceptions: Exceptions, zone: str
) -> list[Occurrence]:
    """The rides as they take place, the first to leave first."""
    found = []
    for day, backwards, usual in rides:
        changed = exceptions.get((day, backwards, usual), usual)
        at = changed or usual
        found.append(Occurrence(day, backwards, at, usual, instant(day, at, zone), changed is None))
    return sorted(found, key=lambda one: (one.departs_at, one.backwards, one.usual))


def occurrences(
    advert: Advert, first: dt.date, last: dt.date, *, rules: RidesSettings | None = None
) -> list[Occurrence]:
    """Every ride of an advert from one day to another, both included, the first to leave first.

    Cancelled ones are there, marked. Days are the advert's own (wall clock of its zone). What is
    prefetched is not read again: ``exceptions``, and ``schedules`` or the ``slots`` of
    ``queries.for_cards``. ``rules`` are the region's, for whoever asks about many adverts.
    """
    exceptions = {
        (one.day, one.backwards, one.usual): one.time
        for one in advert.exceptions.all()
        if first <= one.day <= last
    }
    return with_exceptions(_rides(advert, first, last, rules), exceptions, advert.zone)


def next_occurrences(
    advert: Advert, now: dt.datetime, *, count: int = 10, rules: RidesSettings | None = None
) -> list[Occurrence]:
    """The first ``count`` rides that leave after ``now``, cancelled ones included."""
    first = wall_clock(now, advert.zone).date()
    end = _last_day(advert)
    found: list[Occurrence] = []
    while first <= end and len(found) < count:
        last = min(first + dt.timedelta(days=AHEAD_DAYS - 1), end)
        found += [
            one for one in occurrences(advert, first, last, rules=rules) if one.departs_at > now
        ]
        first = last + dt.timedelta(days=1)
    return found[:count]


def _rides(
    advert: Advert, first: dt.date, last: dt.date, rules: RidesSettings | None
) -> Iterator[tuple[dt.date, bool, dt.time]]:
    if advert.kind == Advert.Kind.ONE_OFF:
        for day, backwards, at in (
            (advert.date, False, advert.time),
            (advert.return_date, True, advert.return_time),
        ):
            if day is not None and at is not None and first <= day <= last:
                yield day, backwards, at
        return
    assert advert.valid_from is not None
    assert advert.valid_until is not None
    first, last = max(first, advert.valid_from), min(last, advert.valid_until)
    if first > last:
        return
    yield from weekly_rides(slots_of(advert), first, last, _without(advert, first, last, rules))


def _without(
    advert: Advert, first: dt.date, last: dt.date, rules: RidesSettings | None
) -> frozenset[dt.date]:
    if advert.school_holidays and advert.public_holidays:
        return frozenset()
    zone = ""
    if not advert.school_holidays:
        zone = school_zone_of(advert.origin_code, rules or rides_settings())
    return days_without(
        first,
        last,
        code=advert.origin_code,
        zone=zone,
        school=not advert.school_holidays,
        public=not advert.public_holidays,
    )


def _last_day(advert: Advert) -> dt.date:
    day = advert.valid_until or advert.return_date or advert.date
    assert day is not None
    return day


def slots_of(advert: Advert) -> list[Slot]:
    """The weekly slots, from what is already read if it is."""
    ready: list[Slot] | None = getattr(advert, "slots", None)
    if ready is not None:
        return ready
    return [Slot(one.weekday, one.time, one.return_time) for one in advert.schedules.all()]

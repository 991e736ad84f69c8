"""Which rides a booking stands for: its dates and weeks, laid over the advert's occurrences.

The advert decides when it runs (holidays, days off, a day at another time); the booking decides on
which of these days two people share it. A booked time that the advert no longer has on a day is
taken for the only ride of that day and direction, if there is only one: moving a slot by ten
minutes moves what was booked on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.occurrences import Occurrence, occurrences
from rides.adverts.routes import way_seconds
from rides.adverts.settings import RidesSettings
from rides.bookings.inputs import Wanted
from rides.bookings.models import BookedRide, Booking
from rides.matching.timing import wall_clock


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride that is shared: wall clock in the advert's zone, and instants (UTC)."""

    day: dt.date
    backwards: bool
    time: dt.time
    """When it leaves on that day."""
    usual: dt.time
    """When it leaves on an ordinary week; names the ride."""
    departs_at: dt.datetime
    arrives_at: dt.datetime
    """An estimate."""
    cancelled: bool = False
    """By one of the two for this booking, or by the advert's author for everyone."""

    @property
    def key(self) -> RideKey:
        """What names the ride in its advert."""
        return RideKey(self.day, self.backwards, self.usual)


Groups = dict[tuple[dt.date, bool], list[Occurrence]]


def span(advert: Advert) -> tuple[dt.date, dt.date]:
    """First and last day on which an advert can have a ride."""
    if advert.kind == Advert.Kind.REGULAR:
        assert advert.valid_from is not None
        assert advert.valid_until is not None
        return advert.valid_from, advert.valid_until
    assert advert.date is not None
    return advert.date, advert.return_date or advert.date


def today_of(advert: Advert, now: dt.datetime) -> dt.date:
    """The day in the advert's zone."""
    return wall_clock(now, advert.zone).date()


def groups(
    advert: Advert, first: dt.date, last: dt.date, rules: RidesSettings | None = None
) -> Groups:
    """The advert's occurrences from one day to another, by day and direction, in order.

    ``rules`` are the region's, for whoever asks about many adverts.
    """
    start, end = span(advert)
    found: Groups = {}
    for one in occurrences(advert, max(first, start), min(last, end), rules=rules):
        found.setdefault((one.day, one.backwards), []).append(one)
    return found


def match(found: Groups, key: RideKey) -> Occurrence | None:
    """The occurrence that a booked ride means; None when the advert has none any more."""
    group = found.get((key.day, key.backwards), [])
    exact = next((one for one in group if one.usual == key.usual), None)
    return exact or (group[0] if len(group) == 1 else None)


def rides_of(booking: Booking, found: Groups) -> list[Ride]:
    """The rides of a booking among ``found``, soonest first, cancelled ones marked.

    Reads ``booking.rides`` and ``booking.weeks``: prefetch them for many.
    """
    rows: dict[tuple[dt.date, bool], list[BookedRide]] = {}
    for row in booking.rides.all():
        rows.setdefault((row.day, row.backwards), []).append(row)
    weeks = list(booking.weeks.all())
    seconds = way_seconds(booking.advert)
    rides: dict[tuple[dt.date, bool, dt.time], Ride] = {}
    # Without weeks only the dates count: a year of occurrences need not be gone through.
    for day, backwards in found if weeks else rows:
        group = found.get((day, backwards), [])
        here = rows.get((day, backwards), [])
        off = {row.time for row in here if row.status == BookedRide.Status.CANCELLED}
        times = {row.time for row in here} | {
            week.time
            for week in weeks
            if week.weekday == day.weekday()
            and week.backwards == backwards
            and week.first <= day <= week.last
        }
        for time in sorted(times):
            one = match({(day, backwards): group}, RideKey(day, backwards, time))
            if one is None:
                continue
            ride = ride_at(one, seconds, cancelled=one.cancelled or time in off)
            known = rides.get((day, backwards, one.usual))
            if known is None or known.cancelled:
                rides[day, backwards, one.usual] = ride
    return sorted(rides.values(), key=lambda ride: ride.departs_at)


def ride_at(one: Occurrence, seconds: float, *, cancelled: bool = False) -> Ride:
    """An occurrence as a ride that takes ``seconds``."""
    arrives = one.departs_at + dt.timedelta(seconds=seconds)
    return Ride(one.day, one.backwards, one.time, one.usual, one.departs_at, arrives, cancelled)


def all_rides(booking: Booking) -> list[Ride]:
    """Every ride of a booking, past ones included."""
    first = [row.day for row in booking.rides.all()] + [one.first for one in booking.weeks.all()]
    last = [row.day for row in booking.rides.all()] + [one.last for one in booking.weeks.all()]
    if not first:
        return []
    return rides_of(booking, groups(booking.advert, min(first), max(last)))


def coming_groups(booking: Booking, now: dt.datetime) -> Groups:
    """The advert's occurrences on the days, from today on, that a booking can have."""
    last = [row.day for row in booking.rides.all()] + [one.last for one in booking.weeks.all()]
    today = today_of(booking.advert, now)
    return groups(booking.advert, today, max(last)) if last else {}


def rides_between(
    booking: Booking, first: dt.date, last: dt.date, rules: RidesSettings | None = None
) -> list[Ride]:
    """The rides of a booking from one day to another, both included."""
    return rides_of(booking, groups(booking.advert, first, last, rules))


def wanted_keys(wanted: Wanted, found: Groups) -> Iterator[RideKey]:
    """Every ride that is asked for, one by one, dates first; those that exist and those not."""
    yield from wanted.rides
    for day, backwards in found:
        for week in wanted.weeks:
            if (
                week.weekday == day.weekday()
                and week.backwards == backwards
                and (wanted.first is None or wanted.first <= day)
                and (wanted.last is None or day <= wanted.last)
            ):
                yield RideKey(day, backwards, week.time)


def upcoming(rides: Iterable[Ride], now: dt.datetime) -> list[Ride]:
    """Those that have not left yet and are not cancelled."""
    return [ride for ride in rides if ride.departs_at > now and not ride.cancelled]

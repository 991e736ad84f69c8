"""How many seats are left on a ride: the rule behind « never oversold ».

Callers hold the advert's lock (README, « Locks »): what is counted here cannot change meanwhile.

* The author drives: requests that await an answer and bookings that are agreed hold their seats;
  together they never pass the advert's.
* The author rides: drivers may offer as many as they like, one of them is accepted for a ride.
* A partner region's advert: that region alone holds its seats. None is counted here.
* An author who is driver or passenger cannot be both on the same ride.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.bookings.dates import Groups, rides_of
from rides.bookings.models import LIVE, Booking

_HOLD = (Booking.Status.WAITING, Booking.Status.CONFIRMED)
"""Others have no ride to come: their last one is done, or they ended."""


def live_bookings(advert: Advert, *, since: dt.date, but: Booking | None = None) -> list[Booking]:
    """Bookings of an advert with a ride on a day or later, waiting ones included, with their dates.

    Three statements.
    """
    # A day of grace: days are the advert's, instants are UTC.
    start = dt.datetime.combine(since - dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    rows = Booking.objects.filter(advert=advert, status__in=LIVE, last_arrival_at__gte=start)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    found = list(rows.order_by("pk").prefetch_related("rides", "weeks"))
    for booking in found:
        booking.advert = advert
    return found


def full_rides(
    advert: Advert,
    wanted: Iterable[RideKey],
    *,
    seats: int,
    author_drives: bool,
    others: Iterable[Booking],
    found: Groups,
) -> set[RideKey]:
    """Those of ``wanted`` (keys of the advert's occurrences) on which there is no room."""
    if advert.elsewhere:
        return set()
    taken: dict[RideKey, int] = {}
    closed: set[RideKey] = set()
    for booking in others:
        if booking.status not in _HOLD:
            continue
        confirmed = booking.status != Booking.Status.WAITING
        drives = booking.driver_id == advert.author_id
        keys = {ride.key for ride in rides_of(booking, found) if not ride.cancelled}
        if drives and author_drives:
            for key in keys:
                taken[key] = taken.get(key, 0) + booking.seats
        elif confirmed:
            closed |= keys
    return {
        key
        for key in wanted
        if key in closed or (author_drives and taken.get(key, 0) + seats > advert.seats)
    }


def seats_left(advert: Advert, found: Groups) -> dict[RideKey, int]:
    """Seats that a passenger may still book on each ride of an advert whose author drives."""
    left = {one.key: advert.seats for group in found.values() for one in group}
    if not left or advert.elsewhere:
        return left
    for booking in live_bookings(advert, since=min(key.day for key in left)):
        if booking.status not in _HOLD:
            continue
        for ride in rides_of(booking, found):
            if ride.cancelled or ride.key not in left:
                continue
            drives = booking.driver_id == advert.author_id
            if drives:
                left[ride.key] = max(0, left[ride.key] - booking.seats)
            elif booking.status != Booking.Status.WAITING:
                left[ride.key] = 0
    return left

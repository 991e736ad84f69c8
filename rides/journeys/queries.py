"""A person's trips: the rides of their bookings, as driver and as passenger, in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from core.accounts.models import Account
from rides.adverts.settings import RidesSettings, rides_settings
from rides.bookings.access import bookings_of
from rides.bookings.dates import Ride, rides_between
from rides.bookings.models import Booking

MOST: Final = 200
"""Bookings that are looked at: nobody has more with rides to come."""


@dataclass(slots=True)
class Trip:
    """One ride of one day: for a driver, with all who come along."""

    ride: Ride
    drives: bool
    origin: str
    destination: str
    zone: str
    confirmed: bool
    cancelled: bool
    bookings: list[Booking] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def booking(self) -> Booking:
        """The first booking of the ride, whose page the trip leads to."""
        return self.bookings[0]


def trips_of(
    account: Account,
    first: dt.date,
    last: dt.date,
    *,
    confirmed: bool = True,
    cancelled: bool = False,
    rules: RidesSettings | None = None,
) -> list[Trip]:
    """Rides from one day to another, the first to leave first; the statements do not grow.

    ``confirmed``: agreed bookings only, else those that await an answer too. ``cancelled``: with
    rides that were cancelled.
    """
    agreed = [Booking.Status.CONFIRMED, Booking.Status.COMPLETED, Booking.Status.VALIDATED]
    wanted = Q(status__in=agreed if confirmed else [*agreed, Booking.Status.WAITING])
    if cancelled:
        wanted |= Q(status=Booking.Status.CANCELLED, answered_at__isnull=False)
    day = dt.datetime.combine(first - dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)
    rows = (
        bookings_of(account)
        .filter(wanted, last_arrival_at__gte=day)
        .prefetch_related("rides", "weeks", "advert__exceptions", "advert__schedules")
        .order_by("pk")[:MOST]
    )
    rules = rules or rides_settings()
    found: dict[tuple[int, bool, dt.datetime, bool], Trip] = {}
    for booking in rows:
        ended = booking.ended_at if booking.status == Booking.Status.CANCELLED else None
        for ride in rides_between(booking, first, last, rules):
            off = ride.cancelled or (ended is not None and ride.departs_at > ended)
            if off and not cancelled:
                continue
            _add(found, account, booking, ride, off)
    return sorted(found.values(), key=lambda trip: (trip.ride.departs_at, trip.booking.pk))


def _add(
    found: dict[tuple[int, bool, dt.datetime, bool], Trip],
    account: Account,
    booking: Booking,
    ride: Ride,
    off: bool,
) -> None:
    drives = booking.drives(account)
    advert = booking.advert
    start, stop = booking.pickup_label, booking.dropoff_label
    if drives and advert.author_id == account.pk:
        start, stop = advert.origin_label, advert.destination_label
    if ride.backwards:
        start, stop = stop, start
    agreed = booking.status != Booking.Status.WAITING
    key = (advert.pk, drives, ride.departs_at, off)
    trip = found.get(key)
    if trip is None:
        trip = found[key] = Trip(ride, drives, start, stop, advert.zone, agreed, off)
    trip.confirmed = trip.confirmed or agreed
    trip.bookings.append(booking)
    trip.names.append(booking.other(account).display_name)


def requests_of(account: Account) -> list[Booking]:
    """Bookings that await an answer or a seat, those that await this person's first."""
    rows = (
        bookings_of(account)
        .filter(status__in=[Booking.Status.WAITING, Booking.Status.WAITING_LIST])
        .prefetch_related("rides", "weeks")
        .order_by("-created_at", "-pk")[:MOST]
    )
    return sorted(rows, key=lambda row: row.awaits() != account.pk)

"""What happens to bookings when their advert or time changes: people are told, nothing is lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.watchers import Change, What
from rides.bookings.dates import all_rides, rides_between, upcoming
from rides.bookings.models import LIVE, Booking, BookingEvent
from rides.bookings.state import (
    Ending,
    Status,
    advert_lock,
    booking_lock,
    end,
    event,
    follow,
    promote,
    revive,
)

BATCH = 500


def bookings_expire(*, now: dt.datetime | None = None) -> int:
    """End requests that nobody answered before their last ride left; return how many."""
    now = now or timezone.now()
    rows = Booking.objects.filter(
        status__in=(Status.WAITING, Status.WAITING_LIST), last_arrival_at__lte=now
    ).order_by("pk")[:BATCH]
    count = 0
    for row in list(rows):
        with transaction.atomic():
            booking = booking_lock(row)
            if booking.status not in {Status.WAITING, Status.WAITING_LIST}:
                continue
            end(booking, Ending.EXPIRED, "", now)
            event(booking, BookingEvent.Kind.EXPIRED, None)
            count += 1
    return count


def _live(advert: Advert) -> list[Booking]:
    rows = (
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .filter(advert=advert, status__in=LIVE)
        .select_related("driver", "passenger")
        .order_by("pk")
    )
    found = list(rows)
    for booking in found:
        booking.advert = advert
    return found


def on_advert(advert: Advert, change: Change) -> None:
    """Follow what happened to an advert (``rides.adverts.watchers``)."""
    if change.what == What.DELETED:
        advert_gone(advert)
    elif change.what == What.RESTORED:
        advert_back(advert)
    elif change.what == What.RIDE_CHANGED and change.ride is not None:
        ride_changed(advert, change.ride)
    elif change.what in {What.CHANGED, What.RESUMED}:
        advert_changed(advert, silent=change.what == What.RESUMED)


@transaction.atomic
def advert_gone(advert: Advert, *, now: dt.datetime | None = None) -> None:
    """Cancel all that is to come on an advert that its author deleted, and tell people.

    ``status_before`` remembers what each booking was: ``advert_back`` takes it back.
    """
    now = now or timezone.now()
    locked = advert_lock(advert.pk)
    for booking in _live(locked):
        end(booking, Ending.ADVERT, "", now, keep=True)
        event(booking, BookingEvent.Kind.ADVERT_GONE, locked.author)


@transaction.atomic
def advert_back(advert: Advert, *, now: dt.datetime | None = None) -> None:
    """Take back what ``advert_gone`` did: nobody could book in between, so the seats are there."""
    now = now or timezone.now()
    locked = advert_lock(advert.pk)
    rows = Booking.objects.filter(
        advert=locked, status=Status.CANCELLED, ending=Ending.ADVERT
    ).exclude(status_before="")
    for row in rows:
        booking = booking_lock(row)
        if not upcoming(all_rides(booking), now):
            booking.status_before = ""
            booking.save(update_fields=["status_before"])
            continue
        revive(booking, now)
        event(booking, BookingEvent.Kind.ADVERT_BACK, locked.author)


@transaction.atomic
def advert_changed(advert: Advert, *, silent: bool = False, now: dt.datetime | None = None) -> None:
    """Tell people that an advert they booked has other days, times, places or seats.

    Bookings follow the advert's days; one that has no ride left is cancelled. Seats that were
    added go to the waiting list.
    """
    now = now or timezone.now()
    locked = advert_lock(advert.pk)
    for booking in _live(locked):
        if not _goes_on(booking, now):
            continue
        if not silent:
            event(booking, BookingEvent.Kind.ADVERT_CHANGED, locked.author)
    promote(locked, now)


@transaction.atomic
def ride_changed(advert: Advert, ride: RideKey, *, now: dt.datetime | None = None) -> None:
    """Tell those who booked one ride of one day that it is cancelled, or leaves at another time."""
    now = now or timezone.now()
    locked = advert_lock(advert.pk)
    for booking in _live(locked):
        rides = rides_between(booking, ride.day, ride.day)
        mine = [one for one in rides if one.key == ride]
        if not mine or not _goes_on(booking, now):
            continue
        kind = BookingEvent.Kind.CANCELLED_DAY if mine[0].cancelled else _CHANGED
        event(booking, kind, locked.author, day=ride.day)
    promote(locked, now)


_CHANGED = BookingEvent.Kind.ADVERT_CHANGED


def _goes_on(booking: Booking, now: dt.datetime) -> bool:
    """Recompute a booking's rides; end it, and tell, when the advert has left it none."""
    rides = [ride for ride in all_rides(booking) if not ride.cancelled]
    if any(ride.arrives_at > booking.closed_until for ride in rides):
        follow(booking, now)
        return True
    if any(ride.arrives_at > booking.created_at for ride in rides):
        follow(booking, now)  # all its rides are done
        return booking.status == Status.CONFIRMED
    end(booking, Ending.ADVERT, "", now)
    event(booking, BookingEvent.Kind.ADVERT_GONE, booking.advert.author)
    return False

"""What happens to bookings when their advert or time changes: people are told, nothing is lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from rides.adverts.models import Advert
from rides.bookings.dates import all_rides, upcoming
from rides.bookings.models import LIVE, Booking, BookingEvent
from rides.bookings.services import (
    Ending,
    Status,
    advert_lock,
    booking_lock,
    end,
    event,
    follow,
    promote,
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


@transaction.atomic
def advert_gone(advert: Advert, *, now: dt.datetime | None = None) -> None:
    """Cancel all that is to come on an advert that its author deleted, and tell people.

    ``status_before`` remembers what each booking was: ``advert_back`` takes it back.
    """
    now = now or timezone.now()
    locked = advert_lock(advert.pk)
    for booking in _live(locked):
        before = booking.status
        end(booking, Ending.ADVERT, "", now)
        booking.status_before = before
        booking.save(update_fields=["status_before"])
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
        booking.status, booking.ending = Status(booking.status_before), Ending.NONE
        booking.status_before, booking.ended_at = "", None
        booking.save()
        if not upcoming(all_rides(booking), now):
            end(booking, Ending.EXPIRED, "", now)
            continue
        follow(booking, now)
        event(booking, BookingEvent.Kind.ADVERT_BACK, locked.author)


@transaction.atomic
def advert_changed(advert: Advert, *, now: dt.datetime | None = None) -> None:
    """Tell people that an advert they booked has other days, times, places or seats.

    Bookings follow the advert's days; one that has no ride left is cancelled. Seats that were
    added go to the waiting list.
    """
    now = now or timezone.now()
    locked = advert_lock(advert.pk)
    for booking in _live(locked):
        if not upcoming(all_rides(booking), now) and booking.status != Status.CONFIRMED:
            end(booking, Ending.ADVERT, "", now)
            event(booking, BookingEvent.Kind.ADVERT_GONE, locked.author)
            continue
        follow(booking, now)
        event(booking, BookingEvent.Kind.ADVERT_CHANGED, locked.author)
    promote(locked, now)

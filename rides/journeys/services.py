"""Writes: rides that have arrived become journeys; both say how they went; time settles the rest.

Locks: the advert and the booking first (``bookings.state``), then the journey.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.bookings.dates import Ride, all_rides
from rides.bookings.models import Booking
from rides.bookings.state import booking_lock, follow
from rides.journeys import hooks
from rides.journeys.errors import JourneyClosedError
from rides.journeys.models import OBJECT_FOR, THANKS_LENGTH, CalendarFeed, Journey

BATCH: Final = 200
Says = Journey.Says
Status = Journey.Status


def journeys_close(*, now: dt.datetime | None = None) -> int:
    """Make journeys of the rides that have arrived; return how many bookings were looked at.

    Each ride becomes one journey, whatever runs twice: the unique constraint says so.
    """
    now = now or timezone.now()
    rows = list(Booking.objects.filter(next_arrival_at__lte=now).order_by("pk")[:BATCH])
    for row in rows:
        with transaction.atomic():
            _close(booking_lock(row), now)
    return len(rows)


@transaction.atomic
def booking_close(*, booking: Booking, now: dt.datetime | None = None) -> None:
    """The same for one booking, for who cannot wait for the clock."""
    _close(booking_lock(booking), now or timezone.now())


def _close(booking: Booking, now: dt.datetime) -> None:
    agreed = booking.status in {Booking.Status.CONFIRMED, Booking.Status.COMPLETED}
    half_way = booking.ended_at if booking.answered_at is not None else None
    if agreed or half_way is not None:
        until = now if agreed or half_way is None else half_way
        Journey.objects.bulk_create(
            [
                _journey(booking, ride)
                for ride in all_rides(booking)
                if not ride.cancelled
                and booking.closed_until < ride.arrives_at <= now
                and ride.departs_at <= until
            ],
            ignore_conflicts=True,
        )
        booking.closed_until = now
        booking.save(update_fields=["closed_until"])
        follow(booking, now)
        return
    # Nobody has agreed: the next ride is looked at, none becomes a journey.
    coming = [ride.arrives_at for ride in all_rides(booking) if ride.arrives_at > now]
    booking.next_arrival_at = min(coming, default=None)
    booking.save(update_fields=["next_arrival_at"])


def _journey(booking: Booking, ride: Ride) -> Journey:
    start, stop = booking.pickup_label, booking.dropoff_label
    code = booking.advert.origin_code
    if ride.backwards:
        start, stop = stop, start
        code = booking.advert.destination_code
    return Journey(
        booking=booking,
        driver=booking.driver,
        passenger=booking.passenger,
        day=ride.day,
        backwards=ride.backwards,
        time=ride.usual,
        departs_at=ride.departs_at,
        arrives_at=ride.arrives_at,
        origin_label=start,
        destination_label=stop,
        origin_code=code,
        counted=booking.advert.status != Advert.Status.PARTNER,
        seats=booking.seats,
        metres=booking.metres,
        price_cents=booking.price_cents,
    )


def journey_say(
    *, journey: Journey, account: Account, says: str, now: dt.datetime | None = None
) -> Journey:
    """Note what one of the two says of a ride; saying the same twice changes nothing.

    Both « done »: validated. One objection: it did not take place. Raises ``JourneyClosedError``
    after seven days.
    """
    now = now or timezone.now()
    with transaction.atomic():
        _lock(journey.booking_id)
        locked = Journey.objects.select_for_update(no_key=True, of=("self",)).get(pk=journey.pk)
        if now > locked.open_until():
            raise JourneyClosedError
        if locked.drives(account):
            locked.driver_says = Says(says)
        else:
            locked.passenger_says = Says(says)
        locked.status = _status(locked)
        locked.save(update_fields=["driver_says", "passenger_says", "status"])
        _settle(locked.booking_id)
        hooks.tell(locked, account)
    return locked


def _status(journey: Journey) -> Journey.Status:
    said = {journey.driver_says, journey.passenger_says}
    if said & {Says.NOT_DONE, Says.NO_SHOW}:
        return Status.CANCELLED
    return Status.VALIDATED if said == {Says.DONE} else Status.PENDING


def _lock(booking_id: int | None) -> None:
    """Settle the rides of one booking one after the other: the last one validates it."""
    if booking_id is not None:
        Booking.objects.select_for_update(no_key=True).filter(pk=booking_id).first()


def _settle(booking_id: int | None) -> None:
    """A booking all of whose rides are settled is validated, and pending again if not.

    The caller holds its lock (``_lock``).
    """
    if booking_id is None:
        return
    open_ = Journey.objects.filter(booking_id=booking_id, status=Status.PENDING).exists()
    done = (Booking.Status.COMPLETED, Booking.Status.VALIDATED)
    Booking.objects.filter(pk=booking_id, status__in=done).update(
        status=done[0] if open_ else done[1]
    )


def journeys_validate(*, now: dt.datetime | None = None) -> int:
    """Validate rides to which nobody objected in seven days; return how many."""
    now = now or timezone.now()
    old = Journey.objects.filter(status=Status.PENDING, arrives_at__lte=now - OBJECT_FOR)
    count = 0
    for booking_id in set(old.order_by("pk").values_list("booking_id", flat=True)[:BATCH]):
        with transaction.atomic():
            _lock(booking_id)
            count += old.filter(booking_id=booking_id).update(status=Status.VALIDATED)
            _settle(booking_id)
    return count


@transaction.atomic
def journey_thank(*, journey: Journey, account: Account, text: str) -> None:
    """Leave the other person a word of thanks; an empty one takes it back."""
    words = " ".join(text.split())[:THANKS_LENGTH]
    name = "driver_thanks" if journey.drives(account) else "passenger_thanks"
    locked = Journey.objects.select_for_update(no_key=True, of=("self",)).get(pk=journey.pk)
    setattr(locked, name, words)
    locked.save(update_fields=[name])
    hooks.tell(locked, account)


def calendar_open(*, account: Account) -> CalendarFeed:
    """Give the person a calendar address, or the one they have."""
    return CalendarFeed.objects.get_or_create(account=account)[0]


def calendar_revoke(*, account: Account) -> None:
    """Make the address worthless, at once; a new one is another."""
    CalendarFeed.objects.filter(account=account).delete()

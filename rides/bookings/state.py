"""What every write of bookings goes through: locks, state, seats that are free again."""

from __future__ import annotations

import datetime as dt

from django.db.models import prefetch_related_objects

from core.accounts.models import Account
from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.bookings import hooks
from rides.bookings.dates import Groups, Ride, all_rides, coming_groups, rides_of, upcoming
from rides.bookings.models import REASON_LENGTH, BookedRide, Booking, BookingEvent
from rides.bookings.seats import full_rides, live_bookings

Kind = BookingEvent.Kind
Status = Booking.Status
Ending = Booking.Ending


def take_out(booking: Booking, keys: list[RideKey], account: Account | None) -> None:
    """Cancel these rides of a booking, those of its weeks included."""
    rows = {(row.day, row.backwards, row.time): row for row in booking.rides.all()}
    weeks = list(booking.weeks.all())
    new = []
    for one in keys:
        row = rows.get((one.day, one.backwards, one.usual))
        times = {
            week.time
            for week in weeks
            if week.weekday == one.day.weekday() and week.backwards == one.backwards
        }
        if row is None:
            # Under the time that was booked, which the advert may have moved since.
            same = [r for r in rows.values() if (r.day, r.backwards) == (one.day, one.backwards)]
            row = same[0] if len(same) == 1 else None
        if row is not None:
            row.status, row.cancelled_by = BookedRide.Status.CANCELLED, account
            row.save(update_fields=["status", "cancelled_by"])
            continue
        at = one.usual if one.usual in times or len(times) != 1 else next(iter(times))
        new.append(
            BookedRide(
                booking=booking,
                day=one.day,
                backwards=one.backwards,
                time=at,
                status=BookedRide.Status.CANCELLED,
                cancelled_by=account,
            )
        )
    BookedRide.objects.bulk_create(new, ignore_conflicts=True)


def advert_lock(pk: int) -> Advert:
    """Lock an advert: whoever holds it alone decides about its seats. First of all locks."""
    return (
        Advert.objects.select_for_update(no_key=True, of=("self",))
        .select_related("author")
        .get(pk=pk)
    )


def booking_lock(booking: Booking) -> Booking:
    """Lock the advert, then the booking; return the booking as it is now."""
    advert = advert_lock(booking.advert_id)
    fresh = (
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .select_related("driver", "passenger")
        .get(pk=booking.pk)
    )
    fresh.advert = advert
    prefetch_related_objects([fresh], "rides", "weeks")
    return fresh


def coming_rides(booking: Booking, now: dt.datetime) -> tuple[Groups, list[Ride]]:
    """The advert's occurrences from today on, and the booking's rides that have not left."""
    found = coming_groups(booking, now)
    return found, upcoming(rides_of(booking, found), now)


def end(
    booking: Booking, ending: Booking.Ending, reason: str, now: dt.datetime, *, keep: bool = False
) -> None:
    """Bring a booking to ``cancelled``; what left before stays to be settled by both.

    Its dates stay as they are: with ``keep``, ``revive`` can take the end back.
    """
    confirmed = booking.status == Status.CONFIRMED
    booking.status_before = booking.status if keep else ""
    booking.status, booking.ending = Status.CANCELLED, ending
    booking.reason = reason.strip()[:REASON_LENGTH]
    booking.ended_at = now
    booking.save()
    if confirmed:
        follow(booking, now)
    else:
        booking.next_arrival_at = None
        booking.save(update_fields=["next_arrival_at"])


def revive(booking: Booking, now: dt.datetime) -> None:
    """Take the end of a booking back: it is again what it was."""
    booking.status, booking.ending = Status(booking.status_before), Ending.NONE
    booking.status_before, booking.reason, booking.ended_at = "", "", None
    booking.save()
    follow(booking, now)


def follow(booking: Booking, now: dt.datetime, found: Groups | None = None) -> None:
    """Recompute when a booking's next and last rides arrive, and whether all are done.

    ``confirmed`` becomes ``completed_pending_validation`` once its last ride is settled. ``found``:
    all occurrences that the booking can have, where they are known.
    """
    _read_again(booking)
    known = rides_of(booking, found) if found is not None else all_rides(booking)
    rides = [ride for ride in known if not ride.cancelled]
    coming = [ride.arrives_at for ride in rides if ride.arrives_at > booking.closed_until]
    if booking.status == Status.CANCELLED:
        ended = booking.ended_at or now
        coming = [
            ride.arrives_at
            for ride in rides
            if ride.arrives_at > booking.closed_until and ride.departs_at <= ended
        ]
    booking.next_arrival_at = min(coming, default=None)
    booking.last_arrival_at = max((ride.arrives_at for ride in rides), default=None)
    if booking.status == Status.CONFIRMED and not coming:
        booking.status = Status.COMPLETED
    booking.save(update_fields=["next_arrival_at", "last_arrival_at", "status"])


def _read_again(booking: Booking) -> None:
    """Read a booking's dates once, as they are now."""
    booking._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    prefetch_related_objects([booking], "rides", "weeks")


def promote(advert: Advert, now: dt.datetime) -> None:
    """Give seats that are free to the waiting list, first come, first served.

    Somebody who asks for more than is free waits on, and lets others pass.
    """
    waiting = list(
        Booking.objects.select_for_update(no_key=True, of=("self",))
        .filter(advert=advert, status=Status.WAITING_LIST)
        .select_related("driver", "passenger")
        .prefetch_related("rides", "weeks")
        .order_by("created_at", "pk")
    )
    if not waiting or advert.status != Advert.Status.ACTIVE:
        return
    for booking in waiting:
        booking.advert = advert
        found, coming = coming_rides(booking, now)
        if not coming or full_rides(
            advert,
            [ride.key for ride in coming],
            seats=booking.seats,
            author_drives=not booking.asked_by_driver,
            others=live_bookings(advert, since=coming[0].day, but=booking),
            found=found,
        ):
            continue
        booking.status = Status.WAITING
        booking.save(update_fields=["status"])
        follow(booking, now)
        event(booking, Kind.PROMOTED, None)


def event(
    booking: Booking,
    kind: BookingEvent.Kind,
    actor: Account | None,
    *,
    day: dt.date | None = None,
    text: str = "",
) -> BookingEvent:
    """Write down what happened and tell the upper apps."""
    made = BookingEvent.objects.create(
        booking=booking, kind=kind, actor=actor, day=day, text=text.strip()
    )
    hooks.tell(made)
    return made

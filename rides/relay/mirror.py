"""The asker's side: a booking is what the advert's region says it is."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from rides.bookings.errors import AdvertUnavailableError
from rides.bookings.models import (
    AGREED,
    REASON_LENGTH,
    BookedRide,
    BookedWeek,
    Booking,
    BookingEvent,
)
from rides.bookings.state import booking_lock, event, follow
from rides.relay.adverts import mirror_refresh
from rides.relay.errors import ForgedLetterError
from rides.relay.guests import guest_name
from rides.relay.models import Guest, RelayedBooking
from rides.relay.outgoing import introduce

Kind = BookingEvent.Kind
_STATES: Final = ("waiting_list", "waiting_confirmation", "confirmed", "cancelled")
_MOVED: Final = (Kind.ADVERT_CHANGED, Kind.ADVERT_BACK, Kind.CANCELLED_DAY)
"""After these the advert itself has other days or times."""
_OVER: Final = (Booking.Status.COMPLETED, Booking.Status.VALIDATED)


@transaction.atomic
def state_take(booking: Booking, guest: Guest, body: dict[str, Any]) -> None:
    """Bring a mirrored booking to what the other region says; an older version changes nothing."""
    if not booking.advert.elsewhere:
        raise ForgedLetterError("state")  # ours to decide
    if (body.get("event") or {}).get("kind") in _MOVED:
        with suppress(AdvertUnavailableError):  # no longer offered: as it was when last seen
            mirror_refresh(booking.advert.public_id)
    booking = booking_lock(booking)
    relay = RelayedBooking.objects.select_for_update().get(booking=booking)
    version = body.get("version")
    if not isinstance(version, int) or version <= relay.version:
        return
    relay.version, relay.acts_seen = version, max(relay.acts_seen, int(body.get("acts", 0)))
    relay.save(update_fields=["version", "acts_seen"])
    before = booking.status
    # What is under way there does not know yet what our member did since.
    if relay.acts_sent <= relay.acts_seen:
        _write(booking, body)
    if booking.status in AGREED and body.get("person"):
        introduce(booking, relay, guest)  # with our member's own points, before theirs are noted
        guest_name(guest, booking, body["person"])
        _points(booking, body.get("points"))
    _say(booking, guest, body.get("event") or {}, before)


def _write(booking: Booking, body: dict[str, Any]) -> None:
    now = timezone.now()
    status = str(body.get("status"))
    if status not in (*_STATES, *_OVER):
        raise ForgedLetterError("status")
    ended = status == Booking.Status.CANCELLED
    if not (booking.status in _OVER and status == Booking.Status.CONFIRMED):
        # A last ride that is done is noted by each region for itself.
        booking.status = Booking.Status.CONFIRMED if status in _OVER else Booking.Status(status)
    booking.ending = Booking.Ending(body.get("ending") or "") if ended else Booking.Ending.NONE
    booking.reason = str(body.get("reason", ""))[:REASON_LENGTH]
    booking.meeting = Booking.Meeting(body.get("meeting") or "")
    booking.meeting_label = str(body.get("meeting_label", ""))[:120]
    for name in ("seats", "price_cents", "metres"):
        if isinstance(body.get(name), int):
            setattr(booking, name, body[name])
    if ended and booking.ended_at is None:
        booking.ended_at = now
    if not ended:
        booking.ended_at, booking.status_before = None, ""
    if booking.status in AGREED and booking.answered_at is None:
        booking.answered_at = booking.closed_until = now
    booking.save()
    if "rides" in body:
        _dates(booking, body)
    follow(booking, now)


def _dates(booking: Booking, body: dict[str, Any]) -> None:
    BookedRide.objects.filter(booking=booking).delete()
    BookedWeek.objects.filter(booking=booking).delete()
    BookedRide.objects.bulk_create(
        BookedRide(
            booking=booking,
            day=dt.date.fromisoformat(day),
            backwards=bool(back),
            time=dt.time.fromisoformat(at),
            status=BookedRide.Status(status),
        )
        for day, back, at, status in body["rides"]
    )
    BookedWeek.objects.bulk_create(
        BookedWeek(
            booking=booking,
            weekday=int(weekday),
            backwards=bool(back),
            time=dt.time.fromisoformat(at),
            first=dt.date.fromisoformat(first),
            last=dt.date.fromisoformat(last),
        )
        for weekday, back, at, first, last in body["weeks"]
    )


def _points(booking: Booking, told: Any) -> None:
    """Where the two really meet and part, as the author's region tells once both have agreed."""
    if not isinstance(told, list) or len(told) != 2:
        return
    for name, pair in zip(("pickup", "dropoff"), told, strict=True):
        lat, lon = map(float, pair)
        if (lat, lon) != tuple(getattr(booking, name)) and -90 <= lat <= 90 and -180 <= lon <= 180:
            setattr(booking, f"{name}_own_lat", lat)
            setattr(booking, f"{name}_own_lon", lon)
    booking.save()


def _say(booking: Booking, guest: Guest, told: dict[str, Any], before: str) -> None:
    """Write what happened in the conversation, unless our member did it, or knows already."""
    kind, by = told.get("kind"), told.get("by")
    listed = kind == Kind.LISTED and before != Booking.Status.WAITING_LIST
    if kind not in BookingEvent.Kind.values or (by == "asker" and not listed):
        return
    if before == booking.status == Booking.Status.CANCELLED:
        return
    day = told.get("day")
    event(
        booking,
        BookingEvent.Kind(kind),
        guest.account if by == "author" else None,
        day=dt.date.fromisoformat(day) if day else None,
        # What one of ours said when they asked stands beside that already.
        text="" if listed else str(told.get("text", ""))[:1000],
    )

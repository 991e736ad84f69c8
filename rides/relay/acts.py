"""What an asker of the other region does to a booking of ours, by the services of bookings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from core.accounts.models import Account
from rides.bookings.models import Booking, BookingEvent
from rides.bookings.services import (
    booking_accept,
    booking_cancel,
    booking_decline_meeting,
    booking_restore,
)
from rides.bookings.state import coming_rides
from rides.relay.errors import ForgedLetterError

Kind = BookingEvent.Kind


def act_do(booking: Booking, asker: Account, body: dict[str, Any]) -> None:
    """Do it, or raise what the service raises."""
    act, text = body.get("act"), str(body.get("text", ""))
    if act in (Kind.WITHDRAWN, Kind.CANCELLED):
        booking_cancel(booking=booking, account=asker, reason=text)
    elif act == Kind.CANCELLED_FROM:
        booking_cancel(booking=booking, account=asker, reason=text, from_day=_day(body))
    elif act == Kind.CANCELLED_DAY:
        _cancel_day(booking, asker, body, text)
    elif act == Kind.ACCEPTED:
        booking_accept(booking=booking, account=asker, text=text)
    elif act == Kind.MEETING_DECLINED:
        booking_decline_meeting(booking=booking, account=asker, text=text)
    elif act == Kind.RESTORED:
        booking_restore(booking=booking, account=asker)
    else:
        raise ForgedLetterError("act")


def _cancel_day(booking: Booking, asker: Account, body: dict[str, Any], text: str) -> None:
    """Cancel those rides of a day that are cancelled there and not yet here."""
    day = _day(body)
    off = {(bool(back), str(at)) for back, at in body.get("off", ())}
    _found, coming = coming_rides(booking, timezone.now())
    for ride in coming:
        if ride.day == day and (ride.backwards, ride.usual.isoformat()) in off:
            booking_cancel(booking=booking, account=asker, reason=text, ride=ride.key)


def _day(body: dict[str, Any]) -> dt.date:
    try:
        return dt.date.fromisoformat(str(body.get("day")))
    except ValueError as error:
        raise ForgedLetterError("day") from error

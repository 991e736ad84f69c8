"""What letters between two regions say of conversations and bookings: JSON, version 1.

Every letter is about one conversation, whose identifier is the same in both regions and is the
letter's subject: they arrive in the order in which things happened.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from core.accounts.models import Account
from rides.adverts.inputs import RideKey
from rides.adverts.route_rules import CheckedPlace
from rides.bookings import access
from rides.bookings.inputs import Request, Wanted, WeekKey
from rides.bookings.models import AGREED, BookedRide, BookedWeek, Booking, BookingEvent
from rides.journeys.models import Journey
from rides.matching.geometry import Point
from rides.pooling.payloads import alias_of
from rides.relay.errors import ForgedLetterError
from rides.relay.models import RelayedBooking

MESSAGE: Final = "ride-message"
ASK: Final = "ride-ask"
STATE: Final = "ride-state"
ACT: Final = "ride-act"
PERSON: Final = "ride-person"
BLOCK: Final = "ride-block"
REPORT: Final = "ride-report"
UNDELIVERED: Final = "ride-undelivered"
GONE: Final = "ride-gone"
SAID: Final = "ride-said"

Kind = BookingEvent.Kind
ENDS: Final = {Kind.WITHDRAWN, Kind.CANCELLED, Kind.CANCELLED_DAY, Kind.CANCELLED_FROM}
"""Acts that only take away what was asked or agreed."""
MAX_ITEMS: Final = 400
"""Dates and weeks of one booking."""


def first_contact(advert: Any, account: Account) -> dict[str, Any]:
    """Which advert, and who gets in touch: what the other region needs to begin a conversation."""
    return {"advert": str(advert.public_id), "alias": alias_of(account.pk)}


def ask_of(booking: Booking, asker: Account) -> dict[str, Any]:
    """A request, as it was made here."""
    advert = booking.advert
    return {
        **first_contact(advert, asker),
        "booking": str(booking.public_id),
        **_dates(booking),
        "seats": booking.seats,
        "waits": booking.may_wait,
        "drives": booking.asked_by_driver,
        "pickup": _end(booking, "pickup", advert.origin),
        "dropoff": _end(booking, "dropoff", advert.destination),
        "text": booking.message,
    }


def _end(booking: Booking, name: str, usual: Point) -> dict[str, Any] | None:
    """Where somebody gets in or out, as others see it; None: at the advert's own end."""
    shown: Point = getattr(booking, name)
    if shown == usual:
        return None
    return {"label": getattr(booking, f"{name}_label"), "lat": shown.lat, "lon": shown.lon}


def request_of(body: dict[str, Any]) -> Request:
    """The same, as it is asked of the advert's region. Raises ``ForgedLetterError``."""
    try:
        rides = [
            RideKey(dt.date.fromisoformat(day), bool(back), dt.time.fromisoformat(at))
            for day, back, at, _status in body["rides"][:MAX_ITEMS]
        ]
        weeks = [
            (WeekKey(int(weekday), bool(back), dt.time.fromisoformat(at)), first, last)
            for weekday, back, at, first, last in body["weeks"][:MAX_ITEMS]
        ]
        bounds = [[dt.date.fromisoformat(day) for day in days] for _week, *days in weeks]
        return Request(
            wanted=Wanted(
                rides=rides,
                weeks=[week for week, _first, _last in weeks],
                first=min((first for first, _last in bounds), default=None),
                last=max((last for _first, last in bounds), default=None),
            ),
            seats=int(body["seats"]),
            drives=bool(body["drives"]),
            waiting_list=body.get("waits") is True,
            message=str(body["text"]),
            ends=(_place(body["pickup"]), _place(body["dropoff"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ForgedLetterError("request") from error


def _place(told: dict[str, Any] | None) -> CheckedPlace | None:
    if told is None:
        return None
    point = Point(float(told["lat"]), float(told["lon"]))
    label = str(told["label"]).strip()
    if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180 and 2 <= len(label) <= 120):
        raise ValueError("place")
    return CheckedPlace("", label, point, None)


def state_of(
    booking: Booking,
    relay: RelayedBooking,
    *,
    guest: Account,
    event: BookingEvent | None,
) -> dict[str, Any]:
    """All that the other region needs to show of a booking; names once both have agreed."""
    body: dict[str, Any] = {
        "booking": str(booking.public_id),
        "version": relay.version,
        "acts": relay.acts_seen,
        "status": booking.status,
        "ending": booking.ending,
        "reason": booking.reason,
        "meeting": booking.meeting,
        "meeting_label": booking.meeting_label,
        "seats": booking.seats,
        "price_cents": booking.price_cents,
        "metres": booking.metres,
        **_dates(booking),
        "event": None,
        "person": None,
        "points": None,
    }
    if event is not None:
        by = "none"
        if event.actor_id is not None:
            by = "asker" if event.actor_id == guest.pk else "author"
        body["event"] = {
            "kind": event.kind,
            "by": by,
            "day": event.day.isoformat() if event.day else None,
            "text": event.text,
        }
    if booking.status in AGREED:
        member = booking.other(guest)
        body["person"] = person_of(member)
        body["points"] = [list(point) for point in access.points_for(guest, booking)]
    return body


def person_of(account: Account) -> dict[str, str]:
    """Who somebody is to whom they share a booking with: as at home, and no more."""
    return {
        "first_name": account.first_name,
        "initial": account.last_name.strip()[:1].upper(),
        "phone": account.phone,
    }


def act_of(booking: Booking, relay: RelayedBooking, event: BookingEvent) -> dict[str, Any]:
    """What the asker did, as the advert's region will do it."""
    return {
        "booking": str(booking.public_id),
        "number": relay.acts_sent,
        "act": event.kind,
        "day": event.day.isoformat() if event.day else None,
        "text": event.text,
        "off": _off(booking, event.day),
    }


def said_of(journey: Journey, booking: Booking, account: Account) -> dict[str, Any]:
    """What one of ours says of a ride that has arrived; both regions name it in the same way."""
    return {
        "booking": str(booking.public_id),
        "day": journey.day.isoformat(),
        "back": journey.backwards,
        "at": journey.time.isoformat(),
        "says": journey.said(account),
        "thanks": journey.thanks(account)[0],
    }


def _off(booking: Booking, day: dt.date | None) -> list[list[Any]]:
    """The rides of a day that are cancelled: which of them exactly an act of that day means."""
    if day is None:
        return []
    rows = BookedRide.objects.filter(booking=booking, day=day, status=BookedRide.Status.CANCELLED)
    return [[row.backwards, row.time.isoformat()] for row in rows]


def _dates(booking: Booking) -> dict[str, Any]:
    rides = BookedRide.objects.filter(booking=booking)
    weeks = BookedWeek.objects.filter(booking=booking)
    return {
        "rides": [
            [row.day.isoformat(), row.backwards, row.time.isoformat(), row.status] for row in rides
        ],
        "weeks": [
            [
                row.weekday,
                row.backwards,
                row.time.isoformat(),
                row.first.isoformat(),
                row.last.isoformat(),
            ]
            for row in weeks
        ],
    }


def state_parts(body: dict[str, Any]) -> bool:
    """Whether a state only ends something (``Receiver.parting``)."""
    event = body.get("event") or {}
    return body.get("status") == Booking.Status.CANCELLED or event.get("kind") in ENDS


def act_parts(body: dict[str, Any]) -> bool:
    """Whether an act only ends something."""
    return body.get("act") in ENDS

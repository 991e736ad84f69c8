"""Bookings for tests, asked for through the service as a person would."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.bookings.inputs import Request, Wanted, WeekKey
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept, booking_request
from tests.factories import make_account
from tests.rides.situations import EVENING, MONDAY, MORNING


def ride(day: date = MONDAY, *, back: bool = False) -> RideKey:
    """The usual ride of a day of ``situations.weekly``."""
    return RideKey(day, back, EVENING if back else MORNING)


def every(*days: int, back: bool = True) -> list[WeekKey]:
    """Every week on these weekdays; Monday to Friday unless given."""
    chosen = days or tuple(range(5))
    keys = [WeekKey(day, False, MORNING) for day in chosen]
    return keys + [WeekKey(day, True, EVENING) for day in chosen if back]


def ask(advert: Advert, *rides: RideKey, asker: Any = None, **said: Any) -> Booking:
    """Somebody new asks for these rides (the next Monday's, unless given)."""
    key, now = said.pop("key", None), said.pop("now", None)
    wanted = Wanted(
        rides=rides or ([] if said.get("weeks") else [ride()]),
        weeks=said.pop("weeks", []),
        first=said.pop("first", None),
        last=said.pop("last", None),
    )
    return booking_request(
        asker=asker or make_account(),
        advert=advert,
        request=Request(wanted=wanted, **said),
        key=key,
        now=now,
    )


def agreed(advert: Advert, *rides: RideKey, now: datetime | None = None, **said: Any) -> Booking:
    """The same, and the advert's author says yes."""
    booking = ask(advert, *rides, now=now, **said)
    return booking_accept(booking=booking, account=advert.author, now=now)

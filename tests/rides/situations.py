"""Adverts for tests, published through the service as a person would."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rides.adverts.inputs import OneOff, Place, Slot, Weekly
from rides.adverts.models import Advert
from rides.adverts.services import advert_publish
from tests.factories import make_account

RENNES, VITRE, FOUGERES, NANTES, BREST = "35238", "35360", "35115", "44109", "29019"
SAINT_MALO, CESSON = "35288", "35051"
TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
"""The next Monday, never today."""
MORNING, EVENING = time(7, 40), time(17, 30)


def weekly(*days: int, at: time = MORNING, back: time | None = EVENING, **dates: Any) -> Weekly:
    """A week; Monday to Friday unless days are given."""
    return Weekly([Slot(day, at, back) for day in days or range(5)], **dates)


def once(day: date = MONDAY, at: time = time(9, 0), **back: Any) -> OneOff:
    """One day."""
    return OneOff(day, at, **back)


def make_advert(origin: str = RENNES, destination: str = VITRE, **said: Any) -> Advert:
    """An advert of someone new, from Rennes to Vitré and back, Monday to Friday."""
    said.setdefault("author", None)
    author = said.pop("author") or make_account()
    said.setdefault("role", "driver")
    said.setdefault("planning", weekly())
    said.setdefault("seats", 3)
    return advert_publish(
        author=author, origin=Place(origin), destination=Place(destination), **said
    )

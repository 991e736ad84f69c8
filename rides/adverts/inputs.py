"""What a person says of an advert, before anything is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from rides.matching.geometry import Point


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality by its INSEE code, perhaps with words (« Gare sud ») and an exact point."""

    code: str
    detail: str = ""
    """Shown to everyone beside the municipality's name."""
    own_point: Point | None = None
    """The member's own point: kept for them; others see the grid cell that holds it."""


@dataclass(frozen=True, slots=True)
class OneOff:
    """One day, wall clock; the return, when there is one, has both a date and a time."""

    date: dt.date
    time: dt.time
    return_date: dt.date | None = None
    return_time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One ride of one weekday (0 Monday … 6 Sunday) of a regular advert, wall clock."""

    weekday: int
    time: dt.time
    return_time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Weekly:
    """The weekdays of a regular advert; valid from today and for a year unless said otherwise."""

    slots: Sequence[Slot]
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


Planning = OneOff | Weekly

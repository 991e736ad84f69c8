"""What a person says of an advert, before anything is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rides.matching.geometry import Point

if TYPE_CHECKING:
    from communities.communities.models import Community


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality by its INSEE code, perhaps with words (« Gare sud ») and an exact point."""

    code: str
    detail: str = ""
    """Shown to everyone beside the municipality's name."""
    own_point: Point | None = None
    """The member's own point: kept for them; others see the grid cell that holds it."""
    carpool_place: int | None = None
    """Primary key of a carpool place in that municipality: a stop is exactly there."""


@dataclass(frozen=True, slots=True)
class RideKey:
    """One ride of one day, by the time at which it usually leaves (wall clock)."""

    day: dt.date
    backwards: bool
    """Whether it is the advert's return."""
    usual: dt.time


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


@dataclass(frozen=True, slots=True)
class AdvertInput:
    """A whole advert."""

    role: str
    origin: Place
    destination: Place
    planning: Planning
    seats: int
    stops: Sequence[Place] = ()
    """In the order in which the outward ride passes them."""
    cents_per_km: int | None = None
    """Contribution of one passenger; 0 is free, None what the region suggests."""
    school_holidays: bool = True
    """Whether it runs during them; likewise public holidays."""
    public_holidays: bool = True
    wheelchair: bool = False
    same_gender: bool = False
    comment: str = ""
    communities: Sequence[Community] = ()

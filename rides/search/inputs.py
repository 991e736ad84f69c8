"""What a search asks, once it makes sense (``rules.search_query`` sees to that)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from rides.adverts.hiding import NOBODY
from rides.matching.figures import DEFAULT_RADIUS_M, PAGE
from rides.matching.geometry import Point


class LookingFor(StrEnum):
    """Whom one looks for: a passenger finds drivers, a driver finds passengers."""

    DRIVERS = "drivers"
    PASSENGERS = "passengers"


class Side(StrEnum):
    """On which side of the time asked for a ride may lie."""

    AROUND = "around"
    BEFORE = "before"
    AFTER = "after"


class Sort(StrEnum):
    """What comes first. Ties are broken by the rank."""

    BEST = "best"
    """Least detour + walk + difference of time."""
    TIME = "time"
    """Earliest pick-up."""
    WALK = "walk"
    """Least distance on foot."""
    PRICE = "price"
    """Least contribution for the part shared."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question. Give ``day`` or ``weekdays``; times are wall clock in ``zone``."""

    origin: Point
    destination: Point
    zone: str
    day: dt.date | None = None
    weekdays: frozenset[int] = frozenset()
    """0 Monday … 6 Sunday; of « Trajet régulier »."""
    at: dt.time | None = None
    """When to be picked up; of somebody who looks for passengers, when they leave."""
    margin_minutes: int = 60
    side: Side = Side.AROUND
    seats: int = 1
    """Seats needed; of somebody who looks for passengers, seats offered."""
    radius: float = DEFAULT_RADIUS_M
    """Metres: how near a route must pass."""
    looking_for: LookingFor = LookingFor.DRIVERS
    role: str = ""
    """« Type d'annonce »: adverts of this role only."""
    community: int | None = None
    """Adverts published in this community only, by its members."""
    free: bool = False
    wheelchair: bool = False
    same_gender: bool = False
    """Adverts of people of the reader's civil title only."""
    title: str = ""
    """The reader's civil title; empty for visitors and who said none."""
    reader: int = NOBODY
    """Who asks, by primary key: members see what their communities hide from others."""
    without: frozenset[int] = frozenset()
    """Accounts whose adverts are left out."""
    sort: Sort = Sort.BEST
    first: int = 0
    """How many rides to pass over."""
    count: int = PAGE
    """How many rides to return."""

"""What a person asks for, before anything is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from rides.adverts.inputs import Place, RideKey
from rides.adverts.route_rules import CheckedPlace


@dataclass(frozen=True, slots=True)
class WeekKey:
    """One weekday (0 Monday … 6 Sunday) and direction of a regular advert, at its usual time."""

    weekday: int
    backwards: bool
    time: dt.time


@dataclass(frozen=True, slots=True)
class Wanted:
    """Some dates, or every week; at least one of them."""

    rides: Sequence[RideKey] = ()
    weeks: Sequence[WeekKey] = ()
    first: dt.date | None = None
    """First day of ``weeks``; today unless given."""
    last: dt.date | None = None
    """Last day of ``weeks``; the advert's own unless given."""


@dataclass(frozen=True, slots=True)
class Request:
    """All that a person says when they ask."""

    wanted: Wanted
    seats: int = 1
    pickup: Place | None = None
    """Where the passenger gets in; the advert's departure unless given."""
    dropoff: Place | None = None
    message: str = ""
    drives: bool = False
    """On an advert whose author is driver or passenger: the asker drives."""
    waiting_list: bool = False
    """Wait for a seat where there is none left."""
    skip_full: bool = False
    """Leave out the dates that have no seat left."""
    ends: tuple[CheckedPlace | None, CheckedPlace | None] = (None, None)
    """Where they get in and out, checked by a partner region; then no place is looked up."""

"""What a search may ask. The page and the API build their queries here, and nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.access import communities_visible_to
from communities.communities.models import Community
from core.accounts.access import is_member
from regions.territories.models import Municipality
from rides.adverts.hiding import NOBODY
from rides.adverts.models import MAX_SEATS
from rides.adverts.settings import rides_settings
from rides.conversations.access import blocked_ids
from rides.matching.figures import DEFAULT_RADIUS_M, MAX_TRIP_M, MIN_TRIP_M, PAGE
from rides.matching.geometry import Point, distance
from rides.matching.timing import wall_clock
from rides.search.errors import SearchError
from rides.search.inputs import LookingFor, SearchQuery, Side, Sort
from tenants.context import current_tenant

LATE: Final = dt.time(17)
"""From this hour on, people look for tomorrow."""
MARGINS: Final = (15, 30, 60, 120)
"""Minutes, give or take, that a search may ask for."""
DEFAULT_MARGIN: Final = 60
AHEAD_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader wants to see only, and who reads (``filters_for`` knows)."""

    role: str = ""
    community: Community | None = None
    free: bool = False
    wheelchair: bool = False
    same_gender: bool = False
    title: str = ""
    reader: int = NOBODY
    without: frozenset[int] = frozenset()


def filters_for(
    reader: Any,
    *,
    role: str = "",
    community: str = "",
    free: bool = False,
    wheelchair: bool = False,
    same_gender: bool = False,
) -> Filters:
    """The filters as they hold for a reader (an account or a visitor).

    A community is any that the reader sees, by its slug, as its own page shows its adverts to all
    but those whom it hides them from; an unknown one filters nothing. People of one's own civil
    title only where the region allows it, and to members who gave theirs.
    """
    within = None
    if community:
        within = communities_visible_to(reader).filter(slug=community).first()
    title = reader.title if is_member(reader) else ""
    return Filters(
        role=role,
        community=within,
        free=free,
        wheelchair=wheelchair,
        same_gender=bool(same_gender and title and rides_settings().same_gender_allowed),
        title=title,
        reader=reader.pk if is_member(reader) else NOBODY,
        without=frozenset(blocked_ids(reader)) if is_member(reader) else frozenset(),
    )


def likely_day() -> dt.date:
    """The day that people who say nothing most likely mean: today, or tomorrow once it is late."""
    now = wall_clock(timezone.now(), current_tenant().time_zone)
    return now.date() + dt.timedelta(days=1 if now.time() >= LATE else 0)


def day_problem(day: dt.date) -> str | Promise | None:
    """What is wrong with a day to search on, in words; None for nothing."""
    today = wall_clock(timezone.now(), current_tenant().time_zone).date()
    if day < today:
        return _("This date is past.")
    if (day - today).days > AHEAD_DAYS:
        return _("This date is more than a year ahead.")
    return None


def point_of(municipality: Municipality) -> Point:
    """Where a located municipality is."""
    assert municipality.lat is not None
    assert municipality.lon is not None
    return Point(municipality.lat, municipality.lon)


def search_query(
    *,
    origin: Municipality,
    destination: Municipality,
    regular: bool = False,
    day: dt.date | None = None,
    weekdays: Iterable[int] = (),
    at: dt.time | None = None,
    margin_minutes: int = DEFAULT_MARGIN,
    side: str = Side.AROUND,
    seats: int | None = None,
    radius: float = DEFAULT_RADIUS_M,
    looking_for: str = LookingFor.DRIVERS,
    filters: Filters | None = None,
    sort: str = Sort.BEST,
    first: int = 0,
    count: int = PAGE,
) -> SearchQuery:
    """Return the query; raise ``SearchError`` with the fields at fault (``date``, ``destination``).

    Without ``regular``, no ``day`` means the likeliest one. With it, no ``weekdays`` (0 Monday …
    6 Sunday) means any. Without ``seats``, a passenger needs one, and a driver offers enough for
    anyone.
    """
    filters = filters or Filters()
    fields: dict[str, str | Promise] = {}
    metres = distance(point_of(origin), point_of(destination))
    if metres < MIN_TRIP_M:
        fields["destination"] = _("Departure and arrival are the same place.")
    elif metres > MAX_TRIP_M:
        fields["destination"] = _("This is more than 1,500 km away: too far for carpooling.")
    problem = day_problem(day) if day is not None and not regular else None
    if problem is not None:
        fields["date"] = problem
    if fields:
        raise SearchError(
            _("This search cannot be made: some of it needs correcting."),
            code="invalid_search",
            fields=fields,
        )
    return SearchQuery(
        origin=point_of(origin),
        destination=point_of(destination),
        zone=current_tenant().time_zone,
        day=None if regular else day or likely_day(),
        weekdays=frozenset(weekdays or range(7)) if regular else frozenset(),
        at=at,
        margin_minutes=margin_minutes,
        side=Side(side),
        seats=seats or (1 if looking_for == LookingFor.DRIVERS else MAX_SEATS),
        radius=radius,
        looking_for=LookingFor(looking_for),
        role=filters.role,
        community=filters.community.pk if filters.community else None,
        free=filters.free,
        wheelchair=filters.wheelchair,
        same_gender=filters.same_gender,
        title=filters.title,
        reader=filters.reader,
        without=filters.without,
        sort=Sort(sort),
        first=first,
        count=count,
    )

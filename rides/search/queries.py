"""``search_adverts``: the rides that suit a passenger, best first. It reads, and never writes.

One statement reads the candidates (adverts online whose route's box meets both ends of the trip,
with seats, and that run on the days asked for), ``rides.matching`` measures them exactly, and one
statement reads what the page shows. When nothing passes within the default radius, one wider
statement looks for the nearest rides; when a search for today comes too late for today, tomorrow is
looked at. Both are said in the results, never silent.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.utils import timezone

from rides.adverts.models import Advert
from rides.adverts.queries import for_cards
from rides.matching.figures import DEFAULT_RADIUS_M, PAGE, WIDER_RADII_M
from rides.matching.geometry import Point, around, sine_of, unit
from rides.matching.match import Match, Ride, Wish, match
from rides.matching.passage import Passage, Trip, passages
from rides.matching.timing import wall_clock


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a passenger asks for. Give ``day`` or ``weekdays``; times are wall clock in ``zone``."""

    origin: Point
    destination: Point
    zone: str
    day: dt.date | None = None
    weekdays: frozenset[int] = frozenset()
    """0 Monday … 6 Sunday; of « Trajet régulier »."""
    at: dt.time | None = None
    margin_minutes: int = 60
    seats: int = 1
    first: int = 0
    """How many rides to pass over."""
    count: int = PAGE
    """How many rides to return."""


@dataclass(frozen=True, slots=True)
class FoundRide:
    """A ride that suits, with the advert it belongs to, ready to be shown."""

    advert: Advert
    """With its author, schedules and publications already read."""
    match: Match

    @property
    def passage(self) -> Passage:
        """How its route passes the trip."""
        return self.match.passage

    @property
    def backwards(self) -> bool:
        """Whether it is the advert's return."""
        return self.match.ride.backwards


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer, and what it answers."""

    query: SearchQuery
    rides: Sequence[FoundRide]
    """Those asked for, best first."""
    total: int
    """How many suit in all."""
    radius: float
    """Metres: every ride passes this close to both ends; the default unless nothing did."""
    day: dt.date | None
    """The day of the rides: the one asked for, or the next when nothing leaves any more today."""

    @property
    def widened(self) -> bool:
        """Whether these are only the nearest rides, none being near enough."""
        return self.radius > DEFAULT_RADIUS_M

    @property
    def moved(self) -> bool:
        """Whether these leave on the day after the one asked for."""
        return self.day != self.query.day

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return self.query.first + len(self.rides) < self.total


class _Row(NamedTuple):
    """One advert and one of its weekdays (a one-off advert has one row)."""

    pk: int
    public_id: uuid.UUID
    seats: int
    zone: str
    origin_lat: float
    origin_lon: float
    destination_lat: float
    destination_lon: float
    date: dt.date | None
    time: dt.time | None
    return_date: dt.date | None
    return_time: dt.time | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    weekday: int | None
    slot_time: dt.time | None
    slot_return: dt.time | None


_ENDS = slice(4, 8)
"""The four degrees of a ``_Row``."""


def search_adverts(query: SearchQuery, *, now: dt.datetime | None = None) -> SearchResults:
    """Return the rides that suit ``query``, best first: drivers, and those who would drive.

    Exact: the same rides in the same order as looking at every advert. Nothing is found for a day
    in the past.
    """
    now = now or timezone.now()
    wish = Wish(
        trip=Trip(query.origin, query.destination),
        now=now,
        zone=query.zone,
        seats=query.seats,
        day=query.day,
        weekdays=query.weekdays,
        at=query.at,
        margin=query.margin_minutes * 60.0,
    )
    found, radius = _nearest(wish)
    if not found and wish.day is not None and wish.day == wall_clock(now, query.zone).date():
        later = replace(wish, day=wish.day + dt.timedelta(days=1))
        found, radius = _nearest(later)
        wish = later if found else wish
    shown = found[query.first : query.first + query.count]
    return SearchResults(
        query=query,
        rides=_with_adverts(shown),
        total=len(found),
        radius=radius,
        day=wish.day,
    )


def _nearest(wish: Wish) -> tuple[list[tuple[Match, int]], float]:
    """Matches within the default radius, else within the least wider one that has any."""
    found = _matches(wish, DEFAULT_RADIUS_M)
    if found:
        return found, DEFAULT_RADIUS_M
    widest = WIDER_RADII_M[-1]
    found = _matches(wish, widest)
    for radius in WIDER_RADII_M:
        within = [one for one in found if one[0].passage.reach <= radius]
        if within:
            return within, radius
    return [], DEFAULT_RADIUS_M


def _matches(wish: Wish, radius: float) -> list[tuple[Match, int]]:
    """Every match within ``radius``, best first, with its advert's primary key."""
    adverts: dict[int, list[tuple[Any, ...]]] = {}
    for row in candidates(wish, radius):
        adverts.setdefault(row[0], []).append(row)
    if not adverts:
        return []
    slots = list(adverts.values())
    ends = np.array([rows[0][_ENDS] for rows in slots], dtype=np.float64)
    found: list[tuple[Match, int]] = []
    both = passages(wish.trip, ends[:, :2], ends[:, 2:], radius=radius)
    for backwards, passed in zip((False, True), both, strict=True):
        for index, passage in passed.items():
            rows = [_Row._make(row) for row in slots[index]]
            ride = _ride(rows, backwards=backwards)
            matched = match(wish, ride, passage) if ride else None
            if matched:
                found.append((matched, rows[0].pk))
    return sorted(found, key=lambda one: one[0].rank)


_COLUMNS = """
SELECT a.id, a.public_id, a.seats, a.zone,
       a.origin_lat, a.origin_lon, a.destination_lat, a.destination_lon,
       a.date, a.time, a.return_date, a.return_time, a.valid_from, a.valid_until,
       s.weekday, s.time, s.return_time
  FROM adverts_advert a
  JOIN accounts_account author ON author.id = a.author_id
  LEFT JOIN adverts_schedule s ON s.advert_id = a.id AND s.weekday = ANY(%(weekdays)s)
 WHERE author.is_active AND a.status = 'active' AND a.role IN ('driver', 'either')
   AND a.seats >= %(seats)s
   AND a.south <= %(south)s AND a.north >= %(north)s
   AND a.west <= %(west)s AND a.east >= %(east)s
   AND abs(a.plane_x * %(ax)s + a.plane_y * %(ay)s + a.plane_z * %(az)s) <= %(sine)s
   AND abs(a.plane_x * %(bx)s + a.plane_y * %(by)s + a.plane_z * %(bz)s) <= %(sine)s
"""
_ON_DAYS = """
   AND (a.kind = 'one_off' AND (a.date = ANY(%(days)s) OR a.return_date = ANY(%(days)s))
     OR a.kind = 'regular' AND s.weekday IS NOT NULL
        AND a.valid_from <= %(last)s AND a.valid_until >= %(first)s)
"""
_EVERY_WEEK = """
   AND a.kind = 'regular' AND s.weekday IS NOT NULL AND a.valid_until >= %(first)s
"""


def candidates(wish: Wish, radius: float) -> list[tuple[Any, ...]]:
    """The adverts that may suit: a superset, in one statement; a ``_Row`` per weekday that counts.

    An advert's box must meet the reach of both ends of the trip: it begins, on each side, before
    the reach that ends first, and ends after the reach that begins last. And both ends must lie
    near the great circle of its route. Written in SQL because building it costs as much as running
    it.
    """
    reaches = [around(point, radius) for point in (wish.trip.origin, wish.trip.destination)]
    asked: dict[str, Any] = {
        "weekdays": sorted(wish.leaving_weekdays()),
        "seats": wish.seats,
        "south": min(box.north for box in reaches),
        "north": max(box.south for box in reaches),
        "west": min(box.east for box in reaches),
        "east": max(box.west for box in reaches),
        "sine": sine_of(radius),
        **dict(zip(("ax", "ay", "az"), unit(wish.trip.origin), strict=True)),
        **dict(zip(("bx", "by", "bz"), unit(wish.trip.destination), strict=True)),
    }
    if wish.day is None:
        asked["first"] = wall_clock(wish.now, wish.zone).date()
    else:
        days = wish.days()
        asked |= {"days": list(days), "first": days[0], "last": days[-1]}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS + (_EVERY_WEEK if wish.day is None else _ON_DAYS), asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _ride(slots: Sequence[_Row], *, backwards: bool) -> Ride | None:
    """One direction of an advert; None when it has no return, or none on these days."""
    row = slots[0]
    if row.weekday is None:
        day = row.return_date if backwards else row.date
        at = row.return_time if backwards else row.time
        if day is None or at is None:
            return None
        return Ride(row.public_id, backwards, row.seats, row.zone, day=day, at=at)
    times = {
        slot.weekday: at
        for slot in slots
        if slot.weekday is not None
        and (at := slot.slot_return if backwards else slot.slot_time) is not None
    }
    if not times:
        return None
    return Ride(
        row.public_id,
        backwards,
        row.seats,
        row.zone,
        times=times,
        valid_from=row.valid_from or dt.date.min,
        valid_until=row.valid_until or dt.date.max,
    )


def _with_adverts(shown: Sequence[tuple[Match, int]]) -> list[FoundRide]:
    adverts = {advert.pk: advert for advert in for_cards({key for _match, key in shown})}
    # An advert that went away between both statements is left out.
    return [FoundRide(adverts[key], found) for found, key in shown if key in adverts]

"""``search_adverts``: the rides that suit, best first. It reads, and never writes.

One statement reads the candidates through the index (``candidates``), ``rides.matching`` measures
them exactly, and one statement reads what the page shows. When nothing passes within the radius
asked for, one wider statement looks for the nearest rides; when a search for today comes too late
for today, tomorrow is looked at. Both are said in the results, never silent.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from django.utils import timezone

from regions.pool.queries import PooledRow
from rides.adverts.calendars import days_without
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.prices import price_cents
from rides.adverts.queries import for_cards
from rides.adverts.settings import rides_settings, school_zone_of
from rides.matching.figures import ROAD_FACTOR, WIDER_RADII_M
from rides.matching.match import Ride, Times, When, Wish, clock, cost
from rides.matching.passage import (
    Passage,
    Passages,
    Trip,
    legs_of,
    passages,
    passages_of,
)
from rides.matching.timing import DAY_S, drive_seconds, wall_clock
from rides.relay.adverts import partner_adverts
from rides.search.candidates import CLOSED, Candidate, candidates, day_of
from rides.search.inputs import LookingFor, SearchQuery, Side, Sort
from rides.search.partners import all_candidates


class Match(NamedTuple):
    """One direction of an advert that suits, and what it costs to both."""

    advert: uuid.UUID
    backwards: bool
    """Whether it is the advert's return."""
    passage: Passage
    when: When
    cost: int
    """Whole seconds: detour, walk and difference of time; fewer is better."""
    cents_per_km: int

    @property
    def day(self) -> dt.date | None:
        """The day it leaves; None for a weekly wish."""
        return self.when.day

    @property
    def at(self) -> dt.time:
        """When it leaves its origin, wall clock of the advert's zone."""
        return clock(self.when.second)

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays of a weekly wish that it serves; empty for a wish of one day."""
        return self.when.weekdays

    @property
    def difference(self) -> float:
        """Seconds between the time asked for and the pick-up; 0 when no time was asked for."""
        return self.when.difference

    @property
    def rank(self) -> tuple[int, int, bool]:
        """The order of results: cost, then the advert's UUID, then outward before return.

        It is total, so pages never overlap.
        """
        return self.cost, self.advert.int, self.backwards


@dataclass(frozen=True, slots=True)
class Detour:
    """How long a driver is on the way because of a passenger."""

    seconds: float
    estimated: bool = True
    """Whether it is worked out from straight lines, no router having answered."""


@dataclass(frozen=True, slots=True)
class FoundRide:
    """A ride that suits, with the advert it belongs to, ready to be shown."""

    advert: Advert
    """With its author, schedules and publications already read."""
    match: Match
    far: bool
    """Whether it passes farther away than what was asked for."""
    detour: Detour
    """What the driver adds, by the router where there is one."""
    partner: PooledRow | None = None
    """Of a ride of another region: what its pool tells; ``advert`` is then never saved, and has
    no author."""

    @property
    def passage(self) -> Passage:
        """How its route passes the trip."""
        return self.match.passage

    @property
    def backwards(self) -> bool:
        """Whether it is the advert's return."""
        return self.match.backwards


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The answer, and what it answers."""

    query: SearchQuery
    rides: Sequence[FoundRide]
    """Those asked for, best first."""
    total: int
    """How many suit in all."""
    radius: float
    """Metres: every ride passes this close to both ends; the one asked for unless nothing did."""
    day: dt.date | None
    """The day of the rides: the one asked for, or the next when nothing leaves any more today."""

    @property
    def widened(self) -> bool:
        """Whether these are only the nearest rides, none being near enough."""
        return self.radius > self.query.radius

    @property
    def moved(self) -> bool:
        """Whether these leave on the day after the one asked for."""
        return self.day != self.query.day

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return self.query.first + len(self.rides) < self.total


class Found(NamedTuple):
    """A match, and the primary key of its advert."""

    match: Match
    key: int


def search_adverts(
    query: SearchQuery, *, now: dt.datetime | None = None, partners: bool = False
) -> SearchResults:
    """Return the rides that suit ``query``, best first; with ``partners``, other regions' too.

    Exact: the same rides in the same order as looking at every advert. Nothing is found for a day
    in the past.
    """
    now = now or timezone.now()
    wish = wish_of(query, now)
    others: dict[int, PooledRow] | None = {} if partners else None
    found, radius = _nearest(query, wish, others)
    if not found and wish.day is not None and wish.day == wall_clock(now, query.zone).date():
        later = replace(wish, day=wish.day + dt.timedelta(days=1))
        found, radius = _nearest(query, later, others)
        wish = later if found else wish
    shown = found[query.first : query.first + query.count]
    return SearchResults(
        query=query,
        rides=_with_adverts(shown, query.radius, others or {}),
        total=len(found),
        radius=radius,
        day=wish.day,
    )


def wish_of(query: SearchQuery, now: dt.datetime) -> Wish:
    """When the one who asks wants to go."""
    margin = query.margin_minutes * 60.0
    return Wish(
        now=now,
        zone=query.zone,
        day=query.day,
        weekdays=query.weekdays,
        at=query.at,
        before=0.0 if query.side == Side.AFTER else margin,
        after=0.0 if query.side == Side.BEFORE else margin,
        drives=query.looking_for == LookingFor.PASSENGERS,
    )


def best_matches(query: SearchQuery, *, now: dt.datetime) -> list[Found]:
    """The whole answer without its adverts: matches within the radius asked for, and no wider."""
    wish = wish_of(query, now)
    return matches(query, wish, candidates(query, wish, query.radius), query.radius)


def _nearest(
    query: SearchQuery, wish: Wish, others: dict[int, PooledRow] | None
) -> tuple[list[Found], float]:
    """Matches within the radius asked for, else within the least wider one that has any."""
    found = matches(query, wish, all_candidates(query, wish, query.radius, others), query.radius)
    if found:
        return found, query.radius
    rows = all_candidates(query, wish, WIDER_RADII_M[-1], others)
    for radius in WIDER_RADII_M:
        if radius > query.radius:
            found = matches(query, wish, rows, radius)
            if found:
                return found, radius
    return [], query.radius


def matches(
    query: SearchQuery, wish: Wish, rows: Sequence[Candidate], radius: float
) -> list[Found]:
    """Every match among ``rows`` within ``radius`` metres, in the order asked for."""
    if not rows:
        return []
    passed = _passages(query, rows, radius)
    needed = query.seats if query.looking_for == LookingFor.DRIVERS else 0
    rides = _Rides(rows, wish, needed)
    times = Times(wish)
    best: dict[tuple[int, bool], tuple[int, When, int]] = {}
    for number, (index, backwards, effort, offset) in enumerate(
        zip(
            passed.index.tolist(),
            passed.backwards.tolist(),
            passed.effort.tolist(),
            passed.offset.tolist(),
            strict=True,
        )
    ):
        ride = rides.get(index, backwards=backwards)
        when = times.best(ride, offset) if ride is not None else None
        if when is None:
            continue
        one = (cost(effort, when.difference), when, number)
        known = best.get((index, backwards))
        if known is None or (one[0], offset) < (known[0], passed.offset[known[2]]):
            best[index, backwards] = one
    found = [
        Found(
            Match(
                rows[index].public_id,
                backwards,
                passed.one(number),
                when,
                seconds,
                rows[index].cents_per_km,
            ),
            rows[index].pk,
        )
        for (index, backwards), (seconds, when, number) in best.items()
    ]
    return sorted(found, key=_ORDER[query.sort])


def _passages(query: SearchQuery, rows: Sequence[Candidate], radius: float) -> Passages:
    trip = Trip(query.origin, query.destination)
    if query.looking_for == LookingFor.DRIVERS:
        legs = legs_of([row.line for row in rows])
        return passages(trip, legs, radius=radius, near=query.radius)
    ends = np.array([(*row.line[:2], *row.line[-2:]) for row in rows])
    return passages_of(trip, ends[:, :2], ends[:, 2:], radius=radius, near=query.radius)


def _pick_up(found: Found) -> float:
    """When the passenger gets in: seconds since the year 1, or of the week for a weekly wish."""
    when, passage = found.match.when, found.match.passage
    drive = drive_seconds(passage.length) if passage.length else 0.0
    offset = drive * passage.pick_up / passage.length if passage.length else 0.0
    day = when.day.toordinal() if when.day is not None else 0
    return day * DAY_S + when.second + offset


_ORDER = {
    Sort.BEST: lambda one: one.match.rank,
    Sort.TIME: lambda one: (_pick_up(one) // 60, one.match.rank),
    Sort.WALK: lambda one: (
        round(one.match.passage.walk_before + one.match.passage.walk_after),
        one.match.rank,
    ),
    Sort.PRICE: lambda one: (
        price_cents(one.match.passage.shared * ROAD_FACTOR, one.match.cents_per_km),
        one.match.rank,
    ),
}


class _Rides:
    """The two directions of candidates, each made once and only where it passes."""

    def __init__(self, rows: Sequence[Candidate], wish: Wish, seats: int) -> None:
        self._rows, self._wish, self._seats = rows, wish, seats
        self._made: dict[tuple[int, bool], Ride | None] = {}
        self._holidays: dict[tuple[str, bool, bool], frozenset[dt.date]] = {}
        self._rules: RidesSettings | None = None

    def get(self, index: int, *, backwards: bool) -> Ride | None:
        """One direction of a candidate; None when it has no such ride."""
        if (index, backwards) not in self._made:
            self._made[index, backwards] = self._ride(self._rows[index], backwards)
        return self._made[index, backwards]

    def _ride(self, row: Candidate, backwards: bool) -> Ride | None:
        changed: dict[tuple[dt.date, int], int | None] = {}
        full: set[tuple[int, int]] = set()
        # Most rides have neither: this is asked of every candidate.
        if row.exceptions:
            for number, back, usual, moved in _fours(row.exceptions):
                if back == backwards:
                    changed[day_of(number), usual] = None if moved < 0 else moved
        if row.booked:
            for number, back, usual, taken in _fours(row.booked):
                if back == backwards and (taken >= CLOSED or row.seats - taken < self._seats):
                    full.add((number, usual))
            if self._wish.day is not None:
                changed.update(((day_of(number), usual), None) for number, usual in full)
                full = set()
        if row.valid_from is None or row.valid_until is None:
            day = row.return_date if backwards else row.date
            at = row.return_time if backwards else row.time
            if day is None or at is None:
                return None
            return Ride(row.zone, once=(day_of(day), at), changed=changed)
        weekly = [divmod(packed >> 1, DAY_S) for packed in row.week if packed & 1 == backwards]
        if full:
            weekly = [slot for slot in weekly if slot not in full]
        if not weekly:
            return None
        return Ride(
            row.zone,
            weekly=weekly,
            valid_from=day_of(row.valid_from),
            valid_until=day_of(row.valid_until),
            off=self._off(row),
            changed=changed,
        )

    def _off(self, row: Candidate) -> frozenset[dt.date]:
        """The days asked for that are holidays on which the advert does not run."""
        if self._wish.day is None or (row.school_holidays and row.public_holidays):
            return frozenset()
        asked = row.origin_code, row.school_holidays, row.public_holidays
        known = self._holidays.get(asked)
        if known is None:
            days = self._wish.days()
            zone = ""
            if not row.school_holidays:
                self._rules = self._rules or rides_settings()
                zone = school_zone_of(row.origin_code, self._rules)
            known = self._holidays[asked] = days_without(
                days[0],
                days[-1],
                code=row.origin_code,
                zone=zone,
                school=not row.school_holidays,
                public=not row.public_holidays,
            )
        return known


def _fours(numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return zip(*[iter(numbers)] * 4, strict=True)


def _with_adverts(
    shown: Sequence[Found], near: float, others: Mapping[int, PooledRow]
) -> list[FoundRide]:
    own = for_cards({one.key for one in shown if one.key not in others})
    adverts = {advert.pk: advert for advert in own}
    foreign = [others[one.key] for one in shown if one.key in others]
    if foreign:
        adverts |= partner_adverts(foreign)
    # An advert that went away between both statements is left out.
    return [
        FoundRide(
            adverts[one.key],
            one.match,
            far=one.match.passage.reach > near,
            detour=Detour(one.match.passage.detour_seconds),
            partner=others.get(one.key),
        )
        for one in shown
        if one.key in adverts
    ]

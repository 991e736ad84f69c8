"""What a search must find, by looking at every advert: slow, plain, and independent.

Imports nothing of ``rides.matching``: figures are written again, distances come from the
schoolbook's haversine and cross-track formulas, times from zoneinfo.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

EARTH = 6_371_008.8
EDGE = 1e-3
"""Seconds beyond a margin that are still on its edge."""
NEAR, WIDER = 2_000.0, (5_000.0, 10_000.0, 20_000.0)
LatLon = tuple[float, float]


@dataclass(frozen=True)
class Offer:
    """An advert as the oracle sees it."""

    id: uuid.UUID
    role: str
    seats: int
    visible: bool
    start: LatLon
    end: LatLon
    zone: str
    stops: tuple[LatLon, ...] = ()
    day: date | None = None
    at: time | None = None
    back_day: date | None = None
    back_at: time | None = None
    week: tuple[tuple[int, time, time | None], ...] = ()
    """Weekday, outward time, perhaps a return time."""
    first: date = date.min
    last: date = date.max
    changed: dict[tuple[date, bool, time], time | None] = field(default_factory=dict)
    """Single rides by day, direction and usual time: their time of that day, None if cancelled."""
    holidays: frozenset[date] = frozenset()
    """Days on which it does not run."""


@dataclass(frozen=True)
class Question:
    """A search as the oracle sees it."""

    start: LatLon
    end: LatLon
    now: datetime
    zone: str
    seats: int
    day: date | None
    weekdays: frozenset[int]
    at: time | None
    before: float
    after: float
    radius: float = NEAR
    passengers: bool = False
    """Whether a driver asks, who looks for passengers."""


@dataclass(frozen=True)
class Answer:
    """One ride found."""

    id: uuid.UUID
    backwards: bool
    cost: float
    reach: float


def haversine(a: LatLon, b: LatLon) -> float:
    """Metres."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    inner = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(inner))


def bearing(a: LatLon, b: LatLon) -> float:
    """Radians from north, at ``a``, towards ``b``."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    east = math.radians(b[1] - a[1])
    return math.atan2(
        math.sin(east) * math.cos(lat_b),
        math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(east),
    )


def away_and_along(point: LatLon, start: LatLon, end: LatLon) -> tuple[float, float]:
    """Metres from a point to a route, and from the route's start to the place nearest to it."""
    length = haversine(start, end)
    to_point = haversine(start, point) / EARTH
    turn = bearing(start, point) - bearing(start, end)
    across = math.asin(math.sin(to_point) * math.sin(turn)) * EARTH
    along = math.atan2(math.sin(to_point) * math.cos(turn), math.cos(to_point)) * EARTH
    if 0 <= along <= length:
        return abs(across), along
    at_start, at_end = haversine(start, point), haversine(end, point)
    return (at_start, 0.0) if at_start <= at_end else (at_end, length)


def drive(metres: float) -> float:
    """Seconds by car."""
    slow = min(metres, 15_000)
    middle = min(max(metres - 15_000, 0), 35_000)
    fast = max(metres - 50_000, 0)
    return 1.3 * (slow / (50 / 3.6) + middle / (80 / 3.6) + fast / (110 / 3.6))


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime(
        day.year, day.month, day.day, at.hour, at.minute, tzinfo=ZoneInfo(zone)
    ).astimezone(UTC)


def places(line: list[LatLon], point: LatLon) -> list[tuple[float, float]]:
    """On every leg of a route, the place nearest to a point: metres away, metres along."""
    found, before = [], 0.0
    for start, end in pairwise(line):
        away, along = away_and_along(point, start, end)
        found.append((away, before + along))
        before += haversine(start, end)
    return found


def length_of(line: list[LatLon]) -> float:
    """Metres."""
    return sum(haversine(start, end) for start, end in pairwise(line))


def passages(
    line: list[LatLon], start: LatLon, end: LatLon, radius: float, near: float
) -> list[tuple[float, float, float]]:
    """Every way to ride along a route: effort in seconds, seconds to the pick-up, reach."""
    length, found = length_of(line), []
    for before, pick_up in places(line, start):
        for after, set_down in places(line, end):
            if before > radius or after > radius or set_down - pick_up < 1.0:
                continue
            walks = min(before, 500.0), min(after, 500.0)
            detour = 2 * 1.3 * (before - walks[0] + after - walks[1]) / (50 / 3.6)
            if before <= near and after <= near:
                if detour > max(0.25 * drive(length), 1200):
                    continue
            elif set_down - pick_up < 0.5 * haversine(start, end):
                continue
            offset = drive(length) * pick_up / length
            found.append((detour + (walks[0] + walks[1]) / 1.25, offset, max(before, after)))
    return found


def _leaving(offer: Offer, question: Question, *, backwards: bool) -> list[datetime]:
    """Instants at which it leaves around the day asked for (or on it, when no time is asked)."""
    assert question.day is not None
    days = [question.day]
    if question.at is not None:
        days = [question.day + timedelta(days=ahead) for ahead in range(-2, 3)]
    rides: list[tuple[date, time]] = []
    if offer.day is not None:
        day, at = (offer.back_day, offer.back_at) if backwards else (offer.day, offer.at)
        if day is not None and at is not None and day in days:
            rides.append((day, at))
    else:
        for day in days:
            for weekday, out, back in offer.week:
                at = back if backwards else out
                runs = offer.first <= day <= offer.last and day not in offer.holidays
                if runs and at is not None and weekday == day.weekday():
                    rides.append((day, at))
    found = []
    for day, usual in rides:
        at = offer.changed.get((day, backwards, usual), usual)
        if at is not None:
            found.append(_instant(day, at, offer.zone))
    return found


def _gaps(question: Question, offer: Offer, offset: float, *, backwards: bool) -> list[float]:
    """Differences between wish and ride in seconds, earlier ones below 0."""
    sign = -1 if question.passengers else 1
    if question.day is not None:
        leaving = [
            one for one in _leaving(offer, question, backwards=backwards) if one > question.now
        ]
        if question.at is None:
            return [0.0 for _ in leaving]
        wanted = _instant(question.day, question.at, question.zone)
        gaps = [(one - wanted).total_seconds() + sign * offset for one in leaving]
        return [gap for gap in gaps if _suits(question, gap)]
    found = []
    for wanted_day in question.weekdays:
        for weekday, out, back in offer.week:
            at = back if backwards else out
            if at is None:
                continue
            if question.at is None:
                found += [0.0] if weekday == wanted_day else []
                continue
            gap = (
                (weekday - wanted_day) * 86400
                + (at.hour - question.at.hour) * 3600
                + (at.minute - question.at.minute) * 60
                + sign * offset
            )
            gap = min((gap + week * 604800 for week in (-2, -1, 0, 1, 2)), key=abs)
            found += [gap] if _suits(question, gap) else []
    return found


def _suits(question: Question, gap: float) -> bool:
    return -question.before - EDGE <= gap <= question.after + EDGE


def _ride(question: Question, offer: Offer, *, backwards: bool, radius: float) -> Answer | None:
    """The best way to ride along, or to take along, one direction of an advert."""
    if question.passengers:
        line = [question.start, question.end]
        start, end = (offer.end, offer.start) if backwards else (offer.start, offer.end)
    else:
        line = [offer.start, *offer.stops, offer.end]
        line = line[::-1] if backwards else line
        start, end = question.start, question.end
    found = [
        (effort + abs(gap), reach)
        for effort, offset, reach in passages(line, start, end, radius, question.radius)
        for gap in _gaps(question, offer, offset, backwards=backwards)
    ]
    if not found:
        return None
    cost, reach = min(found)
    return Answer(offer.id, backwards, cost, reach)


def rides(question: Question, offers: list[Offer], radius: float) -> list[Answer]:
    """Every ride within a radius, in no order."""
    today = question.now.astimezone(ZoneInfo(question.zone)).date()
    found = []
    for offer in offers:
        if not offer.visible or offer.role == ("driver" if question.passengers else "passenger"):
            continue
        if offer.seats > question.seats if question.passengers else offer.seats < question.seats:
            continue
        if question.day is None and (offer.day is not None or offer.last < today):
            continue
        for backwards in (False, True):
            answer = _ride(question, offer, backwards=backwards, radius=radius)
            if answer is not None:
                found.append(answer)
    return found


def search(question: Question, offers: list[Offer]) -> tuple[list[Answer], float]:
    """The rides within the radius asked for, else within the least wider one that has any."""
    for radius in (question.radius, *(one for one in WIDER if one > question.radius)):
        found = rides(question, offers, radius)
        if found:
            return found, radius
    return [], question.radius

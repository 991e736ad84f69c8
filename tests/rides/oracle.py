"""What a search must find, by looking at every advert: slow, plain, and independent.

Imports nothing of ``rides.matching``: figures are written again, distances come from the
schoolbook's haversine and cross-track formulas, times from zoneinfo.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARTH = 6_371_008.8
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
    day: date | None = None
    at: time | None = None
    back_day: date | None = None
    back_at: time | None = None
    week: dict[int, tuple[time, time | None]] = field(default_factory=dict)
    first: date = date.min
    last: date = date.max


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
    margin: float


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


def _difference(
    question: Question,
    leaving: list[tuple[date, time]],
    weekly: dict[int, time],
    zone: str,
    ride: float,
) -> float | None:
    """Least difference between wish and ride in seconds; None when no day or time suits."""
    best: float | None = None
    if question.day is not None:
        for day, at in leaving:
            leaves = _instant(day, at, zone)
            if leaves <= question.now:
                continue
            if question.at is None:
                gap = 0.0 if day == question.day else None
            else:
                wanted = _instant(question.day, question.at, question.zone)
                gap = abs((leaves - wanted).total_seconds() + ride)
                gap = gap if gap <= question.margin else None
            if gap is not None:
                best = gap if best is None else min(best, gap)
        return best
    for wanted_day in question.weekdays:
        for day, at in weekly.items():
            if question.at is None:
                gap = 0.0 if day == wanted_day else None
            else:
                pick_up = day * 86400 + at.hour * 3600 + at.minute * 60 + ride
                wanted_at = wanted_day * 86400 + question.at.hour * 3600 + question.at.minute * 60
                gap = min((pick_up - wanted_at) % 604800, (wanted_at - pick_up) % 604800)
                gap = gap if gap <= question.margin else None
            if gap is not None:
                best = gap if best is None else min(best, gap)
    return best


def _ride(question: Question, offer: Offer, *, backwards: bool, radius: float) -> Answer | None:
    start, end = (offer.end, offer.start) if backwards else (offer.start, offer.end)
    before, pick_up = away_and_along(question.start, start, end)
    after, set_down = away_and_along(question.end, start, end)
    if before > radius or after > radius or pick_up >= set_down:
        return None
    length = haversine(start, end)
    walks = min(before, 500.0), min(after, 500.0)
    detour = 2 * 1.3 * (before - walks[0] + after - walks[1]) / (50 / 3.6)
    if before <= NEAR and after <= NEAR:
        if detour > max(0.25 * drive(length), 1200):
            return None
    elif set_down - pick_up < 0.5 * haversine(question.start, question.end):
        return None
    leaving: list[tuple[date, time]] = []
    weekly: dict[int, time] = {}
    if offer.day is not None:
        day, at = (offer.back_day, offer.back_at) if backwards else (offer.day, offer.at)
        if day is not None and at is not None:
            leaving.append((day, at))
    else:
        for weekday, times in offer.week.items():
            at = times[1] if backwards else times[0]
            if at is not None:
                weekly[weekday] = at
        if question.day is not None:
            for ahead in range(-2, 3):
                day = question.day + timedelta(days=ahead)
                if offer.first <= day <= offer.last and day.weekday() in weekly:
                    leaving.append((day, weekly[day.weekday()]))
    offset = drive(length) * pick_up / length if length else 0.0
    gap = _difference(question, leaving, weekly, offer.zone, offset)
    if gap is None:
        return None
    cost = detour + (walks[0] + walks[1]) / 1.25 + gap
    return Answer(offer.id, backwards, cost, max(before, after))


def rides(question: Question, offers: list[Offer], radius: float) -> list[Answer]:
    """Every ride within a radius, in no order."""
    today = question.now.astimezone(ZoneInfo(question.zone)).date()
    found = []
    for offer in offers:
        if not offer.visible or offer.role == "passenger" or offer.seats < question.seats:
            continue
        if question.day is None and (offer.day is not None or offer.last < today):
            continue
        for backwards in (False, True):
            answer = _ride(question, offer, backwards=backwards, radius=radius)
            if answer is not None:
                found.append(answer)
    return found


def search(question: Question, offers: list[Offer]) -> tuple[list[Answer], float]:
    """The rides within 2 km, else within the least wider radius that has any."""
    for radius in (NEAR, *WIDER):
        found = rides(question, offers, radius)
        if found:
            return found, radius
    return [], NEAR

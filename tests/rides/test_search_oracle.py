"""The search against an oracle that looks at every advert: the same rides, in the same order."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from core.accounts.models import Account
from rides.adverts.indexing import index_fill
from rides.adverts.inputs import Slot
from rides.adverts.models import Advert, AdvertException, Schedule
from rides.adverts.routes import route_columns
from rides.matching.geometry import Point
from rides.search.inputs import LookingFor, SearchQuery, Side
from rides.search.queries import search_adverts
from tenants.models import Tenant
from tests.factories import make_account
from tests.rides import oracle


@dataclass(frozen=True)
class Scene:
    """Where and when examples take place."""

    zone: str
    corner: oracle.LatLon
    """The south-western one of a square of towns."""
    today: date
    now: datetime


SCENES = {
    # A week with the night of 25 October 2026, when 2:30 happens twice.
    "Rennes, winter time comes": Scene(
        "Europe/Paris",
        (47.95, -1.9),
        date(2026, 10, 22),
        datetime(2026, 10, 22, 5, 31, 7, tzinfo=UTC),
    ),
    # A week with the night of 29 March 2026, when 2:30 does not happen.
    "Lille, at the border, summer time comes": Scene(
        "Europe/Paris", (50.6, 3.05), date(2026, 3, 26), datetime(2026, 3, 26, 5, 31, 7, tzinfo=UTC)
    ),
    "La Réunion": Scene(
        "Indian/Reunion",
        (-21.3, 55.3),
        date(2026, 10, 22),
        datetime(2026, 10, 21, 21, 0, tzinfo=UTC),
    ),
    "Guadeloupe": Scene(
        "America/Guadeloupe",
        (16.0, -61.75),
        date(2026, 10, 22),
        datetime(2026, 10, 22, 5, 0, tzinfo=UTC),
    ),
}


class Undo(Exception):
    """Ends an example and takes its rows back."""


def spot(draw: random.Random, scene: Scene) -> oracle.LatLon:
    """A place among towns about 8 km apart, with steps of some 300 m beside them.

    Equal routes, loops and shared ends are likely, and so is everything from a walk to detours.
    """
    steps = [0, 0, 0, 0, 1, 2, 5, 8, 14]
    return (
        scene.corner[0] + draw.randrange(4) * 0.07 + draw.choice(steps) * 0.0028,
        scene.corner[1] + draw.randrange(4) * 0.11 + draw.choice(steps) * 0.0041,
    )


def clock(draw: random.Random) -> time:
    """A time, often early, often near midnight."""
    hour = draw.choice([7, 8, 0, 2, 23, 23, draw.randrange(24)])
    return time(hour, draw.choice([0, 5, 30, 55]))


def offer(draw: random.Random, scene: Scene) -> oracle.Offer:
    """An advert; now and then through stops, which may make it turn back or pass a place twice."""
    role = draw.choice(["driver", "driver", "driver", "either", "passenger", "passenger"])
    stops: tuple[oracle.LatLon, ...] = ()
    if role == "driver" and draw.random() < 0.4:
        stops = tuple(spot(draw, scene) for _ in range(draw.choice([1, 1, 2, 3])))
    start, end = spot(draw, scene), spot(draw, scene)
    if stops and draw.random() < 0.3:
        stops = (*stops, start, stops[0])  # a loop
    common: dict[str, Any] = {
        "id": uuid.UUID(int=draw.getrandbits(128), version=4),
        "role": role,
        "seats": draw.choice([1, 2, 3, 4]),
        "visible": draw.random() < 0.85,
        "start": start,
        "end": end,
        "stops": stops,
        "zone": scene.zone,
    }
    if draw.random() < 0.4:
        day, at = scene.today + timedelta(days=draw.randrange(10)), clock(draw)
        back_day, back_at = day + timedelta(days=draw.randrange(3)), clock(draw)
        has_back = draw.random() < 0.5 and (back_day, back_at) > (day, at)
        return oracle.Offer(
            **common,
            day=day,
            at=at,
            back_day=back_day if has_back else None,
            back_at=back_at if has_back else None,
            changed={(day, False, at): draw.choice([None, clock(draw)])}
            if draw.random() < 0.2
            else {},
        )
    week: dict[tuple[int, time], time | None] = {}
    for weekday in draw.sample(range(7), draw.choice([1, 3, 5, 7])):
        for _ in range(draw.choice([1, 1, 1, 2])):
            out, back = clock(draw), clock(draw)
            week[weekday, out] = back if back > out else None
    changed: dict[tuple[date, bool, time], time | None] = {}
    for (weekday, out), back in week.items():
        if draw.random() < 0.2:
            day = scene.today + timedelta(days=(weekday - scene.today.weekday()) % 7)
            backwards = back is not None and draw.random() < 0.5
            usual = back if backwards and back is not None else out
            changed[day, backwards, usual] = draw.choice([None, clock(draw)])
    first = scene.today + timedelta(days=draw.randrange(-30, 6))
    return oracle.Offer(
        **common,
        week=tuple((weekday, out, back) for (weekday, out), back in week.items()),
        first=first,
        last=first + timedelta(days=draw.randrange(41)),
        changed=changed,
    )


def question(draw: random.Random, scene: Scene, offers: list[oracle.Offer]) -> oracle.Question:
    """A search, more often than not about one of the offers: its ends, half of it, or beside it."""
    start, end = spot(draw, scene), spot(draw, scene)
    about = draw.choice(offers)
    if draw.random() < 0.8:
        line = [about.start, *about.stops, about.end]
        first, last = sorted(draw.sample(range(len(line)), 2))
        start, end = line[first], line[last]
        if draw.random() < 0.3:
            start, end = end, start
        if draw.random() < 0.3:
            start = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        shift = draw.choice([0.0, 0.003, -0.012, 0.016, 0.03, -0.08, 0.15])
        end = (end[0] + shift, end[1] - shift / 2)
    regular = draw.random() < 0.4
    # Not today: a search for today may move to tomorrow, which has its own test.
    day = scene.today + timedelta(days=draw.randrange(1, 10))
    if about.day is not None and about.day > scene.today:
        day = about.day
    weekdays = draw.sample(range(7), draw.choice([1, 2, 5]))
    at = clock(draw) if draw.random() < 0.2 else None
    if at is None and draw.random() < 0.6:
        # About when the offer leaves, perhaps past midnight, on the other day.
        weekday, leaves = day.weekday(), about.at
        if leaves is None:
            weekday, leaves, _back = draw.choice(about.week)
            day += timedelta(days=(weekday - day.weekday()) % 7)
            weekdays = [weekday]
        changed = about.changed.get((day, False, leaves))
        leaves = changed or leaves
        moment = datetime.combine(day, leaves) + timedelta(minutes=draw.randrange(-30, 60, 5))
        weekdays = [(one + (moment.date() - day).days) % 7 for one in weekdays]
        day, at = max(moment.date(), scene.today + timedelta(days=1)), moment.time()
    margin = draw.choice([15, 60, 120]) * 60.0
    side = draw.choice(["around", "around", "before", "after"])
    passengers = draw.random() < 0.35
    return oracle.Question(
        start=start,
        end=end,
        now=scene.now,
        zone=scene.zone,
        seats=draw.choice([2, 3, 8] if passengers else [1, 1, 1, 2, 3]),
        day=None if regular else day,
        weekdays=frozenset(weekdays) if regular else frozenset(),
        at=at,
        before=0.0 if side == "after" else margin,
        after=0.0 if side == "before" else margin,
        radius=draw.choice([500.0, 1_000.0, 2_000.0, 2_000.0, 3_000.0, 5_000.0]),
        passengers=passengers,
    )


def write(found: list[oracle.Offer], author: Account, gone: Account) -> None:
    """Write the offers as adverts, in three statements."""
    adverts, changes = [], []
    for number, offer in enumerate(found):
        hidden = not offer.visible
        regular = offer.day is None
        advert = Advert(
            public_id=offer.id,
            author=gone if hidden and number % 3 == 0 else author,
            status=("paused" if number % 3 == 1 else "deleted")
            if hidden and number % 3
            else "active",
            role=offer.role,
            kind="regular" if regular else "one_off",
            seats=offer.seats,
            origin_code="35238",
            origin_label="Ici",
            origin_lat=offer.start[0],
            origin_lon=offer.start[1],
            destination_code="35238",
            destination_label="Là",
            destination_lat=offer.end[0],
            destination_lon=offer.end[1],
            **route_columns(
                Point(*offer.start), Point(*offer.end), [Point(*stop) for stop in offer.stops]
            ),
            zone=offer.zone,
            date=offer.day,
            time=offer.at,
            return_date=offer.back_day,
            return_time=offer.back_at,
            valid_from=offer.first if regular else None,
            valid_until=offer.last if regular else None,
        )
        exceptions = [
            AdvertException(advert=advert, day=day, backwards=backwards, usual=usual, time=at)
            for (day, backwards, usual), at in offer.changed.items()
        ]
        index_fill(advert, [Slot(*slot) for slot in offer.week], exceptions)
        adverts.append(advert)
        changes += exceptions
    Advert.objects.bulk_create(adverts)
    AdvertException.objects.bulk_create(changes)
    Schedule.objects.bulk_create(
        Schedule(advert=advert, weekday=weekday, time=out, return_time=back)
        for advert, offer in zip(adverts, found, strict=True)
        for weekday, out, back in offer.week
    )


def is_on_an_edge(asked: oracle.Question, found: list[oracle.Offer]) -> bool:
    """Whether a distance is so near to a limit that rounding may decide otherwise."""
    limits = (asked.radius, *oracle.WIDER)
    half = 0.5 * oracle.haversine(asked.start, asked.end)
    for offer in found:
        line, start, end = [offer.start, *offer.stops, offer.end], asked.start, asked.end
        if asked.passengers:
            line, start, end = [start, end], offer.start, offer.end
            half = 0.5 * oracle.haversine(start, end)
        ends = oracle.places(line, start), oracle.places(line, end)
        for away, _along in (*ends[0], *ends[1]):
            if any(abs(away - limit) < 0.01 for limit in limits):
                return True
        length = oracle.length_of(line)
        for (_, first), (_, last) in product(*ends):
            shared = abs(first - last)
            if abs(shared - 1) < 0.01 or abs(shared - half) < 0.01 or 0 < length < 1:
                return True
    return False


@pytest.fixture
def people(tenant: Tenant) -> tuple[Account, Account]:
    """Somebody, and somebody who was suspended."""
    return make_account(), make_account(is_active=False)


@pytest.mark.parametrize("name", SCENES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_the_search_finds_what_looking_at_everything_finds(
    people: tuple[Account, Account], name: str, seed: int
) -> None:
    draw, scene = random.Random(seed), SCENES[name]
    offers = [offer(draw, scene) for _ in range(draw.randrange(1, 60))]
    try:
        with transaction.atomic():
            write(offers, *people)
            for _ in range(12):
                asked = question(draw, scene, offers)
                if oracle.haversine(asked.start, asked.end) > 500:
                    check(asked, offers)
            raise Undo
    except Undo:
        pass


def check(asked: oracle.Question, offers: list[oracle.Offer]) -> None:
    """Ask both, and compare: the same rides, at the same cost, in the order of cost and UUID."""
    if is_on_an_edge(asked, offers):
        return
    expected, radius = oracle.search(asked, offers)
    whom = "passengers" if asked.passengers else "drivers"
    event(f"{min(len(expected), 3)} {whom} within {radius:.0f} m" if expected else "nothing")
    side = Side.AROUND
    if asked.before != asked.after:
        side = Side.BEFORE if asked.before else Side.AFTER
    answer = search_adverts(
        SearchQuery(
            origin=Point(*asked.start),
            destination=Point(*asked.end),
            zone=asked.zone,
            day=asked.day,
            weekdays=asked.weekdays,
            at=asked.at,
            margin_minutes=int(max(asked.before, asked.after) // 60),
            side=side,
            seats=asked.seats,
            radius=asked.radius,
            looking_for=LookingFor(whom),
            count=1000,
        ),
        now=asked.now,
    )
    ours = [(ride.advert.public_id, ride.backwards) for ride in answer.rides]
    costs = {(one.id, one.backwards): one.cost for one in expected}
    assert set(ours) == set(costs)
    assert len(ours) == len(expected) == answer.total
    assert answer.radius == radius
    for ride in answer.rides:
        wanted = costs[ride.advert.public_id, ride.backwards]
        assert abs(ride.match.cost - wanted) <= 0.501
    # Whole seconds, then the UUID, then outward before return.
    ranks = [(ride.match.cost, ride.advert.public_id, ride.backwards) for ride in answer.rides]
    assert ranks == sorted(ranks)


def test_the_oracle_is_no_friend_of_the_engine() -> None:
    """It judges the matching, so it must not use it."""
    assert "rides" not in {name.partition(".")[0] for name in _imports(oracle.__file__)}
    assert uuid.UUID(int=1) < uuid.UUID(int=2)  # the order that ties are broken in


def _imports(path: str | None) -> list[str]:
    import ast
    from pathlib import Path

    assert path is not None
    tree = ast.parse(Path(path).read_text())
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names

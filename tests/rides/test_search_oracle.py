"""The search against an oracle that looks at every advert: the same rides, in the same order."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from core.accounts.models import Account
from rides.adverts.models import Advert, Schedule
from rides.adverts.routes import route_columns
from rides.matching.geometry import Point
from rides.search.queries import SearchQuery, search_adverts
from tenants.models import Tenant
from tests.factories import make_account
from tests.rides import oracle

ZONE = "Europe/Paris"
# A week with the night of 25 October 2026, when 2:30 happens twice.
TODAY = date(2026, 10, 22)
NOW = datetime(2026, 10, 22, 5, 31, 7, tzinfo=UTC)


class Undo(Exception):
    """Ends an example and takes its rows back."""


def spot(draw: random.Random) -> oracle.LatLon:
    """A place around Rennes: towns about 8 km apart, and steps of some 300 m beside them.

    Equal routes, loops and shared ends are likely, and so is everything from a walk to detours.
    """
    steps = [0, 0, 0, 0, 1, 2, 5, 8, 14]
    return (
        47.95 + draw.randrange(4) * 0.07 + draw.choice(steps) * 0.0028,
        -1.9 + draw.randrange(4) * 0.11 + draw.choice(steps) * 0.0041,
    )


def clock(draw: random.Random) -> time:
    """A time, often early, often near midnight."""
    hour = draw.choice([7, 8, 0, 2, 23, 23, draw.randrange(24)])
    return time(hour, draw.choice([0, 5, 30, 55]))


def offer(draw: random.Random) -> oracle.Offer:
    """An advert."""
    common: dict[str, Any] = {
        "id": uuid.UUID(int=draw.getrandbits(128), version=4),
        "role": draw.choice(["driver", "driver", "driver", "either", "passenger"]),
        "seats": draw.choice([1, 2, 3, 4]),
        "visible": draw.random() < 0.85,
        "start": spot(draw),
        "end": spot(draw),
        "zone": ZONE,
    }
    if draw.random() < 0.4:
        day, at = TODAY + timedelta(days=draw.randrange(10)), clock(draw)
        back_day, back_at = day + timedelta(days=draw.randrange(3)), clock(draw)
        has_back = draw.random() < 0.5 and (back_day, back_at) > (day, at)
        return oracle.Offer(
            **common,
            day=day,
            at=at,
            back_day=back_day if has_back else None,
            back_at=back_at if has_back else None,
        )
    week: dict[int, tuple[time, time | None]] = {}
    for weekday in draw.sample(range(7), draw.choice([1, 3, 5, 7])):
        out, back = clock(draw), clock(draw)
        week[weekday] = (out, back if back > out else None)
    first = TODAY + timedelta(days=draw.randrange(-30, 6))
    return oracle.Offer(
        **common, week=week, first=first, last=first + timedelta(days=draw.randrange(41))
    )


def question(draw: random.Random, offers: list[oracle.Offer]) -> oracle.Question:
    """A search, more often than not about one of the offers: its ends, half of it, or beside it."""
    start, end = spot(draw), spot(draw)
    about = draw.choice(offers)
    if draw.random() < 0.8:
        start, end = (about.start, about.end) if draw.random() < 0.7 else (about.end, about.start)
        if draw.random() < 0.3:
            start = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        shift = draw.choice([0.0, 0.003, -0.012, 0.016, 0.03, -0.08, 0.15])
        end = (end[0] + shift, end[1] - shift / 2)
    regular = draw.random() < 0.4
    # Not today: a search for today may move to tomorrow, which has its own test.
    day = TODAY + timedelta(days=draw.randrange(1, 10))
    if about.day is not None and about.day > TODAY:
        day = about.day
    weekdays = draw.sample(range(7), draw.choice([1, 2, 5]))
    at = clock(draw) if draw.random() < 0.2 else None
    if at is None and draw.random() < 0.5:
        # About when the offer leaves, perhaps past midnight, on the other day.
        leaves = about.at or draw.choice(list(about.week.values()))[0]
        if about.day is None:
            weekday = draw.choice(list(about.week))
            day += timedelta(days=(weekday - day.weekday()) % 7)
            weekdays = [weekday]
        moment = datetime.combine(day, leaves) + timedelta(minutes=draw.randrange(-30, 60, 5))
        weekdays = [(one + (moment.date() - day).days) % 7 for one in weekdays]
        day, at = max(moment.date(), TODAY + timedelta(days=1)), moment.time()
    return oracle.Question(
        start=start,
        end=end,
        now=NOW,
        zone=ZONE,
        seats=draw.choice([1, 1, 1, 2, 3]),
        day=None if regular else day,
        weekdays=frozenset(weekdays) if regular else frozenset(),
        at=at,
        margin=draw.choice([15, 60, 120]) * 60.0,
    )


def write(found: list[oracle.Offer], author: Account, gone: Account) -> None:
    """Write the offers as adverts, in three statements."""
    adverts = []
    for number, offer in enumerate(found):
        hidden = not offer.visible
        regular = offer.day is None
        adverts.append(
            Advert(
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
                **route_columns(Point(*offer.start), Point(*offer.end)),
                zone=offer.zone,
                date=offer.day,
                time=offer.at,
                return_date=offer.back_day,
                return_time=offer.back_at,
                valid_from=offer.first if regular else None,
                valid_until=offer.last if regular else None,
            )
        )
    Advert.objects.bulk_create(adverts)
    Schedule.objects.bulk_create(
        Schedule(advert=advert, weekday=weekday, time=out, return_time=back)
        for advert, offer in zip(adverts, found, strict=True)
        for weekday, (out, back) in offer.week.items()
    )


def is_on_an_edge(question: oracle.Question, found: list[oracle.Offer]) -> bool:
    """Whether a distance is so near to a limit that rounding may decide otherwise."""
    limits = (oracle.NEAR, *oracle.WIDER)
    for offer in found:
        ends = [
            oracle.away_and_along(point, offer.start, offer.end)
            for point in (question.start, question.end)
        ]
        if any(abs(away - limit) < 0.01 for away, _along in ends for limit in limits):
            return True
        length = oracle.haversine(offer.start, offer.end)
        shared = abs(ends[1][1] - ends[0][1])
        half = 0.5 * oracle.haversine(question.start, question.end)
        apart = [0 < shared < 0.01, abs(shared - half) < 0.01, 0 < length < 1]
        if any(apart):
            return True
    return False


@pytest.fixture
def people(tenant: Tenant) -> tuple[Account, Account]:
    """Somebody, and somebody who was suspended."""
    return make_account(), make_account(is_active=False)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_the_search_finds_what_looking_at_everything_finds(
    people: tuple[Account, Account], seed: int
) -> None:
    draw = random.Random(seed)
    offers = [offer(draw) for _ in range(draw.randrange(1, 60))]
    try:
        with transaction.atomic():
            write(offers, *people)
            for _ in range(12):
                asked = question(draw, offers)
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
    event(f"{min(len(expected), 3)} within {radius:.0f} m" if expected else "nothing")
    answer = search_adverts(
        SearchQuery(
            origin=Point(*asked.start),
            destination=Point(*asked.end),
            zone=ZONE,
            day=asked.day,
            weekdays=asked.weekdays,
            at=asked.at,
            margin_minutes=int(asked.margin // 60),
            seats=asked.seats,
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

"""Facts follow the records: counted step by step, they are what a recount finds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.communities.models import Membership
from core.accounts.errors import LastAdministratorError
from core.accounts.models import Account
from core.accounts.services import account_delete
from regions.statistics.facts import facts_recount, facts_refresh
from regions.statistics.models import Area, Cell, DayMark, Fact, Grain
from regions.statistics.queries import own_figures
from regions.statistics.services import months_release
from rides.adverts.models import Advert
from rides.journeys.models import Journey
from tenants.models import Tenant
from tests.factories import make_account, make_community
from tests.regions.test_observatory import ride

TOWNS = ("35238", "35024", "22278")
FIRST = dt.date(2026, 10, 3)
OLD = (dt.date(2025, 10, 26), dt.date(2026, 3, 29), dt.date(2026, 9, 30), dt.date(2024, 2, 29))
"""Days that no nightly count looks at: those on which clocks change, ends of months."""
CLOCK = (dt.time(12), dt.time(22, 30), dt.time(23, 30), dt.time(0, 30), dt.time(20, 30))
"""Hours, UTC: another day already, or still, in some of the regions' zones."""
ZONES = ("Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Noumea")
TODAY = dt.date(2026, 11, 20)
Key = tuple[str, str, str, dt.date, str]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "register",
                "ride",
                "ride",
                "move",
                "undo",
                "leave",
                "erase",
                "suspend",
                "old",
                "join",
                "late",
                "count",
            )
        ),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=4,
    max_size=16,
)


def moment_of(day: dt.date, number: int) -> dt.datetime:
    """A moment about that day: on its eve or morrow where the region's clocks say so."""
    return dt.datetime.combine(day, CLOCK[number % len(CLOCK)], tzinfo=dt.UTC)


def step(name: str, one: int, two: int, community: Any) -> None:
    """One thing that happens; numbers choose who, where and when."""
    people = list(Account.objects.order_by("pk"))
    journeys = list(Journey.objects.order_by("pk"))
    day = FIRST + dt.timedelta(days=(one * 7 + two) % 40)
    who = people[one % len(people)]
    if name == "register" or len(people) < 3:
        new = make_account(residence_code=TOWNS[one % 3])
        Account.objects.filter(pk=new.pk).update(created_at=moment_of(day, two))
    elif name in ("ride", "old"):
        when = OLD[two % len(OLD)] if name == "old" else day
        ride(who, people[two % len(people)], TOWNS[two % 3], when, metres=1_000 * one)
    elif name == "move":
        Account.objects.filter(pk=who.pk).update(residence_code=TOWNS[two % 3])
    elif name == "undo" and journeys:
        Journey.objects.filter(pk=journeys[one % len(journeys)].pk).update(status="cancelled")
    elif name == "late" and journeys:
        Journey.objects.filter(pk=journeys[one % len(journeys)].pk).update(seats=1 + two % 3)
    elif name == "leave":
        who.delete()
    elif name == "erase":
        with suppress(LastAdministratorError):
            account_delete(account=who)
    elif name == "suspend":
        Account.objects.filter(pk=who.pk).update(is_active=bool(two % 2))
    elif name == "join":
        moment = moment_of(day, two)
        Membership.objects.update_or_create(
            account=who,
            community=community,
            defaults={"status": "accepted", "joined_at": moment, "accepted_at": moment},
        )
    elif name == "count":
        facts_refresh(today=TODAY)


def stored(*sources: str) -> dict[Key, int]:
    rows = Fact.objects.filter(source__in=sources) if sources else Fact.objects.all()
    names = ("amount", "grain", "kind", "start", "code", "value")
    return {tuple(row[:5]): row[5] for row in rows.values_list(*names)}


def counted() -> dict[Key, int]:
    """Journeys, people who carpooled and people registered, counted one by one."""
    found: Counter[Key] = Counter()
    homes = dict(Account.objects.values_list("pk", "residence_code"))
    seen: set[tuple[str, dt.date, str, int]] = set()
    for one in Journey.objects.filter(status="validated"):
        for kind, code in (
            ("municipality", one.origin_code),
            ("hour", f"{one.time.hour:02d}"),
            ("distance", f"{min(one.metres // 10_000, 5) * 10}-{one.metres // 10_000 * 10 + 10}"),
        ):
            place = code if one.metres < 50_000 or kind != "distance" else "50+"
            found["journeys", "day", kind, one.day, place] += 1
            found["passengers", "day", kind, one.day, place] += one.seats
            found["distance", "day", kind, one.day, place] += one.seats * one.metres
        for person in {one.driver_id, one.passenger_id} - {None}:
            seen.add(("day", one.day, homes[person], person))
            seen.add(("month", one.day.replace(day=1), homes[person], person))
    for grain, start, home, _person in seen:
        found["carpoolers", grain, "municipality", start, home] += 1
    for account in Account.objects.filter(is_active=True):
        day = timezone.localdate(account.created_at)
        found["registered", "day", "municipality", day, account.residence_code] += 1
    return {key: value for key, value in found.items() if value}


def plain(key: Key) -> bool:
    """What ``counted`` knows of."""
    return key[2] != "community" and key[0] != "driver_distance"


@settings(
    max_examples=16,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, zone=st.sampled_from(ZONES))
def test_counting_step_by_step_is_what_a_recount_finds(
    tenant: Tenant, steps: list[Any], zone: str
) -> None:
    """Wherever the region's clocks stand, whoever left, and whatever came late.

    What is older than the nightly count looks at, Sunday's brings.
    """
    with transaction.atomic(), timezone.override(zone):
        community = make_community()
        Account.objects.update(created_at=dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC))
        for name, one, two in steps:
            step(name, one, two, community)
        facts_refresh(today=TODAY)
        if any(name == "old" for name, *_numbers in steps):
            facts_refresh(everything=True)
        known = stored("journeys", "carpoolers", "registered")
        assert {key: value for key, value in known.items() if plain(key)} == counted()
        before = stored()
        assert facts_refresh(everything=True) == 0, "nothing has changed"
        facts_recount()
        assert stored() == before
        transaction.set_rollback(True)


@pytest.mark.parametrize(("zone", "told"), [("Europe/Paris", 10), ("Indian/Reunion", None)])
def test_a_month_ends_when_the_regions_clocks_say_so(
    tenant: Tenant, zone: str, told: int | None
) -> None:
    """Half past eight in the evening of 31 October in Greenwich is November in La Réunion."""
    Account.objects.all().delete()
    late = [make_account(residence_code=TOWNS[0]) for _ in range(8)]
    Account.objects.filter(pk__in=[one.pk for one in late]).update(
        created_at=dt.datetime(2026, 10, 31, 20, 30, tzinfo=dt.UTC)
    )
    with timezone.override(zone):
        months_release(today=TODAY, since=dt.date(2026, 10, 1))
        facts_refresh(everything=True)
        span = {"first": dt.date(2026, 10, 1), "last": dt.date(2026, 11, 30)}
        own = own_figures("registered", area=Area.WHOLE, grain=Grain.MONTH, **span)
    cell = Cell.objects.filter(release__source="registered", kind=Area.WHOLE).first()
    assert (cell.value if cell else None) == told
    assert [one.start.month for one in own] == ([10, 11] if told else [11])


def test_only_the_days_that_changed_are_counted_anew(tenant: Tenant) -> None:
    crowd = [make_account(residence_code=TOWNS[0]) for _ in range(3)]
    for number in range(10):
        ride(crowd[0], crowd[1], TOWNS[0], dt.date(2026, 11, 1 + number))
    facts_refresh(today=TODAY)
    late = ride(crowd[1], crowd[2], TOWNS[1], dt.date(2026, 11, 3))
    # The day's journeys, its carpoolers, active people, a first drive: nothing else is touched.
    assert facts_refresh(today=TODAY) == 5
    late.delete()
    old = ride(crowd[1], crowd[2], TOWNS[1], dt.date(2025, 3, 3))
    facts_refresh(today=TODAY)
    assert not DayMark.objects.filter(day=old.day).exists(), "older than what is looked at daily"
    facts_refresh(today=TODAY, everything=True)
    assert DayMark.objects.filter(day=old.day, source="journeys").exists()


def test_a_region_reads_its_own_figures_by_area_and_period(tenant: Tenant) -> None:
    Account.objects.all().delete()
    crowd = [make_account(residence_code=TOWNS[n % 2]) for n in range(4)]
    Account.objects.update(created_at=dt.datetime(2026, 10, 2, 12, tzinfo=dt.UTC))
    for day in (5, 6):
        ride(crowd[0], crowd[1], TOWNS[0], dt.date(2026, 10, day))
    ride(crowd[2], crowd[1], TOWNS[2], dt.date(2026, 11, 5))
    facts_refresh(today=TODAY)
    span = {"first": dt.date(2026, 9, 1), "last": dt.date(2026, 11, 30)}

    def read(measure: str, area: Area, grain: Grain = Grain.MONTH) -> list[tuple[int, str, int]]:
        rows = own_figures(measure, area=area, grain=grain, **span)
        return [(row.start.month, row.code, row.value) for row in rows]

    assert read("journeys", Area.DEPARTEMENT) == [(10, "35", 2), (11, "22", 1)]
    assert read("journeys", Area.WHOLE, Grain.DAY) == [(10, "", 1), (10, "", 1), (11, "", 1)]
    assert read("carpoolers", Area.WHOLE) == [(10, "", 2), (11, "", 2)]
    assert read("registered", Area.WHOLE) == [(10, "", 4), (11, "", 4)]
    assert read("registered", Area.MUNICIPALITY)[:2] == [(10, TOWNS[1], 2), (10, TOWNS[0], 2)]
    assert Advert.objects.count() == 0 and read("active_adverts", Area.WHOLE) == []

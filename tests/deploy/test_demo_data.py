"""The demo's data: the same every time, whole or not at all, and something for every search."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection

from communities.communities.models import Community, Membership
from core.accounts.models import Account
from deploy.demo import cast, data, region
from deploy.demo.journeys import commutes, outings
from deploy.demo.people import people
from deploy.demo.places import Draw, Territory
from regions.territories.names import fold
from rides.adverts.models import Advert, AdvertCommunity, Schedule
from rides.matching.geometry import distance
from rides.matching.passage import Trip, legs_of, passages
from rides.search.inputs import SearchQuery
from rides.search.queries import search_adverts
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant


@pytest.fixture
def passpass(committed_regions: Callable[..., Tenant]) -> Iterator[Tenant]:
    """One of the demo's regions, empty."""
    yield committed_regions("passpass", regions=["32"])
    with platform_scope(reason="the test is over"):
        Account.objects.filter(email="platform@example.org").delete()


def rows(model: Any, *fields: str) -> list[Any]:
    return list(model.objects.order_by("pk").values_list(*fields))


def test_what_is_drawn_follows_from_the_seed_alone(tenant: Tenant) -> None:
    territory = Territory.of_regions(["53"])
    now = datetime(2026, 3, 2, tzinfo=UTC)

    def drawn(seed: str) -> list[Any]:
        draw = Draw(seed)
        return [
            people(draw, territory, 30, now),
            list(commutes(draw, territory, 30)),
            list(outings(draw, territory, 10)),
        ]

    assert drawn("1:ouestgo") == drawn("1:ouestgo")
    assert drawn("1:ouestgo") != drawn("2:ouestgo")


def test_a_region_is_filled_once(passpass: Tenant) -> None:
    said: list[str] = []
    data.load(said.append, scale="small")
    assert len(said) == 1
    with tenant_scope(passpass):
        people = Account.objects.in_bulk(
            [one.email for one in cast.ACCOUNTS if one.region == "passpass"], field_name="email"
        )
        assert len(people) == 3
        assert all(one.has_usable_password() and one.residence_code for one in people.values())
        before = [rows(model, "pk") for model in (Account, Community, Membership, Advert, Schedule)]
    data.load(said.append, scale="small")
    assert len(said) == 1
    with tenant_scope(passpass):
        after = [rows(model, "pk") for model in (Account, Community, Membership, Advert, Schedule)]
    assert after == before


def test_a_load_that_breaks_off_leaves_nothing(
    passpass: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_options: Any) -> Any:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as patched:
        patched.setattr(region, "outings", broken)
        with pytest.raises(RuntimeError):
            data.load(scale="small")
    with tenant_scope(passpass):
        assert not Advert.objects.exists()
        assert Account.objects.count() <= 1  # the administrator who came with the region
        assert not Community.objects.exists()
    data.load(scale="small")
    with tenant_scope(passpass):
        assert Advert.objects.exists()


def test_people_are_invented_and_find_their_pages_full(passpass: Tenant) -> None:
    data.load(scale="small")
    with tenant_scope(passpass):
        for email, hashed in rows(Account, "email", "password"):
            assert email.endswith("example.org")
            assert hashed
        for one in cast.ACCOUNTS:
            if one.region != passpass.slug:
                continue
            account = Account.objects.get(email=one.email)
            assert account.residence_code
            assert account.memberships.exists()
            if one.role != cast.ADMINISTRATOR:
                assert check_password(one.password, account.password)
            if one.role == cast.REFERENT:
                assert account.memberships.filter(role="moderator").exists()
            if one.role == cast.ADMINISTRATOR:
                assert account.roles.filter(role="administrator").exists()
        for community in Community.objects.all():
            assert community.name_key == fold(community.name)
            moderators = community.memberships.filter(role="moderator", status="accepted")
            assert moderators.exists()
        # What was written at once is what one by one would have been.
        community = Community.objects.first()
        assert community is not None
        keys = community.name_key, community.search_key
        community.save()
        assert (community.name_key, community.search_key) == keys
        published = AdvertCommunity.objects.select_related("advert")
        for row in published:
            assert Membership.objects.filter(
                account=row.advert.author_id, community=row.community_id, status="accepted"
            ).exists()


def test_at_the_demos_scale_every_search_finds_something(passpass: Tenant) -> None:
    """Between the larger towns near enough to be a match; between any two, near enough to show."""
    data.load()
    with tenant_scope(passpass):
        territory = Territory.of_regions(["32"])
        assert 500 <= Account.objects.count() <= 900
        assert 20 <= Community.objects.count() <= 30
        assert 1_000 <= Advert.objects.count() <= 4_000
        each_pair_each_day(territory)
        any_two_places(territory)
        for advert in Advert.objects.all()[:400]:
            metres = distance(advert.origin, advert.destination)
            assert 500 <= metres <= 1_500_000


def each_pair_each_day(territory: Territory) -> None:
    """Look at every regular ride of a driver, for every ordered pair of towns and weekday."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.origin_lat, a.origin_lon, a.destination_lat, a.destination_lon,"
            " bit_or(1 << s.weekday), coalesce(bit_or(1 << s.weekday)"
            " FILTER (WHERE s.return_time IS NOT NULL), 0)"
            " FROM adverts_advert a JOIN adverts_schedule s ON s.advert_id = a.id"
            " WHERE a.role <> 'passenger' GROUP BY a.id"
        )
        found = np.array(cursor.fetchall(), dtype=np.float64)
    starts = np.concatenate([found[:, :2], found[:, 2:4]])
    ends = np.concatenate([found[:, 2:4], found[:, :2]])
    legs = legs_of(np.concatenate([starts, ends], axis=1).tolist())
    days = np.concatenate([found[:, 4], found[:, 5]]).astype(int)
    towns = [territory.towns[index] for index in territory.largest(40)]
    for start in towns:
        for end in towns:
            if start == end:
                continue
            passed = passages(Trip(start.point, end.point), legs, radius=2_000)
            near = passed.index[~passed.backwards]
            served = int(np.bitwise_or.reduce(days[near])) if len(near) else 0
            assert served == 0b1111111, f"{start.name} → {end.name}: {served:07b}"


def any_two_places(territory: Territory) -> None:
    """Ask the search itself, for towns and villages taken by chance and any day of next week."""
    draw = random.Random(7)
    for _ in range(60):
        start, end = draw.sample(territory.towns, 2)
        day = date.today() + timedelta(days=draw.randrange(1, 8))
        answer = search_adverts(SearchQuery(start.point, end.point, "Europe/Paris", day=day))
        assert answer.total, f"{start.name} → {end.name}, {day}"

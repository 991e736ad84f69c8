"""The pool of adverts: who reads what of it, through which index, and how it is emptied."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from branding.themes.services import theme_draft, theme_publish
from regions.agreements.models import Act
from regions.agreements.services import agreement_end, agreement_resume, agreement_suspend
from regions.pool import queries
from regions.pool.adverts import AdvertPayload, adverts_share, adverts_withdraw
from regions.pool.models import PooledAdvert, RegionCard
from regions.pool.queries import PoolQuestion, pool_get, pool_own, pool_search
from regions.pool.services import pool_forget_past, pool_purge
from regions.pooled.services import pooled_purge
from regions.projection.models import Backlog, Parked
from regions.projection.projector import drain
from regions.projection.services import region_project
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.regions.agreement_help import administrator, agree

TODAY = date.today()
HERE, THERE = 1 << 20, 2 << 20


def payload(**said: Any) -> AdvertPayload:
    """A driver's weekly ride from Rennes to Lille; give what differs."""
    return cast(
        AdvertPayload,
        {
            "alias": "3f9c3f9c3f9c",
            "role": "driver",
            "kind": "regular",
            "seats": 3,
            "zone": "Europe/Paris",
            "origin_code": "35238",
            "destination_code": "59350",
            "departments": ["35", "59"],
            "line": [48.1, -1.7, 50.6, 3.1],
            "keys": [HERE, THERE],
            "week": [7 * 3600 << 1],
            "plane_x": 0.0,
            "plane_y": 0.0,
            "plane_z": 0.0,
            "date": None,
            "time": None,
            "return_date": None,
            "return_time": None,
            "valid_from": TODAY.isoformat(),
            "valid_until": (TODAY + timedelta(days=300)).isoformat(),
            "school_holidays": True,
            "public_holidays": True,
            "cents_per_km": 7,
            "wheelchair": True,
            "exceptions": [],
            "pools": [str(uuid.uuid4())],
            **said,
        },
    )


QUESTION = PoolQuestion(
    here=[HERE],
    there=[THERE],
    roles=["driver", "either"],
    seats_from=1,
    seats_to=8,
    days=[],
    first=TODAY,
    last=TODAY,
)


@pytest.fixture
def pair(twins: Twins, _database: None, monkeypatch: pytest.MonkeyPatch) -> Twins:
    return twins


def share(tenant: Tenant, **said: Any) -> uuid.UUID:
    advert = uuid.uuid4()
    with tenant_scope(tenant), transaction.atomic():
        adverts_share({advert: payload(**said)})
    drain(tenant)
    return advert


def found(tenant: Tenant, **asked: Any) -> set[uuid.UUID]:
    with tenant_scope(tenant):
        return {row.advert for row in pool_search(replace(QUESTION, **asked))}


def test_partners_find_what_agreements_say_and_nobody_else_does(pair: Twins) -> None:
    a, b = pair
    theirs = share(b)
    own = share(a)
    assert found(a) == found(b) == set()
    made = agree(a, b, fields=["contribution"])
    assert (found(a), found(b)) == ({theirs}, {own}), "one's own is found in one's own tables"
    with tenant_scope(a):
        (row,) = pool_search(QUESTION)
        assert pool_get(theirs) == row
        assert pool_get(own) is None
        assert (row.region, row.cents_per_km, row.wheelchair, row.pools) == (
            "Beta",
            7,
            None,
            None,
        )
        assert row.accent.startswith("#")
        assert [(one.advert, one.regions) for one in pool_own()] == [(own, ["Beta"])]
    with tenant_scope(b):
        agreement_suspend(agreement=made, actor=administrator(b))
    assert found(a) == found(b) == set()
    with tenant_scope(b):
        agreement_resume(agreement=made, actor=administrator(b))
    # A second agreement about another territory: the stricter terms of both hold.
    agree(a, b, departments=["62"])
    assert found(a) == found(b) == set()


@pytest.mark.parametrize(
    ("said", "asked", "suits"),
    [
        ({}, {}, True),
        ({}, {"here": [THERE + 1]}, False),
        ({"role": "passenger"}, {}, False),
        ({"seats": 1}, {"seats_from": 2}, False),
        ({}, {"free": True}, False),
        ({"cents_per_km": 0}, {"free": True}, True),
        ({"wheelchair": False}, {"wheelchair": True}, False),
        ({"valid_until": (TODAY - timedelta(days=1)).isoformat()}, {}, False),
        ({}, {"days": [TODAY]}, True),
        ({"plane_x": 0.5}, {"near": (0.1, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0)}, False),
        ({"plane_x": 0.05}, {"near": (0.1, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0)}, True),
    ],
)
def test_each_condition_counts(
    pair: Twins, said: dict[str, Any], asked: dict[str, Any], suits: bool
) -> None:
    agree(*pair)
    advert = share(pair.b, **said)
    assert found(pair.a, **asked) == ({advert} if suits else set())


@pytest.mark.parametrize(
    "said",
    [
        {"alias": "Ludivine"},
        {"line": []},
        {"line": [48.1, -1.7, 50.6]},
        {"line": [48.1, -1.7, 950.6, 3.1]},
        {"zone": "Europe/Nulle-Part"},
        {"exceptions": [20_000, 0, 25_200]},
        {"exceptions": [20_000, 0, 99_999, -1]},
        {"week": [10**8]},
        {"seats": 30_000},
        {"role": "king"},
        {"kind": "one_off"},
        {"time": "07:00"},
        {"valid_until": None},
    ],
)
def test_an_advert_that_makes_no_sense_is_parked_and_breaks_no_search(
    pair: Twins, said: dict[str, Any]
) -> None:
    agree(*pair)
    wanted = share(pair.b)
    share(pair.b, **said)
    with platform_scope(reason="a test looks"):
        assert Parked.objects.get().reason == "SenselessAdvertError in regions.pool.checks"
    assert found(pair.a) == {wanted}


def test_the_last_word_counts_and_a_withdrawal_is_one(pair: Twins) -> None:
    agree(*pair)
    advert = share(pair.b)
    with tenant_scope(pair.b), transaction.atomic():
        adverts_share({advert: payload(seats=1)})
        adverts_share({advert: payload(seats=2)})
    drain(pair.b)
    with tenant_scope(pair.a):
        assert [row.seats for row in pool_search(QUESTION)] == [2]
    with tenant_scope(pair.b), transaction.atomic():
        adverts_withdraw([advert, uuid.uuid4()])
    drain(pair.b)
    assert found(pair.a) == set()


def test_a_region_that_nobody_projects_ages_out_until_somebody_does(pair: Twins) -> None:
    agree(*pair)
    advert = share(pair.b)
    region_project(pair.b)
    assert found(pair.a) == {advert}
    with platform_scope(reason="the projector stopped a while ago"):
        Backlog.objects.filter(tenant=pair.b).update(seen_at=timezone.now() - timedelta(hours=23))
        assert found(pair.a) == {advert}
        Backlog.objects.filter(tenant=pair.b).update(seen_at=timezone.now() - timedelta(hours=25))
    assert found(pair.a) == set()
    with tenant_scope(pair.a):
        assert pool_get(advert) is None
    region_project(pair.b)
    assert found(pair.a) == {advert}


def test_the_search_reads_the_index_and_not_the_table(pair: Twins) -> None:
    agree(*pair)
    wanted = share(pair.b)
    dice = random.Random(5)
    with platform_scope(reason="many rows for a test"):
        like = PooledAdvert.objects.get(advert=wanted)
        rows = []
        for _ in range(3000):
            keys = sorted(dice.sample(range(100, 200_000), 60))
            row = PooledAdvert.objects.get(pk=like.pk) if not rows else rows[0]
            values = {
                field.attname: getattr(row, field.attname)
                for field in PooledAdvert._meta.concrete_fields
                if field.name not in ("id", "advert", "keys", "since", "updated_at")
            }
            rows.append(PooledAdvert(**values, advert=uuid.uuid4(), keys=keys))
        PooledAdvert.objects.bulk_create(rows)

    def scans() -> tuple[int, int]:
        with platform_scope(reason="how rows were reached"), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_get_xact_numscans('pool_pooledadvert'::regclass), "
                "pg_stat_get_xact_numscans('pooled_keys'::regclass)"
            )
            return cast("tuple[int, int]", cursor.fetchone())

    before = scans()
    assert found(pair.a) == {wanted}
    after = scans()
    assert after[0] == before[0], "the whole table was read"
    assert after[1] > before[1], "the keys' index was not read"


def test_a_regions_role_has_no_other_way_in(pair: Twins) -> None:
    a, b = pair
    share(b)
    agree(a, b)
    for statement in (
        "SELECT * FROM pool_pooledadvert",
        "DELETE FROM pool_pooledadvert",
        "INSERT INTO pool_regioncard (tenant_id, name) VALUES (1, 'x')",
        "SELECT * FROM pool_regioncard",
    ):
        with (
            tenant_scope(a),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    # No setting of the session names the asking region: its role alone does.
    with tenant_scope(a), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {b.schema_name}, public")
        assert [row.region for row in pool_search(QUESTION)] == ["Beta"]


def test_it_works_without_any_right_on_the_partners_schema(
    committed_regions: Callable[..., Tenant],
) -> None:
    a, b = committed_regions("une"), committed_regions("deux")
    agree(a, b)
    advert = share(b)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE '%%' || %s", [b.schema_name]
        )
        (role,) = cursor.fetchone()
        cursor.execute(f'REVOKE ALL ON SCHEMA {b.schema_name} FROM "{role}"')
    assert found(a) == {advert}
    with pytest.raises(ProgrammingError):
        share(b)


def test_a_card_follows_the_theme(pair: Twins) -> None:
    with tenant_scope(pair.b):
        theme_publish(theme=theme_draft(name="Bêta !", primary="#7a1fa2"))
    agree(*pair)
    share(pair.b)
    with tenant_scope(pair.a):
        (row,) = pool_search(QUESTION)
        assert row.region == "Bêta !"
        assert queries.partner_names() == ["Bêta !"]
    with platform_scope(reason="a test looks"):
        assert RegionCard.objects.get(tenant_id=pair.b.pk).accent == row.accent


def test_what_no_agreement_covers_is_removed_with_a_receipt(pair: Twins) -> None:
    a, b = pair
    made, other = agree(a, b), agree(a, b, title="L’autre")
    share(b)
    share(b)
    for agreement, removed, left in ((made, 0, 2), (other, 2, 0)):
        with tenant_scope(a):
            agreement_end(agreement=agreement, actor=administrator(a))
        assert pool_purge(b) == removed
        assert pool_purge(b) == 0
        with platform_scope(reason="a test looks"):
            assert PooledAdvert.objects.count() == left
            (receipt,) = Act.objects.filter(agreement=agreement, what="purged", tenant_id=b.pk)
            assert receipt.content == {"removed": removed}


def test_an_agreement_about_two_things_has_a_receipt_for_each(pair: Twins) -> None:
    a, b = pair
    made = agree(a, b, pools=["adverts", "communities"])
    share(b)
    with tenant_scope(a):
        agreement_end(agreement=made, actor=administrator(a))
    pooled_purge(b)
    assert pool_purge(b) == 1
    with platform_scope(reason="a test looks"):
        receipts = Act.objects.filter(agreement=made, what="purged", tenant_id=b.pk).order_by("pk")
        assert [one.content for one in receipts] == [
            {"communities": 0, "detached": 0},
            {"removed": 1},
        ]


def test_rides_that_are_over_leave(pair: Twins) -> None:
    old = (TODAY - timedelta(days=9)).isoformat()
    share(pair.b, valid_until=old, valid_from=old)
    share(
        pair.b, kind="one_off", valid_from=None, valid_until=None, date=old, time="07:40", week=[]
    )
    kept = share(pair.b)
    with platform_scope(reason="a test looks"):
        assert pool_forget_past() == 2
        assert [row.advert for row in PooledAdvert.objects.all()] == [kept]

"""Published figures: from a region's tables to what all may read, under agreements."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from core.accounts.models import Account
from regions.agreements.services import agreement_suspend
from regions.observatory.models import PublishedCell, PublishedMonth
from regions.observatory.queries import (
    Area,
    Grain,
    definitions,
    publishing_regions,
    released,
    total,
)
from regions.projection.services import region_project
from regions.statistics.facts import facts_recount, facts_refresh
from regions.statistics.models import Cell, Fact, Release
from regions.statistics.services import closed_months, months_release, release_tell
from regions.territories.moves import territories_move
from rides.journeys.models import Journey
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.agreement_help import administrator, agree

OCTOBER = dt.date(2026, 10, 1)
TODAY = dt.date(2026, 11, 20)


def people(code: str, count: int) -> list[Any]:
    made = [make_account(residence_code=code) for _ in range(count)]
    Account.objects.filter(pk__in=[one.pk for one in made]).update(
        created_at=dt.datetime(2026, 9, 3, tzinfo=dt.UTC)
    )
    return made


def ride(driver: Any, passenger: Any, code: str, day: dt.date, metres: int = 12_000) -> Journey:
    leaves = dt.datetime.combine(day, dt.time(8), tzinfo=dt.UTC)
    return Journey.objects.create(
        driver=driver,
        passenger=passenger,
        status=Journey.Status.VALIDATED,
        day=day,
        backwards=False,
        time=dt.time(8),
        departs_at=leaves,
        arrives_at=leaves,
        origin_label="Rennes",
        destination_label="Bruz",
        origin_code=code,
        seats=1,
        metres=metres,
        price_cents=0,
    )


def fill(code: str) -> None:
    """Nine people of one town; six of them share rides on two days of October."""
    crowd = people(code, 9)
    for day in (5, 6):
        for driver, passenger in zip(crowd[:3], crowd[3:6], strict=True):
            ride(driver, passenger, code, dt.date(2026, 10, day))


def october(*measures: str, **asked: Any) -> dict[tuple[str, str], float | None]:
    rows = released(measures, first=OCTOBER, last=OCTOBER + dt.timedelta(30), **asked)
    return {(row.region, row.code): row.value for row in rows}


def shown() -> list[Any]:
    names = ("tenant_id", "amount", "grain", "start", "kind", "code", "label", "value")
    return list(PublishedCell.objects.order_by(*names).values_list(*names))


def test_a_closed_month_is_published_once_and_read_by_those_who_agreed(
    twins: Twins, _database: None
) -> None:
    for tenant, code in ((twins.a, "35238"), (twins.b, "59350")):
        with tenant_scope(tenant):
            fill(code)
            # A ride of a partner's advert is counted there.
            mirrored = ride(*people(code, 2), code, dt.date(2026, 10, 5))
            Journey.objects.filter(pk=mirrored.pk).update(counted=False)
            months_release(today=TODAY, since=OCTOBER)
        region_project(tenant)
    with tenant_scope(twins.a):
        assert october("journeys") == {("alpha", ""): 6}
        assert october("distance", area=Area.MUNICIPALITY, codes=["35238", "35001"]) == {
            ("alpha", "35238"): 72_000,
            ("alpha", "35001"): None,
        }
        assert october("co2") == {("alpha", ""): 72 * 195}
        assert october("occupation") == {("alpha", ""): 2.0}
        assert october("journeys", area=Area.HOUR, codes=["08"]) == {("alpha", "08"): 6}
        assert [one.slug for one in publishing_regions()] == ["alpha"]
        days = released(["journeys"], first=OCTOBER, last=dt.date(2026, 10, 7), grain=Grain.DAY)
        assert [day.value for day in days] == [None, None, None, None, 3, 3, None]
        # Eleven people are told as ten, eight as ten; three rides a day of six people as they are.
        assert october("registered") == october("carpoolers") == {("alpha", ""): 10}
    with platform_scope(reason="a test"):
        assert publishing_regions() == []
    agreement = agree(twins.a, twins.b, pools=["statistics"], departments=[])
    with tenant_scope(twins.a):
        assert october("journeys") == {("alpha", ""): 6, ("beta", ""): 6}
        rows = released(["journeys"], first=OCTOBER, last=OCTOBER)
        assert total(rows, "journeys").value == 12
        # What is told stays: neither a deletion nor a late ride makes another figure of October.
        Account.objects.first().delete()
        ride(*people("35238", 2), "35238", dt.date(2026, 10, 7))
        assert months_release(today=TODAY, since=OCTOBER) == 0
        for release in Release.objects.all():
            release_tell(release)
    region_project(twins.a)
    with platform_scope(reason="a test"):
        before = shown()
        PublishedCell.objects.filter(tenant_id=twins.a.pk).delete()
    call_command("rebuild_observatory", stdout=StringIO())
    with platform_scope(reason="a test"):
        assert shown() == before
        assert {one.slug for one in publishing_regions()} == {"alpha", "beta"}
        assert october("journeys") == {("alpha", ""): 6, ("beta", ""): 6}
    with tenant_scope(twins.b):
        agreement_suspend(agreement=agreement, actor=administrator(twins.b))
    with tenant_scope(twins.a):
        assert october("journeys") == {("alpha", ""): 6}
    with platform_scope(reason="a test"):
        assert october("journeys") == {}


def test_an_agreement_bound_to_departements_tells_areas_within_them_alone(
    twins: Twins, _database: None
) -> None:
    with tenant_scope(twins.b):
        fill("59350")
        months_release(today=TODAY, since=OCTOBER)
    region_project(twins.b)
    agree(twins.a, twins.b, pools=["statistics"], departments=["59"])
    with tenant_scope(twins.a):
        assert october("journeys", regions=["beta"]) == {}
        assert october("journeys", area=Area.DEPARTEMENT) == {
            ("beta", "59"): 6,
        }
        assert ("beta", "59350") in october("journeys", area=Area.MUNICIPALITY)
        assert ("beta", "62041") not in october("journeys", area=Area.MUNICIPALITY)


def test_a_region_reads_the_tables_through_functions_alone(tenant: Tenant) -> None:
    for statement in (
        "SELECT * FROM observatory_publishedcell",
        "SELECT * FROM observatory_reach(1)",
        "SELECT * FROM observatory_read(NULL, NULL, NULL, '', '', NULL, NULL, NULL, NULL, 0, 1)",
        "SELECT observatory_count(NULL, NULL, NULL, '', '', NULL, NULL, NULL, NULL)",
        "SELECT * FROM observatory_regions_of(NULL)",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_reading_asks_once(tenant: Tenant, django_assert_num_queries: Callable[..., Any]) -> None:
    fill("35238")
    months_release(today=TODAY, since=dt.date(2026, 8, 1))
    region_project(tenant)
    names = [one.code for one in definitions()]
    with django_assert_num_queries(1):
        rows = released(names, first=dt.date(2026, 8, 1), last=TODAY, area=Area.DEPARTEMENT)
    assert len(rows) == 4 * 3 * len(names)


def test_months_close_on_the_tenth_of_the_next_one() -> None:
    assert closed_months(dt.date(2026, 11, 9), dt.date(2026, 9, 17)) == [dt.date(2026, 9, 1)]
    assert closed_months(dt.date(2026, 11, 10), dt.date(2026, 9, 17))[-1] == OCTOBER


def test_nothing_of_a_person_is_kept(tenant: Tenant) -> None:
    fill("35238")
    months_release(today=TODAY, since=OCTOBER)
    names = {field.name for model in (Cell, Release) for field in model._meta.get_fields()}
    assert not names & {"account", "person", "driver", "passenger", "people"}


def test_a_month_that_is_told_in_part_is_not_the_last(tenant: Tenant) -> None:
    fill("35238")
    months_release(today=TODAY, since=dt.date(2026, 9, 1))
    region_project(tenant)
    assert [one.last for one in publishing_regions()] == [OCTOBER]
    with platform_scope(reason="a test"):
        PublishedMonth.objects.filter(source="journeys", month=OCTOBER).delete()
    (one,) = publishing_regions()
    assert (one.first, one.last) == (dt.date(2026, 9, 1), dt.date(2026, 9, 1))


def test_two_at_a_time_publish_once(committed_regions: Callable[..., Tenant]) -> None:
    region = committed_regions("chiffres")
    with tenant_scope(region):
        fill("35238")
    barrier, released_by = threading.Barrier(2), []

    def publish() -> None:
        try:
            with tenant_scope(region):
                barrier.wait(10)
                facts_refresh(everything=True)
                released_by.append(months_release(today=TODAY, since=OCTOBER))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with tenant_scope(region):
        assert sum(released_by) == Release.objects.count() > 1
        before = sorted(Fact.objects.values_list("source", "amount", "kind", "code", "value"))
        facts_recount()
        assert (
            sorted(Fact.objects.values_list("source", "amount", "kind", "code", "value")) == before
        )


def test_journeys_follow_municipalities_that_merge_and_published_months_do_not(
    twins: Twins, _database: None
) -> None:
    with tenant_scope(twins.a):
        fill("35024")
        months_release(today=TODAY, since=OCTOBER)
        told = list(Cell.objects.order_by("pk").values_list("code", "value"))
    territories_move(kind="municipality", changes=[("35024", "35238")], since=dt.date(2026, 12, 1))
    with tenant_scope(twins.a):
        assert set(Journey.objects.values_list("origin_code", flat=True)) == {"35238"}
        facts_refresh(everything=True)
        assert not Fact.objects.filter(code="35024").exists()
        assert list(Cell.objects.order_by("pk").values_list("code", "value")) == told

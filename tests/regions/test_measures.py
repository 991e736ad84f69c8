"""Each measure is what its definition says, worked out by hand; and put together it stays so."""

from __future__ import annotations

import datetime as dt

import pytest

from communities.communities.models import Membership
from core.accounts.models import Account
from regions.observatory.queries import Area, Grain, ReleasedCell, definitions, released, total
from regions.projection.services import region_project
from regions.statistics.catalogue import measure_of
from regions.statistics.services import months_release
from rides.adverts.models import Advert
from rides.journeys.models import Journey
from tenants.models import Tenant
from tests.factories import make_account, make_community
from tests.regions.test_observatory import OCTOBER, TODAY, people, ride
from tests.rides.situations import make_advert

TOWN = "35238"
SEPTEMBER = dt.date(2026, 9, 1)


def cell(region: str, measure: str, *amounts: int) -> ReleasedCell:
    told = measure_of(measure).told(*amounts)
    return ReleasedCell(region, measure, Grain.MONTH, OCTOBER, Area.WHOLE, "", "", told, amounts)


def test_a_rate_of_several_is_the_ratio_of_their_sums() -> None:
    """A thousand kilometres with four aboard and nine thousand with two: not three on average."""
    two = [
        cell("alpha", "occupation", 3_000_000, 1_000_000),
        cell("beta", "occupation", 9_000_000, 9_000_000),
    ]
    assert [one.value for one in two] == [4.0, 2.0]
    assert total(two, "occupation").value == 2.2
    masked = ReleasedCell("gamma", "occupation", Grain.MONTH, OCTOBER, Area.WHOLE, "", "", None)
    assert total([*two, masked], "occupation") == total(two, "occupation").__class__(
        "occupation", 2.2, told=2, masked=1
    )
    assert total([masked], "occupation").value is None
    grams = [cell("alpha", "co2", 12_003), cell("beta", "co2", 12_003)]
    assert total(grams, "co2").value == round(24_006 * 195 / 1000)
    assert (
        total([cell("alpha", "journeys", 6), cell("beta", "journeys", 7)], "journeys").value == 13
    )


def test_every_measure_that_was_asked_for_is_in_the_catalogue() -> None:
    assert {one.code for one in definitions()} == {
        "registered",
        "active_members",
        "carpoolers",
        "active_adverts",
        "journeys",
        "distance",
        "passengers",
        "occupation",
        "co2",
        "new_drivers",
        "new_passengers",
        "communities",
    }
    areas = {"whole", "administrative", "departement", "intercommunality", "municipality"}
    for one in definitions():
        assert areas <= {area.value for area in one.areas}
    assert {one.code for one in definitions() if Area.COMMUNITY in one.areas} == {
        "registered",
        "active_members",
        "carpoolers",
    }


def test_each_measure_is_what_its_definition_says(tenant: Tenant) -> None:
    """Twenty-four people of one town, and everything that must not count beside them."""
    Account.objects.all().delete()
    crowd = people(TOWN, 24)
    suspended, gone_late, elsewhere = people(TOWN, 2) + people("75056", 1)
    Account.objects.filter(pk=suspended.pk).update(is_active=False)
    newcomer = make_account(residence_code=TOWN)  # registered after the month
    Account.objects.filter(pk=newcomer.pk).update(
        created_at=dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    )
    drivers, passengers = crowd[:6], crowd[6:18]
    for number, driver in enumerate(drivers):
        # Two passengers in one car: the longer of their ways is the car's.
        shared = [
            ride(driver, passengers[2 * number], TOWN, dt.date(2026, 10, 5), metres=20_000),
            ride(driver, passengers[2 * number + 1], TOWN, dt.date(2026, 10, 5), metres=10_000),
        ]
        # A passenger who booked two seats.
        seats = ride(driver, passengers[2 * number], TOWN, dt.date(2026, 10, 6), metres=30_000)
        Journey.objects.filter(pk=seats.pk).update(seats=2)
        # Not a ride that took place; and one that its own region counts.
        for changed in ({"status": Journey.Status.PENDING}, {"counted": False}):
            other = ride(driver, crowd[18], TOWN, dt.date(2026, 10, 7))
            Journey.objects.filter(pk=other.pk).update(**changed)
        assert shared[0].day == shared[1].day
    # Two drivers and their passengers had shared rides the month before.
    for number in (0, 1):
        ride(drivers[number], passengers[2 * number], TOWN, dt.date(2026, 9, 10))
    for number, author in enumerate(crowd[:20]):
        advert = make_advert(author=author)
        Advert.objects.filter(pk=advert.pk).update(
            origin_code=TOWN,
            created_at=dt.datetime(2026, 10, 2, 12, tzinfo=dt.UTC),
            valid_from=dt.date(2026, 10, 2),
            valid_until=dt.date(2026, 10, 30) if number == 19 else dt.date(2026, 12, 31),
            status="paused" if number == 18 else "active",
        )
    # All members of one community carpooled; of the other half of them, and six did not.
    for name, members in (
        ("all", crowd[:8]),
        ("half", [*crowd[:6], *crowd[19:24], elsewhere]),
        ("few", crowd[:4]),
    ):
        community = make_community(name=name, municipality_code=TOWN)
        moment = dt.datetime(2026, 9, 8, 12, tzinfo=dt.UTC)
        for account in members:
            Membership.objects.create(
                account=account,
                community=community,
                status="accepted",
                joined_at=moment,
                accepted_at=moment,
            )
        type(community).objects.filter(pk=community.pk).update(created_at=moment)
    Account.objects.filter(pk=gone_late.pk).delete()
    months_release(today=TODAY, since=SEPTEMBER)
    region_project(tenant)
    found = {
        one.measure: one.value
        for one in released([one.code for one in definitions()], first=OCTOBER, last=OCTOBER)
    }
    assert found == {
        "registered": 20,  # 24, rounded
        "active_members": 20,  # drivers, passengers, authors and members: 20 of 24, of whom …
        "carpoolers": 20,  # 6 drivers, 12 passengers: 18
        "active_adverts": 20,  # 18 are online on the last day
        "journeys": 18,
        "passengers": 24,
        "distance": 6 * (20_000 + 10_000 + 2 * 30_000),
        "occupation": pytest.approx((6 * 90_000 + 6 * 50_000) / (6 * 50_000)),
        "co2": 6 * 90_000 * 195 / 1000,
        "new_drivers": None,  # four
        "new_passengers": 10,  # ten of twelve
        "communities": 2,  # the third has five members, its coordinator among them
    }
    by_community = released(
        ["registered", "carpoolers"], first=OCTOBER, last=OCTOBER, area=Area.COMMUNITY
    )
    assert {(one.measure, one.label): one.value for one in by_community} == {
        ("registered", "all"): 10,
        ("carpoolers", "all"): None,  # its page says eight: told of eight, it is told of each
        ("registered", "half"): 10,
        ("carpoolers", "half"): 10,
    }

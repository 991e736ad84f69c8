"""An advert that is changed, renewed, or has one ride of one day cancelled; who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from rides.adverts import watchers
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import AdvertInput, Place, RideKey, Slot, Weekly
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.occurrences import occurrences
from rides.adverts.prices import advert_price, price_cents, road_metres
from rides.adverts.services import (
    advert_change,
    advert_delete,
    advert_pause,
    advert_renew,
    advert_restore,
    advert_resume,
    ride_change,
)
from rides.adverts.watchers import Change, What
from rides.matching.geometry import Point
from rides.matching.timing import instant
from tests.factories import make_account
from tests.rides.situations import (
    CESSON,
    EVENING,
    FOUGERES,
    MONDAY,
    MORNING,
    NANTES,
    RENNES,
    SAINT_MALO,
    VITRE,
    make_advert,
    once,
    weekly,
)

pytestmark = pytest.mark.usefixtures("tenant")
PARIS = "Europe/Paris"


@pytest.fixture
def told() -> Iterator[list[Change]]:
    """What a watcher hears."""
    heard: list[Change] = []
    listener = watchers.Watcher("test", lambda advert, change: heard.append(change))
    with watchers.WATCHERS.restored():
        watchers.register(listener)
        yield heard


def said(**changes: Any) -> AdvertInput:
    """The advert of ``make_advert``, in words."""
    words: dict[str, Any] = {
        "role": "driver",
        "origin": Place(RENNES),
        "destination": Place(VITRE),
        "planning": weekly(),
        "seats": 3,
    }
    return AdvertInput(**{**words, **changes})


def refused(**changes: Any) -> dict[str, str]:
    with pytest.raises(AdvertError) as caught:
        make_advert(**changes)
    return {name: str(words) for name, words in caught.value.fields.items()}


# --- stops -------------------------------------------------------------------------------------
def test_stops_are_kept_in_order_and_part_of_the_line() -> None:
    advert = make_advert(stops=[Place(CESSON, "Rond-point")])
    (stop,) = advert.stops.all()
    assert (stop.position, stop.label) == (1, "Cesson-Sévigné, Rond-point")
    assert advert.line == [*advert.origin, stop.lat, stop.lon, *advert.destination]
    assert advert.south <= stop.lat <= advert.north


@pytest.mark.parametrize(
    ("stops", "field", "words"),
    [
        ([Place("00000")], "stops.0", "liste"),
        ([Place(RENNES)], "stops.0", "même lieu"),
        ([Place(CESSON), Place(CESSON)], "stops.1", "même lieu"),
        ([Place(CESSON), Place(VITRE)], "stops.1", "l’arrivée"),
        ([Place(NANTES)], "stops", "deux fois"),
        ([Place(CESSON)] * 9, "stops", "Au plus 8"),
    ],
)
def test_stops_that_cannot_be(stops: list[Place], field: str, words: str) -> None:
    found = refused(stops=stops)
    assert words in found[field]


def test_stops_out_of_order_are_told_which() -> None:
    found = refused(origin=NANTES, destination=SAINT_MALO, stops=[Place("35085"), Place("44036")])
    assert set(found) == {"stops.1"}
    assert "ordre" in found["stops.1"]
    make_advert(origin=NANTES, destination=SAINT_MALO, stops=[Place("44036"), Place("35085")])


# --- contribution ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("metres", "cents", "price"),
    [(0, 6, 0), (40_000, 6, 240), (41_000, 6, 245), (41_666.9, 6, 245), (40_800, 6, 240),
     (833, 6, 0), (834, 6, 5), (40_000, 0, 0), (1_500_000, 50, 75_000)],
)  # fmt: skip
def test_a_price_is_rounded_down_to_five_cents(metres: float, cents: int, price: int) -> None:
    assert price_cents(metres, cents) == price


def test_no_price_is_above_the_rate_times_the_way() -> None:
    for metres in range(0, 60_000, 377):
        for cents in (1, 6, 30, 50):
            price = price_cents(metres, cents)
            assert price % 5 == 0
            assert metres * cents / 1000 - 5 < price <= metres * cents / 1000


def test_a_region_suggests_and_limits_the_contribution() -> None:
    assert make_advert().cents_per_km == 6
    assert make_advert(cents_per_km=0).cents_per_km == 0
    assert "50 centimes" in refused(cents_per_km=51)["cents_per_km"]
    assert "négative" in refused(cents_per_km=-1)["cents_per_km"]
    RidesSettings.objects.create(suggested_cents_per_km=4, most_cents_per_km=10,
                                 warn_above_cents_per_km=8)  # fmt: skip
    advert = make_advert()
    assert advert.cents_per_km == 4
    assert "10 centimes" in refused(cents_per_km=11)["cents_per_km"]
    way = road_metres(advert.origin, advert.destination)
    assert advert_price(advert) == price_cents(way, 4) > 0
    assert road_metres(Point(48, -1), Point(48, -1)) == 0


def test_same_civil_title_only_where_the_region_offers_it() -> None:
    assert "same_gender" in refused(same_gender=True)
    RidesSettings.objects.create(same_gender_allowed=True)
    assert make_advert(same_gender=True).same_gender


# --- slots -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("slots", "field"),
    [
        ([Slot(0, MORNING, None), Slot(0, MORNING, None)], "slots.1.time"),
        ([Slot(0, MORNING, EVENING), Slot(0, time(13), time(19))], "slots.1.time"),
        ([Slot(0, time(13), time(19)), Slot(0, MORNING, time(13))], "slots.1.time"),
        ([Slot(day, time(hour), None) for day in range(7) for hour in range(5)], "weekdays"),
    ],
)
def test_slots_of_one_day_do_not_overlap(slots: list[Slot], field: str) -> None:
    assert field in refused(planning=Weekly(slots))


# --- changing ----------------------------------------------------------------------------------
def test_changing_replaces_everything_and_tells_once(told: list[Change]) -> None:
    advert = make_advert(stops=[Place(CESSON)])
    assert [one.what for one in told] == [What.PUBLISHED]
    changed = advert_change(
        advert=advert,
        said=said(
            destination=Place(FOUGERES), planning=weekly(2, at=time(8, 15)), seats=2,
            cents_per_km=0, school_holidays=False, comment="Nouveau",
        ),
    )  # fmt: skip
    assert changed.pk == advert.pk
    assert changed.public_id == advert.public_id
    again = Advert.objects.get(pk=advert.pk)
    assert (again.destination_label, again.seats, again.comment) == ("Fougères", 2, "Nouveau")
    assert [(one.weekday, one.time) for one in again.schedules.all()] == [(2, time(8, 15))]
    assert not again.stops.exists()
    assert again.line == [*again.origin, *again.destination]
    assert [one.what for one in told] == [What.PUBLISHED, What.CHANGED]


def test_saying_the_same_again_tells_nobody(told: list[Change]) -> None:
    advert = make_advert()
    advert_change(advert=advert, said=said())
    assert [one.what for one in told] == [What.PUBLISHED]


def test_a_change_that_cannot_be_changes_nothing(told: list[Change]) -> None:
    advert = make_advert()
    with pytest.raises(AdvertError) as caught:
        advert_change(advert=advert, said=said(seats=0, origin=Place(VITRE)))
    assert set(caught.value.fields) == {"seats", "destination"}
    assert Advert.objects.get(pk=advert.pk).seats == 3
    assert len(told) == 1


def test_a_deleted_advert_is_not_changed() -> None:
    advert = advert_delete(advert=make_advert())
    with pytest.raises(AdvertError, match="supprimée"):
        advert_change(advert=advert, said=said(seats=2))


def test_an_advert_that_runs_already_keeps_its_first_day_and_its_contribution() -> None:
    advert = make_advert(cents_per_km=40)
    began = MONDAY - timedelta(days=70)
    Advert.objects.filter(pk=advert.pk).update(valid_from=began)
    RidesSettings.objects.create(most_cents_per_km=35)
    until = MONDAY + timedelta(days=100)
    changed = advert_change(
        advert=advert,
        said=said(cents_per_km=40, planning=weekly(valid_from=began, valid_until=until)),
    )
    assert (changed.valid_from, changed.valid_until) == (began, until)
    with pytest.raises(AdvertError):
        advert_change(advert=advert, said=said(cents_per_km=41))


def test_every_write_tells_those_who_watch(told: list[Change]) -> None:
    advert = make_advert()
    advert_pause(advert=advert)
    advert_pause(advert=advert)
    advert_resume(advert=advert)
    advert_delete(advert=advert)
    advert_restore(advert=advert)
    assert [one.what for one in told] == [
        What.PUBLISHED, What.PAUSED, What.RESUMED, What.DELETED, What.RESTORED
    ]  # fmt: skip


def test_a_watcher_that_fails_undoes_the_write() -> None:
    def broken(advert: Advert, change: Change) -> None:
        raise LookupError

    advert = make_advert()
    with watchers.WATCHERS.restored():
        watchers.register(watchers.Watcher("broken", broken))
        with pytest.raises(LookupError):
            advert_pause(advert=advert)
    assert Advert.objects.get(pk=advert.pk).status == "active"


# --- renewing ----------------------------------------------------------------------------------
def ending(days: int) -> tuple[Advert, date]:
    """An advert whose last day is so many days ahead of a Monday, and that day."""
    advert = make_advert()
    last = MONDAY + timedelta(days=days)
    began = min(MONDAY, last) - timedelta(days=30)
    Advert.objects.filter(pk=advert.pk).update(valid_from=began, valid_until=last)
    return advert, last


NOW = instant(MONDAY, time(12), PARIS)


@pytest.mark.parametrize("days", [14, 0, -20])
def test_an_advert_is_renewed_for_a_year_once(days: int, told: list[Change]) -> None:
    advert, last = ending(days)
    for _ in range(2):
        renewed = advert_renew(advert=advert, ended=last, now=NOW)
    assert renewed.valid_until == max(last, MONDAY) + timedelta(days=365)
    assert [one.what for one in told] == [What.PUBLISHED, What.RENEWED]


def test_an_advert_far_from_its_end_is_not_renewed() -> None:
    advert, last = ending(200)
    with pytest.raises(AdvertError):
        advert_renew(advert=advert, ended=last, now=NOW)
    dated = make_advert(planning=once())
    with pytest.raises(AdvertError):
        advert_renew(advert=dated, ended=MONDAY, now=NOW)


# --- one ride of one day -----------------------------------------------------------------------
OUTWARD, BACK = RideKey(MONDAY, False, MORNING), RideKey(MONDAY, True, EVENING)
BEFORE = instant(MONDAY - timedelta(days=1), time(12), PARIS)


def of_monday(advert: Advert) -> list[tuple[time, bool]]:
    return [(one.time, one.cancelled) for one in occurrences(advert, MONDAY, MONDAY)]


def test_one_ride_is_cancelled_then_put_back(told: list[Change]) -> None:
    advert = make_advert()
    for at in (None, None, MORNING, MORNING):
        ride_change(advert=advert, ride=OUTWARD, at=at, now=BEFORE)
        assert of_monday(advert) == [(MORNING, at is None), (EVENING, False)]
    assert told[1:] == [Change(What.RIDE_CHANGED, OUTWARD)] * 2
    assert not advert.exceptions.exists()


def test_one_ride_leaves_at_another_time(told: list[Change]) -> None:
    advert = make_advert()
    ride_change(advert=advert, ride=OUTWARD, at=time(8, 20), now=BEFORE)
    assert of_monday(advert) == [(time(8, 20), False), (EVENING, False)]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("ride", "at", "now", "code"),
    [
        (RideKey(MONDAY, False, time(6)), None, BEFORE, "no_such_ride"),
        (RideKey(MONDAY + timedelta(days=5), False, MORNING), None, BEFORE, "no_such_ride"),
        (OUTWARD, None, instant(MONDAY, MORNING, PARIS), "ride_past"),
        (OUTWARD, time(6), instant(MONDAY, time(7), PARIS), "ride_past"),
        (OUTWARD, time(18), BEFORE, "ride_order"),
        (BACK, time(7), BEFORE, "ride_order"),
    ],
)
def test_a_ride_that_cannot_be_changed(
    ride: RideKey, at: time | None, now: datetime, code: str
) -> None:
    advert = make_advert()
    with pytest.raises(AdvertError) as caught:
        ride_change(advert=advert, ride=ride, at=at, now=now)
    assert caught.value.code == code
    assert not advert.exceptions.exists()


def test_a_late_return_follows_a_cancelled_outward_ride() -> None:
    advert = make_advert(author=make_account())
    ride_change(advert=advert, ride=OUTWARD, at=None, now=BEFORE)
    ride_change(advert=advert, ride=BACK, at=time(7), now=BEFORE)
    assert of_monday(advert) == [(time(7), False), (MORNING, True)]

"""On which days adverts run: ten years, three zones, both DST nights, holidays, exceptions.

The oracle knows the rules of the clock by heart (no zoneinfo, nothing of ``rides.matching``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from rides.adverts import calendars
from rides.adverts.inputs import Slot, Weekly
from rides.adverts.models import Advert, AdvertException, RidesSettings
from rides.adverts.occurrences import (
    next_occurrences,
    occurrences,
    weekly_rides,
    with_exceptions,
)
from rides.matching.timing import instant
from tenants.models import Tenant
from tests.rides.situations import MONDAY, MORNING, make_advert, once, weekly

ZONES = ["Europe/Paris", "Indian/Reunion", "America/Guadeloupe"]
CLOCKS = [time(0, 5), time(2, 30), time(7, 40), time(23, 55)]


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def offset_hours(zone: str, day: date, at: time) -> int:
    """Hours ahead of UTC, by the law: Réunion +4 and Guadeloupe −4 all year; Paris by season.

    Clocks go from 2:00 to 3:00 and from 3:00 to 2:00. A time that does not exist takes the offset
    of before, a time that occurs twice is the first one.
    """
    if zone == "Indian/Reunion":
        return 4
    if zone == "America/Guadeloupe":
        return -4
    spring, autumn = last_sunday(day.year, 3), last_sunday(day.year, 10)
    if day == spring:
        return 1 if at < time(3) else 2
    if day == autumn:
        return 2 if at < time(3) else 1
    return 2 if spring < day < autumn else 1


@pytest.mark.parametrize("zone", ZONES)
def test_ten_years_of_rides_leave_when_the_clock_says(zone: str) -> None:
    first, last = date(2026, 1, 1), date(2035, 12, 31)
    slots = [Slot(day, at, time(23, 58)) for day in range(7) for at in CLOCKS]
    found = with_exceptions(weekly_rides(slots, first, last, frozenset()), {}, zone)
    days = (last - first).days + 1
    assert len(found) == days * len(CLOCKS) * 2
    for ride in found:
        at = ride.departs_at
        naive = datetime.combine(ride.day, ride.time) - timedelta(
            hours=offset_hours(zone, ride.day, ride.time)
        )
        assert at == naive.replace(tzinfo=UTC), (ride, zone)
        assert not ride.cancelled
        assert not ride.moved
    assert [one.departs_at for one in found] == sorted(one.departs_at for one in found)


def test_the_two_nights_when_the_clock_jumps() -> None:
    assert instant(date(2026, 3, 29), time(2, 30), "Europe/Paris") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    assert instant(date(2026, 10, 25), time(2, 30), "Europe/Paris") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_several_slots_a_day_and_the_return(tenant: Tenant) -> None:
    advert = make_advert(
        planning=Weekly([Slot(0, MORNING, time(12, 10)), Slot(0, time(13, 20), time(17, 45))])
    )
    found = occurrences(advert, MONDAY, MONDAY + timedelta(days=6))
    assert [(one.day, one.backwards, one.time) for one in found] == [
        (MONDAY, False, MORNING),
        (MONDAY, True, time(12, 10)),
        (MONDAY, False, time(13, 20)),
        (MONDAY, True, time(17, 45)),
    ]


def test_nothing_runs_outside_the_validity(tenant: Tenant) -> None:
    advert = make_advert(
        planning=weekly(0, back=None, valid_from=MONDAY, valid_until=MONDAY + timedelta(days=15))
    )
    found = occurrences(advert, MONDAY - timedelta(days=90), MONDAY + timedelta(days=90))
    assert [one.day for one in found] == [MONDAY + timedelta(days=7 * n) for n in range(3)]
    assert occurrences(advert, MONDAY + timedelta(days=60), MONDAY + timedelta(days=90)) == []


def test_a_one_off_ride_and_its_return(tenant: Tenant) -> None:
    back = MONDAY + timedelta(days=2)
    advert = make_advert(planning=once(MONDAY, return_date=back, return_time=time(18)))
    found = occurrences(advert, MONDAY, back)
    assert [(one.day, one.backwards) for one in found] == [(MONDAY, False), (back, True)]
    assert occurrences(advert, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1)) == []


def test_one_ride_of_one_day_is_cancelled_or_moved(tenant: Tenant) -> None:
    advert = make_advert(planning=Weekly([Slot(0, MORNING, time(12)), Slot(0, time(13), None)]))
    AdvertException.objects.create(advert=advert, day=MONDAY, backwards=False, usual=MORNING)
    AdvertException.objects.create(
        advert=advert, day=MONDAY, backwards=True, usual=time(12), time=time(12, 30)
    )
    found = occurrences(advert, MONDAY, MONDAY)
    assert [(one.time, one.backwards, one.cancelled, one.moved) for one in found] == [
        (MORNING, False, True, False),
        (time(12, 30), True, False, True),
        (time(13), False, False, False),
    ]
    assert not any(
        one.cancelled or one.moved
        for one in occurrences(advert, MONDAY + timedelta(days=7), MONDAY + timedelta(days=7))
    )


def test_the_next_rides_leave_after_now(tenant: Tenant) -> None:
    advert = make_advert(planning=weekly(0))
    now = instant(MONDAY, MORNING, "Europe/Paris")
    found = next_occurrences(advert, now, count=3)
    assert [(one.day, one.backwards) for one in found] == [
        (MONDAY, True),
        (MONDAY + timedelta(days=7), False),
        (MONDAY + timedelta(days=7), True),
    ]
    far = now + timedelta(days=800)
    assert next_occurrences(advert, far) == []


@pytest.mark.parametrize(
    ("code", "zone"),
    [("35238", "B"), ("69381", "A"), ("75056", "C"), ("2A004", ""), ("97411", ""), ("01004", "A")],
)
def test_the_school_zone_follows_the_departement(code: str, zone: str) -> None:
    assert calendars.school_zone(code) == zone
    assert (calendars.school_calendar(zone) is not None) == bool(zone)


def test_holidays_that_everyone_can_check() -> None:
    # Arrêté du 7 décembre 2022 and the ones after it; 2026: zone B from 14 February.
    assert calendars.is_school_holiday(date(2026, 2, 16), "B")
    assert not calendars.is_school_holiday(date(2026, 3, 2), "B")
    assert calendars.is_school_holiday(date(2026, 2, 10), "A")
    assert not calendars.is_school_holiday(date(2026, 2, 10), "B")
    assert not calendars.is_school_holiday(date(2026, 2, 16), "")
    year = date(2026, 1, 1), date(2026, 12, 31)
    rennes, strasbourg, saint_denis = (
        calendars.public_holidays(*year, code) for code in ("35238", "67482", "97411")
    )
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} < rennes
    assert len(rennes) == 11
    assert strasbourg - rennes == {date(2026, 4, 3), date(2026, 12, 26)}
    assert saint_denis - rennes == {date(2026, 12, 20)}


def regular(code: str, **fields: object) -> Advert:
    """An unsaved week of rides from a municipality; its row alone is written."""
    advert = make_advert(planning=weekly(*range(7), back=None))
    Advert.objects.filter(pk=advert.pk).update(
        origin_code=code, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31), **fields
    )
    return Advert.objects.get(pk=advert.pk)


def test_an_advert_may_avoid_holidays(tenant: Tenant) -> None:
    whole = date(2026, 1, 1), date(2026, 12, 31)
    assert len(occurrences(regular("35238"), *whole)) == 365
    public = occurrences(regular("35238", public_holidays=False), *whole)
    assert len(public) == 365 - 11
    school = {one.day for one in occurrences(regular("35238", school_holidays=False), *whole)}
    assert date(2026, 2, 16) not in school
    assert date(2026, 3, 2) in school
    # No calendar is known there: it runs, and pages say so.
    assert len(occurrences(regular("97411", school_holidays=False), *whole)) == 365


def test_a_region_may_choose_its_calendar(tenant: Tenant) -> None:
    RidesSettings.objects.create(school_zone="A")
    advert = regular("35238", school_holidays=False)
    days = {one.day for one in occurrences(advert, date(2026, 2, 10), date(2026, 3, 2))}
    assert date(2026, 2, 10) not in days
    assert date(2026, 2, 24) in days

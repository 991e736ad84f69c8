"""Wall clocks over ten years in three zones, both DST nights, and weeks that go round."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rides.matching.timing import (
    WEEK_S,
    around_week,
    drive_seconds,
    instant,
    occurrences,
    second_of_week,
    wall_clock,
)

ZONES = ["Europe/Paris", "Indian/Reunion", "America/Guadeloupe"]


@pytest.mark.parametrize("zone", ZONES)
def test_ten_years_of_a_ride_leave_at_the_time_on_the_clock(zone: str) -> None:
    times = {0: time(7, 40), 4: time(18, 5), 6: time(23, 59)}
    first, last = date(2026, 1, 1), date(2035, 12, 31)
    found = list(
        occurrences(times, zone=zone, valid_from=first, valid_until=last, first=first, last=last)
    )
    expected = [
        (day, times[day.weekday()])
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day.weekday() in times
    ]
    shown = [moment.astimezone(ZoneInfo(zone)) for moment in found]
    assert [(moment.date(), moment.time()) for moment in shown] == expected
    assert found == sorted(found)
    assert all(moment.tzinfo is UTC for moment in found)


def test_the_night_that_loses_an_hour() -> None:
    """2:30 on 29 March 2026 does not exist in Paris: people see 3:30."""
    moment = instant(date(2026, 3, 29), time(2, 30), "Europe/Paris")
    assert moment == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert wall_clock(moment, "Europe/Paris").time() == time(3, 30)


def test_the_night_that_gains_an_hour() -> None:
    """2:30 on 25 October 2026 occurs twice in Paris: the first one counts."""
    moment = instant(date(2026, 10, 25), time(2, 30), "Europe/Paris")
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_week_across_the_change_keeps_its_time() -> None:
    before = instant(date(2026, 3, 27), time(7, 40), "Europe/Paris")
    after = instant(date(2026, 3, 30), time(7, 40), "Europe/Paris")
    assert after - before == timedelta(days=3) - timedelta(hours=1)


def test_validity_bounds_are_included() -> None:
    every_day = dict.fromkeys(range(7), time(8))
    found = list(
        occurrences(
            every_day,
            zone="Europe/Paris",
            valid_from=date(2026, 3, 3),
            valid_until=date(2026, 3, 5),
            first=date(2026, 3, 1),
            last=date(2026, 3, 31),
        )
    )
    assert [moment.day for moment in found] == [3, 4, 5]


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_longer_drive_takes_longer(one: float, more: float) -> None:
    assert drive_seconds(one) <= drive_seconds(one + more) + 1e-6


def test_drives_people_know() -> None:
    assert drive_seconds(15_000) == pytest.approx(1404)  # 19.5 km of road at 50 km/h
    assert 80 * 60 < drive_seconds(100_390) < 100 * 60  # Rennes to Nantes


@given(st.floats(0, WEEK_S - 1), st.floats(0, WEEK_S - 1))
def test_around_the_week_is_short_and_the_same_both_ways(left: float, right: float) -> None:
    gap = around_week(left, right)
    assert 0 <= gap <= WEEK_S / 2
    assert gap == around_week(right, left)


def test_sunday_night_meets_monday_morning() -> None:
    late = second_of_week(6, time(23, 50))
    early = second_of_week(0, time(0, 5))
    assert around_week(late, early) == 15 * 60
    assert second_of_week(6, time(23, 50), 20 * 60) == 10 * 60

"""Wall clocks in both DST nights, and how long drives take (ten years: ``test_occurrences``)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rides.matching.timing import (
    drive_seconds,
    instant,
    wall_clock,
)


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


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_longer_drive_takes_longer(one: float, more: float) -> None:
    assert drive_seconds(one) <= drive_seconds(one + more) + 1e-6


def test_drives_people_know() -> None:
    assert drive_seconds(15_000) == pytest.approx(1404)  # 19.5 km of road at 50 km/h
    assert 80 * 60 < drive_seconds(100_390) < 100 * 60  # Rennes to Nantes

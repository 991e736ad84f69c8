"""Walk, detour and nearness of a route, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rides.matching.figures import DEFAULT_RADIUS_M, EARTH_RADIUS_M
from rides.matching.geometry import Point
from rides.matching.passage import Passage, Trip, cost, detour_limit, passages
from rides.matching.timing import drive_seconds

METRE = 360 / (2 * np.pi * EARTH_RADIUS_M)  # degrees of latitude
# A route of 50 km due east on the equator: parallels there are as straight as the route.
EAST = 50_000 * METRE
START, END = (0.0, 0.0), (0.0, EAST)


def along(trip: Trip, radius: float = DEFAULT_RADIUS_M) -> Passage | None:
    """How the route east passes a trip."""
    return passages(trip, np.array([START]), np.array([END]), radius=radius)[0].get(0)


def back(trip: Trip) -> Passage | None:
    """How the route passes a trip on its way back, westwards."""
    return passages(trip, np.array([START]), np.array([END]), radius=DEFAULT_RADIUS_M)[1].get(0)


def trip(before: float, after: float, start: float = 10_000, end: float = 40_000) -> Trip:
    """From ``before`` metres north of the route to ``after`` metres north of it, further on."""
    return Trip(Point(before * METRE, start * METRE), Point(after * METRE, end * METRE))


def test_beside_the_route_one_walks() -> None:
    passage = along(trip(300, 500))
    assert passage is not None
    assert passage.length == pytest.approx(50_000)
    assert passage.pick_up == pytest.approx(10_000, abs=1)
    assert passage.set_down == pytest.approx(40_000, abs=1)
    assert (passage.walk_before, passage.walk_after) == pytest.approx((300, 500), abs=0.1)
    assert passage.detour_seconds == pytest.approx(0, abs=0.01)
    assert passage.walk_seconds == pytest.approx(800 / 1.25, abs=0.1)
    assert cost(passage, 120) == round(800 / 1.25 + 120)


def test_farther_the_driver_leaves_the_road_and_comes_back() -> None:
    passage = along(trip(1_500, 700))
    assert passage is not None
    assert (passage.walk_before, passage.walk_after) == pytest.approx((500, 500), abs=0.1)
    # 1000 m and 200 m, twice, by roads 1.3 times longer, at 50 km/h.
    assert passage.detour_seconds == pytest.approx(2 * 1_200 * 1.3 / (50 / 3.6), abs=0.1)


@pytest.mark.parametrize("away", [1_999.9, 2_000.1])
def test_the_radius_is_a_line(away: float) -> None:
    assert (along(trip(away, 0)) is not None) is (away < 2_000)
    assert (along(trip(0, away)) is not None) is (away < 2_000)


def test_the_wrong_way_is_a_match_for_the_return() -> None:
    assert back(trip(0, 0)) is None
    assert along(trip(0, 0, start=40_000, end=10_000)) is None
    passage = back(trip(300, 700, start=40_000, end=5_000))
    assert passage is not None
    assert (passage.pick_up, passage.set_down) == pytest.approx((10_000, 45_000), abs=1)
    assert (passage.walk_before, passage.walk_after) == pytest.approx((300, 500), abs=0.1)
    assert along(trip(0, 0, start=10_000, end=10_000)) is None


def test_beyond_the_ends_the_ends_count() -> None:
    passage = along(trip(0, 0, start=-1_500, end=51_500))
    assert passage is not None
    assert (passage.pick_up, passage.set_down) == pytest.approx((0, 50_000))
    assert (passage.away_before, passage.away_after) == pytest.approx((1_500, 1_500), abs=0.1)
    assert along(trip(0, 0, start=-2_500)) is None


def test_widened_a_road_that_only_crosses_is_left_out() -> None:
    across = Trip(Point(9_000 * METRE, 20_000 * METRE), Point(-9_000 * METRE, 20_300 * METRE))
    assert along(across, radius=10_000) is None
    beside = trip(9_000, 9_000)
    passage = along(beside, radius=10_000)
    assert passage is not None
    assert passage.reach == pytest.approx(9_000, rel=1e-3)


def test_a_driver_accepts_a_quarter_more_and_twenty_minutes_in_any_case() -> None:
    assert detour_limit(5_000) == 1_200
    assert detour_limit(400_000) == pytest.approx(0.25 * drive_seconds(400_000))


def test_no_route_no_passage() -> None:
    assert passages(trip(0, 0), np.empty((0, 2)), np.empty((0, 2)), radius=2_000) == ({}, {})
    loop = passages(trip(0, 0), np.array([START]), np.array([START]), radius=60_000)
    assert loop == ({}, {})

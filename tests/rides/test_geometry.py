"""Great circles: what must hold for any points, and figures known from elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rides.matching.figures import EARTH_RADIUS_M, GRID_M
from rides.matching.geometry import (
    Point,
    around,
    distance,
    nearest,
    point_along,
    route_box,
    route_plane,
    sine_of,
    snapped,
    unit,
    vectors,
)

lats = st.floats(-75, 75)
lons = st.floats(-180, 180)
points = st.builds(Point, lats, lons)
near_points = st.builds(Point, st.floats(42, 51.1), st.floats(-4.8, 8.2))  # France
RENNES, NANTES = Point(48.1173, -1.6778), Point(47.2184, -1.5536)


def haversine(a: Point, b: Point) -> float:
    """Metres by the schoolbook formula."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def closest(point: Point, start: Point, end: Point) -> tuple[float, float]:
    """Metres to one route, and along it."""
    found = nearest(np.array(unit(point)), vectors(np.array([start])), vectors(np.array([end])))
    return float(found.away[0]), float(found.along[0])


def test_known_distances() -> None:
    assert distance(RENNES, NANTES) == pytest.approx(100_390, abs=60)
    assert distance(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, abs=1)
    assert distance(Point(0, 179.5), Point(0, -179.5)) == pytest.approx(111_195, abs=1)


@given(points, points)
def test_distance_agrees_with_the_schoolbook(a: Point, b: Point) -> None:
    assume(haversine(a, b) < 1.5e7)  # the schoolbook is poor near the antipode
    assert distance(a, b) == pytest.approx(haversine(a, b), abs=0.01)
    assert distance(a, b) == pytest.approx(distance(b, a), abs=1e-6)


@given(near_points, near_points, near_points)
def test_the_nearest_place_is_on_the_route_and_none_is_nearer(
    start: Point, end: Point, point: Point
) -> None:
    assume(distance(start, end) > 1)
    away, along = closest(point, start, end)
    length = distance(start, end)
    assert 0 <= along <= length + 1e-6
    assert distance(point, point_along(start, end, along)) == pytest.approx(away, abs=0.01)
    for share in range(21):
        assert distance(point, point_along(start, end, length * share / 20)) >= away - 1e-3


@given(near_points, near_points, near_points)
def test_a_return_passes_as_near_from_the_other_end(start: Point, end: Point, point: Point) -> None:
    assume(distance(start, end) > 10)
    away, along = closest(point, start, end)
    back_away, back_along = closest(point, end, start)
    assert back_away == pytest.approx(away, abs=1e-3)
    if away > 10:  # where the point is on the line, both are the same place
        assert along + back_along == pytest.approx(distance(start, end), abs=0.5)


@given(near_points)
def test_a_route_without_length_is_its_start(point: Point) -> None:
    away, along = closest(point, RENNES, RENNES)
    assert along == 0
    assert away == pytest.approx(distance(point, RENNES), abs=1e-3)


@given(near_points, near_points, st.floats(0, 1))
def test_a_walk_along_the_route_measures_true(start: Point, end: Point, share: float) -> None:
    length = distance(start, end)
    assume(length > 1)
    place = point_along(start, end, share * length)
    assert distance(start, place) == pytest.approx(share * length, abs=0.01)


@given(points, points, st.floats(0, 1))
def test_the_box_holds_the_whole_route(start: Point, end: Point, share: float) -> None:
    assume(1 < distance(start, end) < 5e6)
    box = route_box(start, end)
    place = point_along(start, end, share * distance(start, end))
    assert box.south - 1e-9 <= place.lat <= box.north + 1e-9
    assert box.west - 1e-9 <= place.lon <= box.east + 1e-9


def test_the_box_rises_with_the_great_circle() -> None:
    """Brest to Strasbourg by the shortest way leaves the parallel of both towards the north."""
    box = route_box(Point(48.4, -4.5), Point(48.4, 7.7))
    assert box.south == pytest.approx(48.4)
    assert box.north > 48.55


@settings(max_examples=300)
@given(near_points, near_points, st.floats(0, 1), st.floats(0, 360), st.floats(0, 1))
def test_a_point_within_reach_of_a_route_meets_its_box(
    start: Point, end: Point, share: float, bearing: float, part: float
) -> None:
    """The pre-filter never loses a ride: a superset of every route within the radius."""
    radius = 20_000.0
    place = point_along(start, end, share * distance(start, end))
    point = Point(
        place.lat + math.degrees(radius * part / EARTH_RADIUS_M) * math.cos(math.radians(bearing)),
        place.lon + math.degrees(radius * part / EARTH_RADIUS_M) * math.sin(math.radians(bearing)),
    )
    away, _along = closest(point, start, end)
    assume(away <= radius)
    product = sum(a * b for a, b in zip(route_plane(start, end), unit(point), strict=True))
    assert abs(product) <= sine_of(radius)
    box, reach = route_box(start, end), around(point, radius)
    assert box.south <= reach.north
    assert box.north >= reach.south
    assert box.west <= reach.east
    assert box.east >= reach.west


@pytest.mark.parametrize("point", [Point(89.99, 10), Point(0, 179.99), Point(-20.9, -179.999)])
def test_reach_at_the_pole_and_the_date_line_goes_all_around(point: Point) -> None:
    box = around(point, 5_000)
    assert (box.west, box.east) == (-180.0, 180.0)


@given(points)
def test_a_point_is_shown_near_and_always_at_the_same_place(point: Point) -> None:
    shown = snapped(point)
    assert shown == snapped(point)
    assert snapped(shown) == shown
    assert distance(point, shown) <= GRID_M * math.sqrt(0.5) * 1.02 + 2


@given(near_points, st.floats(-0.0009, 0.0009), st.floats(-0.0009, 0.0009))
def test_neighbours_of_a_cell_look_alike(point: Point, north: float, east: float) -> None:
    """Whoever stands within the cell of a shown point is shown there: it hides them all."""
    shown = snapped(point)
    assert snapped(Point(shown.lat + north, shown.lon + east)) == shown

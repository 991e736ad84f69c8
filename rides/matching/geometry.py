"""Great circles on the sphere, for many routes at a time.

A route is the shortest line from its start to its end. Everything is exact on the sphere, up to
rounding (well under a millimetre for what a region holds); nothing is planar, so it holds at
48° N as at the equator, and across the date line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rides.matching.figures import EARTH_RADIUS_M, GRID_M

Floats = NDArray[np.float64]
_EPSILON = 1e-12
_METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M


class Point(NamedTuple):
    """A place in degrees (WGS84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees that hold a route. ``west`` to ``east`` is all around for one on the date line."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """Where each route passes nearest to a point."""

    away: Floats
    """Metres from the point to the route."""
    along: Floats
    """Metres from the route's start to that nearest place."""


def vectors(points: Floats) -> Floats:
    """Unit vectors, shape (n, 3), of points in degrees, shape (n, 2) as (lat, lon)."""
    radians = np.radians(points)
    lat, lon = radians[:, 0], radians[:, 1]
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def distance(start: Point, end: Point) -> float:
    """Metres between two points. Plain arithmetic: one pair is a hundredth of numpy's price."""
    first, last = unit(start), unit(end)
    return math.atan2(math.hypot(*_cross(first, last)), _dot(first, last)) * EARTH_RADIUS_M


def lengths(starts: Floats, ends: Floats) -> Floats:
    """Metres of each route, of unit vectors."""
    return angles(*starts.T, *ends.T) * EARTH_RADIUS_M


def nearest(points: Floats, starts: Floats, ends: Floats) -> Nearest:
    """Where routes pass nearest to points (unit vectors, their coordinates last); its ends count.

    Points of shape (m, 1, 3) are each held against every route, and many points against one route:
    shapes are broadcast. A route without length is its start. Written out by coordinates: for the
    few routes of a search, numpy's products of vectors cost more than all the rest.
    """
    a, b, c = np.moveaxis(points, -1, 0)
    ux, uy, uz = starts.T
    vx, vy, vz = ends.T
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    size = np.sqrt(nx * nx + ny * ny + nz * nz)
    length = np.arctan2(size, ux * vx + uy * vy + uz * vz)
    real = size > _EPSILON
    whole = np.where(real, size, 1.0)
    nx, ny, nz = nx / whole, ny / whole, nz / whole
    across = np.abs(np.arcsin(np.clip(nx * a + ny * b + nz * c, -1.0, 1.0)))
    ahead = (ny * uz - nz * uy) * a + (nz * ux - nx * uz) * b + (nx * uy - ny * ux) * c
    along = np.arctan2(ahead, ux * a + uy * b + uz * c)
    from_start = angles(ux, uy, uz, a, b, c)
    from_end = angles(vx, vy, vz, a, b, c)
    beside = real & (along >= 0) & (along <= length)
    first = from_start <= from_end
    away = np.where(beside, across, np.where(first, from_start, from_end))
    place = np.where(beside, along, np.where(first, 0.0, length))
    return Nearest(away * EARTH_RADIUS_M, place * EARTH_RADIUS_M)


def angles(a: Floats, b: Floats, c: Floats, x: Floats, y: Floats, z: Floats) -> Floats:
    """Angles between unit vectors by coordinates, accurate for near ones as for opposite ones."""
    i, j, k = b * z - c * y, c * x - a * z, a * y - b * x
    between: Floats = np.arctan2(np.sqrt(i * i + j * j + k * k), a * x + b * y + c * z)
    return between


def point_along(start: Point, end: Point, along: float) -> Point:
    """The point of the route ``along`` metres after its start, kept within the route."""
    length = distance(start, end)
    if length * 1e3 < 1:  # less than a millimetre
        return start
    share = min(max(along / length, 0.0), 1.0)
    angle = length / EARTH_RADIUS_M
    before, after = math.sin((1 - share) * angle), math.sin(share * angle)
    x, y, z = (
        (before * first + after * last) / math.sin(angle)
        for first, last in zip(unit(start), unit(end), strict=True)
    )
    return Point(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def route_box(start: Point, end: Point) -> Box:
    """The smallest box of parallels and meridians that holds the route.

    A great circle leaves the box of its ends towards the pole; its highest point is where the
    circle turns back to the equator, and counts when it lies between the ends. Plain arithmetic:
    every advert that is written passes here.
    """
    south, north = min(start.lat, end.lat), max(start.lat, end.lat)
    first, last = unit(start), unit(end)
    normal = _cross(first, last)
    size = math.hypot(*normal)
    if size > _EPSILON:
        x, y, z = (part / size for part in normal)
        # The pole, laid down on the circle's plane: towards its northernmost point.
        top = (-z * x, -z * y, 1 - z * z)
        if math.hypot(*top) > _EPSILON:
            highest = math.degrees(math.asin(min(1.0, math.sqrt(max(0.0, 1 - z * z)))))
            for vertex, lat in ((top, highest), (tuple(-part for part in top), -highest)):
                beyond_start = _dot(_cross(first, vertex), (x, y, z)) > 0
                before_end = _dot(_cross(vertex, last), (x, y, z)) > 0
                if beyond_start and before_end:
                    south, north = min(south, lat), max(north, lat)
    west, east = min(start.lon, end.lon), max(start.lon, end.lon)
    if east - west > 180:
        west, east = -180.0, 180.0
    return Box(south, west, north, east)


def route_plane(start: Point, end: Point) -> tuple[float, float, float]:
    """The unit normal of the plane through the Earth's centre that holds the route.

    The scalar product with a point's unit vector is the sine of its distance to the whole great
    circle, which is never more than its distance to the route: a filter that three products make.
    Zeros for a route without length, which no filter may lose.
    """
    normal = _cross(unit(start), unit(end))
    size = math.hypot(*normal)
    if size <= _EPSILON:
        return 0.0, 0.0, 0.0
    x, y, z = (part / size for part in normal)
    return x, y, z


def sine_of(radius: float) -> float:
    """The most that a route's plane times a point within ``radius`` metres can be.

    A hair more: rounding must lose no ride.
    """
    return math.sin(min(radius / EARTH_RADIUS_M, math.pi / 2)) + 1e-9


def unit(point: Point) -> tuple[float, ...]:
    """The unit vector of a point."""
    lat, lon = math.radians(point.lat), math.radians(point.lon)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _cross(left: tuple[float, ...], right: tuple[float, ...]) -> tuple[float, ...]:
    return (
        left[1] * right[2] - left[2] * right[1],
        left[2] * right[0] - left[0] * right[2],
        left[0] * right[1] - left[1] * right[0],
    )


def _dot(left: tuple[float, ...], right: tuple[float, ...]) -> float:
    return left[0] * right[0] + left[1] * right[1] + left[2] * right[2]


def around(point: Point, radius: float) -> Box:
    """A box that every box of a route within ``radius`` metres of ``point`` meets.

    All longitudes where the circle touches a pole or the date line: a box that is too large
    costs a little time, one that is too small loses rides.
    """
    angle = radius / EARTH_RADIUS_M * (1 + 1e-9) + 1e-12
    south, north = point.lat - math.degrees(angle), point.lat + math.degrees(angle)
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), -180.0, min(north, 90.0), 180.0)
    half = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(point.lat)))))
    west, east = point.lon - half, point.lon + half
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return Box(south, west, north, east)


def snapped(point: Point) -> Point:
    """The centre of the grid cell that holds ``point``: at most about 180 m away, always the same.

    Others only ever see this one. It carries no chance: asking a hundred times tells no more than
    asking once, and two neighbours of one cell look alike.
    """
    height = GRID_M / _METRES_PER_DEGREE
    row = math.floor(max(-89.0, min(89.0, point.lat)) / height)
    lat = (row + 0.5) * height
    width = height / math.cos(math.radians(lat))
    column = math.floor(point.lon / width)
    return Point(round(lat, 5), round((column + 0.5) * width, 5))

"""How a ride's route passes a passenger's trip: walk, detour, and whether that is near enough.

A passenger goes from A to B. The driver's route is a line of great circles through its stops. Each
end of the trip lies some metres away from the route; the passenger walks the first of them
(``figures.WALK_LIMIT_M``), and the driver leaves the route and comes back for the rest.

A route that turns or comes back may pass A and B more than once: on every leg (from one stop to the
next) the place nearest to A may be where the passenger gets in, and on every leg the place nearest
to B where they get out. Each such pair is a passage; which one is best depends on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rides.matching.figures import (
    DEFAULT_RADIUS_M,
    DETOUR_FLOOR_S,
    DETOUR_SHARE,
    DETOUR_SPEED,
    DRIVE_STEPS,
    LEAST_SHARED_M,
    ROAD_FACTOR,
    SHARED_SHARE,
    WALK_LIMIT_M,
    WALK_SPEED,
)
from rides.matching.geometry import (
    Floats,
    Point,
    distance,
    lengths,
    nearest,
    unit,
    vectors,
)
from rides.matching.timing import drive_seconds

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trip:
    """Where somebody wants to go: from ``origin`` to ``destination``."""

    origin: Point
    destination: Point


class Passage(NamedTuple):
    """One way in which one route passes one trip. Metres and seconds, not rounded."""

    length: float
    """Metres of the route."""
    pick_up: float
    """Metres along the route to where the passenger gets in."""
    set_down: float
    """Metres along the route to where the passenger gets out; always after ``pick_up``."""
    away_before: float
    """Metres from A to the route."""
    away_after: float
    """Metres from the route to B."""

    @property
    def reach(self) -> float:
        """Metres between the route and the end of the trip that is farther from it."""
        return max(self.away_before, self.away_after)

    @property
    def shared(self) -> float:
        """Metres of the route that both share."""
        return self.set_down - self.pick_up

    @property
    def walk_before(self) -> float:
        """Metres on foot at A."""
        return min(self.away_before, WALK_LIMIT_M)

    @property
    def walk_after(self) -> float:
        """Metres on foot at B."""
        return min(self.away_after, WALK_LIMIT_M)

    @property
    def walk_seconds(self) -> float:
        """Seconds on foot, both ends."""
        return (self.walk_before + self.walk_after) / WALK_SPEED

    @property
    def detour_seconds(self) -> float:
        """Seconds that the driver adds: there and back at each end, on local roads."""
        off_route = self.away_before - self.walk_before + self.away_after - self.walk_after
        return 2 * off_route * ROAD_FACTOR / DETOUR_SPEED


@dataclass(frozen=True, slots=True)
class Legs:
    """Many routes, cut at their stops."""

    starts: Floats
    """Unit vectors, one row for each leg, the legs of a route in order."""
    ends: Floats
    before: Floats
    """Metres along the route to the start of each leg."""
    route: Ints
    """Which route each leg belongs to."""
    length: Floats
    """Metres of each leg's whole route."""
    simple: bool
    """Whether every route is a single leg."""


def legs_of(lines: Sequence[Sequence[float]]) -> Legs:
    """Cut routes, each given as ``[lat, lon, lat, lon, …]`` in degrees, two points at least."""
    corners = [len(line) // 2 for line in lines]
    places = vectors(
        np.array([degree for line in lines for degree in line], dtype=np.float64).reshape(-1, 2)
    )
    simple = all(count == 2 for count in corners)
    if simple:
        starts, ends = places[0::2], places[1::2]
        long = lengths(starts, ends)
        return Legs(starts, ends, np.zeros(len(lines)), np.arange(len(lines)), long, simple)
    counts = np.array(corners)
    first = np.zeros(len(places), dtype=bool)
    first[np.cumsum(counts)[:-1]] = True
    joins = np.flatnonzero(~first[1:])  # a leg goes from each place to the next of its route
    starts, ends = places[joins], places[joins + 1]
    route = np.repeat(np.arange(len(lines)), counts - 1)
    long = lengths(starts, ends)
    # Added up one after the other, route by route: the end of a leg is the start of the next.
    before, total, done, last = [], np.zeros(len(lines)), 0.0, -1
    for index, metres in zip(route.tolist(), long.tolist(), strict=True):
        done = done if index == last else 0.0
        before.append(done)
        done += metres
        total[index], last = done, index
    return Legs(starts, ends, np.array(before), route, total[route], simple)


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages of many routes (or of many trips) as columns, in no order."""

    index: Ints
    """Which route, or which trip."""
    backwards: NDArray[np.bool_]
    """Whether it is the way back: of the route, or of the trip."""
    length: Floats
    pick_up: Floats
    set_down: Floats
    away_before: Floats
    away_after: Floats
    effort: Floats
    """Seconds of detour and walk."""
    offset: Floats
    """Seconds from the ride's start to the pick-up: its drive, shared out evenly on the route."""

    def __len__(self) -> int:
        return len(self.index)

    def one(self, number: int) -> Passage:
        """The passage in a row."""
        return Passage(
            float(self.length[number]),
            float(self.pick_up[number]),
            float(self.set_down[number]),
            float(self.away_before[number]),
            float(self.away_after[number]),
        )


def detour_limit(length: float) -> float:
    """Seconds of detour that a driver of a route of ``length`` metres accepts."""
    return max(DETOUR_SHARE * drive_seconds(length), DETOUR_FLOOR_S)


def _drives(metres: Floats) -> Floats:
    """``timing.drive_seconds`` of many."""
    seconds = np.zeros_like(metres)
    done = 0.0
    for limit, speed in DRIVE_STEPS:
        part = np.minimum(metres, limit) - done
        seconds += np.maximum(part, 0.0) * (ROAD_FACTOR / speed)
        done = limit
    return seconds


def _detour_limits(drives: Floats) -> Floats:
    return np.maximum(DETOUR_SHARE * drives, DETOUR_FLOOR_S)


def passages(trip: Trip, legs: Legs, *, radius: float, near: float = DEFAULT_RADIUS_M) -> Passages:
    """Every passage of the routes within ``radius`` metres of A and then of B.

    Routes are taken both ways: a route and its return pass equally near. Within ``near`` metres, a
    detour beyond the driver's limit rules a passage out. Beyond it a route is no match but the
    nearest there is: the passenger makes their own way to it, so the limit says nothing, and the
    route must share at least half of the trip instead.
    """
    ends = np.array([[unit(trip.origin)], [unit(trip.destination)]])
    at = nearest(ends, legs.starts, legs.ends)
    near_a, near_b = at.away <= radius
    gets_in, gets_out = _pairs(legs, near_a, near_b)
    length = legs.length[gets_in]
    from_a = legs.before[gets_in] + at.along[0][gets_in]
    from_b = legs.before[gets_out] + at.along[1][gets_out]
    backwards = from_b < from_a
    return _suitable(
        legs.route[gets_in],
        backwards,
        length,
        np.where(backwards, length - from_a, from_a),
        np.where(backwards, length - from_b, from_b),
        at.away[0][gets_in],
        at.away[1][gets_out],
        np.array(distance(trip.origin, trip.destination)),
        radius,
        near,
    )


def _pairs(legs: Legs, near_a: NDArray[np.bool_], near_b: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Legs on which one may get in and out, of one route each."""
    if legs.simple:
        both = np.flatnonzero(near_a & near_b)
        return both, both
    last: dict[int, list[int]] = {}
    for leg in np.flatnonzero(near_b).tolist():
        last.setdefault(int(legs.route[leg]), []).append(leg)
    pairs = [
        pair
        for leg in np.flatnonzero(near_a).tolist()
        for pair in product((leg,), last.get(int(legs.route[leg]), ()))
    ]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def passages_of(
    route: Trip,
    origins: Floats,
    destinations: Floats,
    *,
    radius: float,
    near: float = DEFAULT_RADIUS_M,
) -> Passages:
    """Every trip (degrees, shape (n, 2)) that a straight route passes, out and back: as above."""
    start, end = np.array(unit(route.origin)), np.array(unit(route.destination))
    ends = np.stack([vectors(origins), vectors(destinations)])
    at = nearest(ends, start, end)
    held = np.flatnonzero((at.away <= radius).all(axis=0))
    from_first, from_last = at.along[:, held]
    away_first, away_last = at.away[:, held]
    backwards = from_last < from_first
    return _suitable(
        held,
        backwards,
        np.full(len(held), distance(route.origin, route.destination)),
        np.where(backwards, from_last, from_first),
        np.where(backwards, from_first, from_last),
        np.where(backwards, away_last, away_first),
        np.where(backwards, away_first, away_last),
        lengths(ends[0][held], ends[1][held]),
        radius,
        near,
    )


def _suitable(
    index: Ints,
    backwards: NDArray[np.bool_],
    length: Floats,
    pick_up: Floats,
    set_down: Floats,
    away_before: Floats,
    away_after: Floats,
    trip: Floats,
    radius: float,
    near: float,
) -> Passages:
    shared = set_down - pick_up
    drives = _drives(length)
    walk = np.minimum(away_before, WALK_LIMIT_M) + np.minimum(away_after, WALK_LIMIT_M)
    detour = (away_before + away_after - walk) * (2 * ROAD_FACTOR / DETOUR_SPEED)
    fits = (shared >= LEAST_SHARED_M) & (detour <= _detour_limits(drives))
    if radius > near:
        far = (shared >= LEAST_SHARED_M) & (shared >= trip * SHARED_SHARE)
        fits = np.where((away_before <= near) & (away_after <= near), fits, far)
    offset = drives * np.divide(pick_up, length, out=np.zeros_like(length), where=length > 0)
    effort = detour + walk / WALK_SPEED
    kept = np.flatnonzero(fits)
    return Passages(
        index[kept],
        backwards[kept],
        length[kept],
        pick_up[kept],
        set_down[kept],
        away_before[kept],
        away_after[kept],
        effort[kept],
        offset[kept],
    )

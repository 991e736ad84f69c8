"""How a ride's route passes a passenger's trip: walk, detour, and whether that is near enough.

A passenger goes from A to B. The driver's route is a great circle. Each end of the trip lies some
metres away from the route; the passenger walks the first of them (``figures.WALK_LIMIT_M``), and
the driver leaves the route and comes back for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rides.matching.figures import (
    DEFAULT_RADIUS_M,
    DETOUR_FLOOR_S,
    DETOUR_SHARE,
    DETOUR_SPEED,
    ROAD_FACTOR,
    SHARED_SHARE,
    WALK_LIMIT_M,
    WALK_SPEED,
)
from rides.matching.geometry import Floats, Point, distance, lengths, nearest, vectors
from rides.matching.timing import drive_seconds


@dataclass(frozen=True, slots=True)
class Trip:
    """What a passenger wants: from ``origin`` to ``destination``."""

    origin: Point
    destination: Point


@dataclass(frozen=True, slots=True)
class Passage:
    """One route seen from one trip. Metres and seconds, not rounded."""

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


def detour_limit(length: float) -> float:
    """Seconds of detour that a driver of a route of ``length`` metres accepts."""
    return max(DETOUR_SHARE * drive_seconds(length), DETOUR_FLOOR_S)


def passages(
    trip: Trip, starts: Floats, ends: Floats, *, radius: float
) -> tuple[dict[int, Passage], dict[int, Passage]]:
    """The routes that pass within ``radius`` metres of A and then of B, by their index.

    ``starts`` and ``ends`` are degrees, shape (n, 2) as (lat, lon). The first result holds routes
    taken from start to end, the second from end to start: a route and its return pass equally near,
    so one measure serves both. Within the default radius a detour beyond the driver's limit rules
    a route out. Beyond it a route is no match but the nearest there is: the passenger makes their
    own way to it, so the limit says nothing, and the route must share at least half of the trip
    instead.
    """
    if not len(starts):
        return {}, {}
    first, last = vectors(starts), vectors(ends)
    at_a, at_b = nearest(trip.origin, first, last), nearest(trip.destination, first, last)
    fits = (at_a.away <= radius) & (at_b.away <= radius)
    shared = at_b.along - at_a.along
    if radius > DEFAULT_RADIUS_M:
        least = distance(trip.origin, trip.destination) * SHARED_SHARE
        near = (at_a.away <= DEFAULT_RADIUS_M) & (at_b.away <= DEFAULT_RADIUS_M)
        fits &= near | (np.abs(shared) >= least)
    found: tuple[dict[int, Passage], dict[int, Passage]] = ({}, {})
    long = lengths(first, last)
    for index in np.flatnonzero(fits & (shared != 0)).tolist():
        backwards = bool(shared[index] < 0)
        length, pick_up, set_down = (
            float(values[index]) for values in (long, at_a.along, at_b.along)
        )
        passage = Passage(
            length=length,
            pick_up=length - pick_up if backwards else pick_up,
            set_down=length - set_down if backwards else set_down,
            away_before=float(at_a.away[index]),
            away_after=float(at_b.away[index]),
        )
        limited = passage.reach <= DEFAULT_RADIUS_M
        if not limited or passage.detour_seconds <= detour_limit(passage.length):
            found[backwards][index] = passage
    return found


def cost(passage: Passage, difference: float) -> int:
    """Whole seconds that rank a ride, fewer first: detour + walk + difference of time.

    Rounded, so that two rides on one route tie exactly and the advert's UUID decides.
    """
    return round(passage.detour_seconds + passage.walk_seconds + difference)

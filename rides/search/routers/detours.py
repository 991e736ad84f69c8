"""The detours of the rides that are shown, by road where a router answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from rides.matching.geometry import Point, distance, point_along
from rides.search.inputs import LookingFor, SearchQuery
from rides.search.queries import Detour, FoundRide
from rides.search.routers.client import RouterError, router

logger = logging.getLogger(__name__)


def with_detours(query: SearchQuery, rides: Sequence[FoundRide]) -> list[FoundRide]:
    """The rides with what the router says of their detours, in the same order.

    The first failure ends it: what is left keeps its estimate, and says so.
    """
    found = list(rides)
    asked = router()
    if asked is None:
        return found
    try:
        for place, ride in enumerate(found):
            if not ride.far:
                direct, longer = _ways(query, ride)
                seconds = asked.drive(longer).seconds - asked.drive(direct).seconds
                found[place] = replace(ride, detour=Detour(max(0.0, seconds), estimated=False))
    except RouterError as error:
        logger.warning("the router did not answer: %s", error)
    finally:
        asked.close()
    return found


def _ways(query: SearchQuery, ride: FoundRide) -> tuple[list[Point], list[Point]]:
    """The driver's way alone, and with the passenger: both meet where walking ends."""
    advert = ride.advert
    line = [advert.origin, *(stop.point for stop in advert.via), advert.destination]
    if ride.backwards:
        line.reverse()
    start, end = query.origin, query.destination
    if query.looking_for == LookingFor.PASSENGERS:
        start, end, line = line[0], line[-1], [query.origin, query.destination]
    passage = ride.passage
    get_in = _met(line, passage.pick_up, start, passage.walk_before)
    get_out = _met(line, passage.set_down, end, passage.walk_after)
    ahead = [(0.0, line[0])]
    for before, after in pairwise(line):
        ahead.append((ahead[-1][0] + distance(before, after), after))
    stops = [*ahead[1:-1], (passage.pick_up, get_in), (passage.set_down, get_out)]
    middle = [point for _metres, point in sorted(stops, key=lambda stop: stop[0])]
    return line, [line[0], *middle, line[-1]]


def _met(line: Sequence[Point], along: float, passenger: Point, walk: float) -> Point:
    """Where both meet: on the way from the passenger's place to the route, as far as they walk."""
    for before, after in pairwise(line):
        metres = distance(before, after)
        if along <= metres + 1e-6:
            return point_along(passenger, point_along(before, after, along), walk)
        along -= metres
    return line[-1]

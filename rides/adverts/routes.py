"""What is kept of a route beside its places, so that a search can pass over most of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rides.adverts.models import Advert
from rides.matching.geometry import Point, distance, route_box, route_plane
from rides.matching.timing import drive_seconds


def route_columns(start: Point, end: Point, via: Sequence[Point] = ()) -> dict[str, Any]:
    """The columns of ``Advert`` that follow from its places, as others see them, in their order.

    Whoever writes an advert without the service (many at once) writes these. Between two places a
    route is the great circle; the box holds all of it. No single plane holds a route with stops:
    zeros, which no filter loses.
    """
    places = (start, *via, end)
    boxes = [route_box(*leg) for leg in pairwise(places)]
    x, y, z = (0.0, 0.0, 0.0) if via else route_plane(start, end)
    return {
        "south": min(box.south for box in boxes),
        "west": min(box.west for box in boxes),
        "north": max(box.north for box in boxes),
        "east": max(box.east for box in boxes),
        "plane_x": x,
        "plane_y": y,
        "plane_z": z,
        "line": [degrees for place in places for degrees in place],
    }


def line_points(degrees: Sequence[float]) -> list[Point]:
    """The places of an advert's ``line``."""
    return [Point(*pair) for pair in zip(degrees[::2], degrees[1::2], strict=True)]


def way_of(advert: Advert) -> list[Point]:
    """The places of an advert's route in order, as others see them, from what is read of it."""
    via = getattr(advert, "via", None)
    if via is not None:
        return [advert.origin, *(stop.point for stop in via), advert.destination]
    return line_points(advert.line)


def way_seconds(advert: Advert) -> float:
    """Seconds by car from one end of an advert's route to the other, by its stops; an estimate."""
    return drive_seconds(sum(distance(*leg) for leg in pairwise(way_of(advert))))

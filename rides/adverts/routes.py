"""What is kept of a route beside its places, so that a search can pass over most of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rides.matching.geometry import Point, route_box, route_plane


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

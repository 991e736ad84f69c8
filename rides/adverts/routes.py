"""What is kept of a route beside its ends, so that a search can pass over most of them."""

from __future__ import annotations

from rides.matching.geometry import Point, route_box, route_plane


def route_columns(start: Point, end: Point) -> dict[str, float]:
    """The columns of ``Advert`` that follow from the two ends as others see them.

    Whoever writes an advert without the service (many at once) writes these.
    """
    box = route_box(start, end)
    x, y, z = route_plane(start, end)
    return {
        "south": box.south,
        "west": box.west,
        "north": box.north,
        "east": box.east,
        "plane_x": x,
        "plane_y": y,
        "plane_z": z,
    }

"""Routes and places as the map reads them (GeoJSON: longitude first)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from rides.adverts.models import Advert
from rides.matching.geometry import Point, distance, point_along

STEP_M: Final = 150_000.0
"""A long route bends on the map: one corner every so many metres."""


def collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Features as one document."""
    return {"type": "FeatureCollection", "features": list(features)}


def point_feature(point: Point, **properties: Any) -> dict[str, Any]:
    """A place; ``kind`` is ``origin`` or ``destination``, ``title`` what it is called."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": _position(point)},
        "properties": properties,
    }


def line_feature(start: Point, end: Point, **properties: Any) -> dict[str, Any]:
    """A route, by the shortest way on the globe."""
    metres = distance(start, end)
    corners = int(metres // STEP_M)
    between = [
        point_along(start, end, metres * number / (corners + 1)) for number in range(1, corners + 1)
    ]
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [_position(point) for point in (start, *between, end)],
        },
        "properties": properties,
    }


def _position(point: Point) -> list[float]:
    return [round(point.lon, 5), round(point.lat, 5)]


def route_on_map(advert: Advert) -> dict[str, Any]:
    """One advert: its route and its two ends."""
    return collection(
        [
            line_feature(advert.origin, advert.destination),
            point_feature(advert.origin, kind="origin", title=advert.origin_label),
            point_feature(advert.destination, kind="destination", title=advert.destination_label),
        ]
    )


def routes_on_map(rows: QuerySet[Advert]) -> dict[str, Any]:
    """Many adverts: their routes, each a link to its page. One statement, no model instances."""
    base = reverse("adverts:mine")
    found = rows.values_list(
        "public_id",
        "origin_label",
        "destination_label",
        "origin_lat",
        "origin_lon",
        "destination_lat",
        "destination_lon",
    )
    return collection(
        line_feature(
            Point(*places[:2]),
            Point(*places[2:]),
            id=str(public_id),
            title=f"{start} → {end}",
            url=f"{base}{public_id}/",
        )
        for public_id, start, end, *places in found
    )

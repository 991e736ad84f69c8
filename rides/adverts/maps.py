"""Routes and places as the map reads them (GeoJSON: longitude first)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from rides.adverts.models import Advert
from rides.adverts.routes import line_points
from rides.matching.geometry import Point, distance, point_along

STEP_M: Final = 150_000.0
"""A long route bends on the map: one corner every so many metres."""


def collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Features as one document."""
    return {"type": "FeatureCollection", "features": list(features)}


def point_feature(point: Point, **properties: Any) -> dict[str, Any]:
    """A place; ``kind``: ``origin``, ``stop``, ``destination``, ``offer``; ``title``: its name."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": _position(point)},
        "properties": properties,
    }


def line_feature(*places: Point, **properties: Any) -> dict[str, Any]:
    """A route through two places or more, each leg by the shortest way on the globe."""
    corners = [corner for leg in pairwise(places) for corner in _leg(*leg)]
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [_position(point) for point in (*corners, places[-1])],
        },
        "properties": properties,
    }


def _leg(start: Point, end: Point) -> list[Point]:
    """The start of a leg and its corners, without its end."""
    metres = distance(start, end)
    corners = int(metres // STEP_M)
    return [
        start,
        *(
            point_along(start, end, metres * number / (corners + 1))
            for number in range(1, corners + 1)
        ),
    ]


def _position(point: Point) -> list[float]:
    return [round(point.lon, 5), round(point.lat, 5)]


def places_on_map(places: Sequence[tuple[str, Point]]) -> dict[str, Any]:
    """A route through places in order: one line, its ends and its stops."""
    kinds = ["origin", *["stop"] * (len(places) - 2), "destination"]
    return collection(
        [
            line_feature(*(point for _label, point in places)),
            *(
                point_feature(point, kind=kind, title=label)
                for kind, (label, point) in zip(kinds, places, strict=True)
            ),
        ]
    )


def route_on_map(advert: Advert) -> dict[str, Any]:
    """One advert, from ``queries.for_cards``: its route, its ends and its stops."""
    return places_on_map(
        [
            (advert.origin_label, advert.origin),
            *advert.via,
            (advert.destination_label, advert.destination),
        ]
    )


def routes_on_map(rows: QuerySet[Advert]) -> dict[str, Any]:
    """Many adverts: their routes, each a link to its page. One statement, no model instances."""
    base = reverse("adverts:mine")
    found = rows.values_list(
        "public_id",
        "origin_label",
        "destination_label",
        "line",
    )
    return collection(
        line_feature(
            *line_points(line),
            id=str(public_id),
            title=f"{start} → {end}",
            url=f"{base}{public_id}/",
        )
        for public_id, start, end, line in found
    )

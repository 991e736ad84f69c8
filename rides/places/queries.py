"""Reads of carpool places: those near a route, those of an area."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from django.db.models import Q, QuerySet

from regions.territories.names import fold
from rides.matching.geometry import Point, around, nearest, route_box, vectors
from rides.places.models import CarpoolPlace

NEAR_M = 3_000.0
"""A place is offered as a stop when the route passes this close."""
MOST = 6


def places_open() -> QuerySet[CarpoolPlace]:
    """Places that anyone may use."""
    return CarpoolPlace.objects.filter(is_open=True)


def places_matching(text: str) -> QuerySet[CarpoolPlace]:
    """Places by words of their name, municipality or identifier, for the console."""
    rows = CarpoolPlace.objects.all()
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(town__icontains=word) | Q(key__icontains=word)
            | Q(name__icontains=fold(word))
        )  # fmt: skip
    return rows


def places_near(
    route: Sequence[Point], *, metres: float = NEAR_M, most: int = MOST
) -> list[CarpoolPlace]:
    """Open places within ``metres`` of a route (two points or more), the nearest first.

    One statement. Those of a box around the whole route are read, then measured exactly.
    """
    legs = [route_box(*leg) for leg in pairwise(route)]
    boxes = [
        around(Point(*corner), metres)
        for leg in legs
        for corner in product((leg.south, leg.north), (leg.west, leg.east))
    ]
    rows = list(
        places_open().filter(
            lat__gte=min(box.south for box in boxes),
            lat__lte=max(box.north for box in boxes),
            lon__gte=min(box.west for box in boxes),
            lon__lte=max(box.east for box in boxes),
        )
    )
    if not rows:
        return []
    line = vectors(np.array(route, dtype=np.float64))
    points = vectors(np.array([place.point for place in rows], dtype=np.float64))
    away = nearest(points[:, None], line[:-1], line[1:]).away.min(axis=1).tolist()
    close = sorted(
        ((metre, place) for metre, place in zip(away, rows, strict=True) if metre <= metres),
        key=lambda one: (one[0], one[1].pk),
    )
    return [place for _away, place in close[:most]]


def place_open(key: int) -> CarpoolPlace | None:
    """An open place by its primary key."""
    return places_open().filter(pk=key).first()

"""What pages name beside an advert's own fields."""

from __future__ import annotations

from typing import NamedTuple

from rides.matching.geometry import Point


class ShownIn(NamedTuple):
    """A community in which an advert is published, as pages name it."""

    slug: str
    name: str


class Via(NamedTuple):
    """A stop of an advert, as pages name it."""

    label: str
    point: Point

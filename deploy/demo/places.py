"""The towns of a demo region, and who travels between which: a gravity model.

Real municipalities, invented journeys. A town attracts journeys in proportion to its inhabitants,
and less and less with distance, as commuting does.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from regions.territories.models import Municipality
from rides.matching.figures import EARTH_RADIUS_M
from rides.matching.geometry import Floats, Point, vectors

Bools = NDArray[np.bool_]

ISLANDS: Final = frozenset(
    {
        *("22016", "29082", "29083", "29084", "29155"),  # Bréhat, Batz, Sein, Molène, Ouessant
        *("56009", "56114", "56152", "56241", "56069"),  # Belle-Île, Groix
        *("56085", "56086", "56087", "56088", "85113"),  # Hœdic, Houat, Moines, Arz, Yeu
    }
)
"""Municipalities of these regions that no road reaches: nobody carpools there."""


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality that has inhabitants, a place on the map, and a road."""

    code: str
    name: str
    region: str
    population: int
    point: Point


class Territory:
    """The towns of a region, most populated first, and distances between them."""

    def __init__(self, towns: Sequence[Town]) -> None:
        self.towns = list(towns)
        self.vectors: Floats = vectors(np.array([town.point for town in towns], dtype=np.float64))
        self.population: Floats = np.array([town.population for town in towns], dtype=np.float64)

    @classmethod
    def of_regions(cls, codes: Sequence[str]) -> Territory:
        """Read the towns of some régions (INSEE codes)."""
        rows = (
            Municipality.objects.filter(
                region__in=codes, lat__isnull=False, lon__isnull=False, population__gt=0
            )
            .exclude(code__in=ISLANDS)
            .order_by("-population", "code")
            .values_list("code", "name", "region", "population", "lat", "lon")
        )
        return cls(
            [
                Town(code, name, region, population or 0, Point(lat or 0.0, lon or 0.0))
                for code, name, region, population, lat, lon in rows
            ]
        )

    def metres_from(self, index: int) -> Floats:
        """Metres from one town to every town."""
        dots: Floats = np.clip(self.vectors @ self.vectors[index], -1.0, 1.0)
        metres: Floats = np.arccos(dots) * EARTH_RADIUS_M
        return metres

    def passed(
        self, start: int, end: int, towns: Sequence[int], radius: float
    ) -> tuple[Bools, Floats]:
        """Which of ``towns`` the straight route passes within ``radius`` metres, and where.

        The second array says how far along the route, in radians.
        """
        first, last, there = self.vectors[start], self.vectors[end], self.vectors[list(towns)]
        cosine = float(first @ last)
        length = float(np.arccos(min(1.0, cosine)))
        ahead = last - cosine * first  # where the route goes, at right angles to where it starts
        ahead /= np.sqrt(ahead @ ahead)
        place = np.clip(np.arctan2(there @ ahead, there @ first), 0.0, length)
        spot = np.cos(place)[:, None] * first + np.sin(place)[:, None] * ahead
        gap = there - spot
        away = np.sqrt(np.sum(gap * gap, axis=1)) * EARTH_RADIUS_M
        # A little less than what was asked: these are chords, and rounding is no friend.
        return away <= radius - 5, place

    def largest(self, count: int) -> list[int]:
        """Indexes of the most populated towns of each région, ``count`` each."""
        taken: dict[str, int] = {}
        found = []
        for index, town in enumerate(self.towns):
            if taken.get(town.region, 0) < count:
                taken[town.region] = taken.get(town.region, 0) + 1
                found.append(index)
        return found

    def spread(self, apart: float) -> list[int]:
        """Indexes of towns such that every town is within ``apart`` metres of one of them."""
        left = np.ones(len(self.towns), dtype=np.bool_)
        found = []
        for index in range(len(self.towns)):
            if left[index]:
                found.append(index)
                left &= self.metres_from(index) > apart
        return found

    def index_of(self, code: str) -> int:
        """The index of the town of that INSEE code."""
        return next(index for index, town in enumerate(self.towns) if town.code == code)


class Draw:
    """Weighted draws from one seed: the same every time."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - demo data must not be unpredictable

    def index(self, weights: Floats) -> int:
        """An index, as often as its weight says."""
        total = np.cumsum(weights)
        return int(np.searchsorted(total, self.random.random() * float(total[-1]), side="right"))

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share


def home(draw: Draw, territory: Territory) -> int:
    """Where somebody lives: big towns more often, small ones more than their share."""
    return draw.index(territory.population**0.8)


def work(
    draw: Draw, territory: Territory, start: int, reach: float = 18_000.0, pull: float = 1.0
) -> int:
    """Where somebody from ``start`` goes: attraction falls by e every ``reach`` metres.

    ``pull`` is the power of the population: above 1, large towns draw more than their share.
    """
    metres = territory.metres_from(start)
    weights = territory.population**pull * np.exp(-metres / reach)
    weights[(metres < 4_000) | (metres > 6 * reach)] = 0.0
    if not weights.any():  # nothing near
        weights = territory.population / np.maximum(metres, 1.0)
        weights[start] = 0.0
    return draw.index(weights)

"""The areas of a region: each municipality, and what it lies in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from regions.onboarding.queries import region_current
from regions.statistics.models import Area
from regions.territories.models import Municipality


@dataclass(frozen=True, slots=True)
class Territory:
    """What the levels of a release are made of. Outside the region nothing lies in any area."""

    levels: tuple[tuple[Area, dict[str, str]], ...]
    """From the largest to the smallest: municipality → its area of that level."""
    inhabitants: dict[tuple[Area, str], int]

    def first_back(self, area: Area) -> Callable[[str], tuple[object, ...]]:
        """Rank of an area when another must be held back too: the fewest inhabitants go first."""
        return lambda code: (self.inhabitants.get((area, code), 0), code)


def territory() -> Territory:
    """Return the areas of the current region; one statement beside its profile."""
    rows = Municipality.objects.filter(region__in=region_current().region_codes).values_list(
        "code", "region", "departement", "intercommunality_code", "population"
    )
    levels: dict[Area, dict[str, str]] = {
        Area.ADMINISTRATIVE: {},
        Area.DEPARTEMENT: {},
        Area.INTERCOMMUNALITY: {},
        Area.MUNICIPALITY: {},
    }
    inhabitants: dict[tuple[Area, str], int] = {}
    for code, region, departement, intercommunality, population in rows.iterator():
        for area, lies_in in zip(
            levels, (region, departement, intercommunality, code), strict=True
        ):
            if lies_in:
                levels[area][code] = lies_in
                key = (area, lies_in)
                inhabitants[key] = inhabitants.get(key, 0) + (population or 0)
    return Territory(tuple(levels.items()), inhabitants)

"""The areas of a region: each municipality, and what it lies in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from regions.onboarding.queries import region_current
from regions.statistics.models import Area, Fact
from regions.territories.models import Municipality
from regions.territories.moves import Kind as MoveKind
from regions.territories.moves import Move


def facts_follow(move: Move) -> int:
    """Count the region anew once what it counts has moved; returns the figures that it concerns.

    What is published stays as it was told: ``comparable`` codes compare it.
    """
    from regions.statistics import tasks

    if move.kind != MoveKind.MUNICIPALITY:
        return 0
    gone = [old for old, parts in move.codes.items() if old not in parts]
    figures = Fact.objects.filter(kind=Area.MUNICIPALITY, code__in=gone).count()
    if figures:
        tasks.count_again.enqueue()
    return figures


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

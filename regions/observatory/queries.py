"""What anybody may read of regions' statistics: published cells, definitions, which regions.

On a region's host: its own figures, and those of the regions with which an agreement in force pools
statistics, where it lets them be told. On the platform's host: those of all regions with such an
agreement. Each function asks the database once, whatever it is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from django.db import connection
from django.utils.functional import Promise

from regions.statistics.catalogue import MEASURES, Kind, Measure, Unit, measure_of, source_of
from regions.statistics.disclosure import K
from regions.statistics.models import Area, Grain
from tenants.context import current_tenant_or_none

__all__ = [
    "Area",
    "Definition",
    "Grain",
    "K",
    "PublishingRegion",
    "ReleasedCell",
    "Total",
    "definition_of",
    "definitions",
    "publishing_regions",
    "released",
    "released_count",
    "total",
]


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure as the catalogue defines it, for pages and downloads."""

    code: str
    label: str | Promise
    definition: str | Promise
    method: str | Promise
    unit: Unit
    freshness: str | Promise
    origin: str | Promise
    additive: bool
    """Whether figures of several months add up; else they are people, or what there is at the
    end.
    """
    areas: tuple[Area, ...]
    """What it is published of."""
    daily: bool
    """Whether the whole region's figure is published by day too."""
    step: int
    """What is told is rounded to multiples of it."""


class PublishingRegion(NamedTuple):
    """A region whose figures may be read here."""

    slug: str
    name: str
    accent: str
    own: bool
    """Whether it is the one on whose host we are."""
    regions: list[str]
    """INSEE codes of its régions."""
    departments: list[str] | None
    """Départements that may be told of, where agreements bind them; None: all of the region."""
    first: dt.date | None
    """First and last month published with all that a month has; none yet."""
    last: dt.date | None
    told_at: dt.datetime | None
    """When it last published something: nothing changes in between."""


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """One figure; ``value`` None: « < 6 ».

    Fewer than six people, or a figure that would give theirs away.
    """

    region: str
    """Short name (slug)."""
    measure: str
    grain: Grain
    start: dt.date
    area: Area
    code: str
    label: str
    value: float | None
    """In the measure's unit: people, count, metres, grams; a rate is people per car."""
    amounts: tuple[int, ...] = ()
    """What it is made of, as published; empty where it may not be told."""

    @property
    def suppressed(self) -> bool:
        """Whether the figure may not be told."""
        return self.value is None


def definitions() -> list[Definition]:
    """Return the catalogue, in order; asks nothing of the database."""
    return [definition_of(measure) for measure in MEASURES]


def definition_of(measure: Measure) -> Definition:
    """Return a measure as pages need it."""
    source = source_of(measure.source)
    areas = [Area.WHOLE, Area.ADMINISTRATIVE, Area.DEPARTEMENT, Area.INTERCOMMUNALITY]
    areas.append(Area.MUNICIPALITY)
    if source.communities:
        areas.append(Area.COMMUNITY)
    if source.kind == Kind.DONE:
        areas += [Area.DISTANCE, Area.HOUR]
    return Definition(
        code=measure.name,
        label=measure.label,
        definition=measure.definition,
        method=measure.method,
        unit=measure.unit,
        freshness=measure.freshness,
        origin=measure.origin,
        additive=measure.additive,
        areas=tuple(areas),
        daily=source.kind == Kind.DONE,
        step=source.round_to,
    )


_REGIONS: Final = (
    "SELECT slug, name, accent, own, regions, departments, first, last, told_at FROM {function}"
)
_TYPES: Final = "%s::text[], %s::text[], %s, %s, %s::date, %s::date, %s::text[], %s::text[]"
_RELEASED: Final = """
SELECT region, amount, start, code, label, value
  FROM {function} ORDER BY region COLLATE "C", start, code COLLATE "C"
"""


def publishing_regions() -> list[PublishingRegion]:
    """Return the regions whose figures may be read here, one's own first, then by name.

    On the platform's host it needs the platform's scope, as all of this module.
    """
    function = "observatory_regions()" if _in_region() else "observatory_regions_of(NULL)"
    with connection.cursor() as cursor:
        cursor.execute(_REGIONS.format(function=function))
        return [PublishingRegion._make(row) for row in cursor.fetchall()]


def released(
    measures: Sequence[str],
    *,
    first: dt.date,
    last: dt.date,
    area: Area = Area.WHOLE,
    grain: Grain = Grain.MONTH,
    codes: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
    part: tuple[int, int] | None = None,
) -> list[ReleasedCell]:
    """Return figures by region, period, area and measure, in that order; one statement.

    Every area of the regions is there for every published period from ``first`` to ``last``, masked
    or not; communities only where they are published. ``codes``: of areas (None: all); ``regions``:
    short names (None: all that may be read here). ``part``: how many figures of one measure to
    leave out, and how many to return after them (None: all). Days exist for the whole region and
    for measures whose ``Definition.daily`` says so. Raises ``KeyError`` for a measure that is none.
    """
    wanted = [measure_of(name) for name in measures]
    asked = _asked(wanted, first, last, area, grain, codes, regions)
    function = "observatory_released(" if _in_region() else "observatory_read(NULL, "
    with connection.cursor() as cursor:
        cursor.execute(
            _RELEASED.format(function=f"{function}{_TYPES}, %s, %s)"),
            [*asked, *(part or (0, None))],
        )
        rows = cursor.fetchall()
    found: list[ReleasedCell] = []
    for (region, start, code, label), group in groupby(rows, lambda row: (row[0], *row[2:5])):
        values = {amount: value for _region, amount, _start, _code, _label, value in group}
        for one in wanted:
            parts = [values.get(amount) for amount in one.amounts]
            if one.amounts[0] in values:
                told = one.told(*parts)
                found.append(
                    ReleasedCell(
                        region,
                        one.name,
                        grain,
                        start,
                        area,
                        code,
                        label,
                        told,
                        tuple(part for part in parts if part is not None)
                        if told is not None
                        else (),
                    )
                )
    return found


def released_count(
    measure: str,
    *,
    first: dt.date,
    last: dt.date,
    area: Area = Area.WHOLE,
    grain: Grain = Grain.MONTH,
    codes: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
) -> int:
    """Return how many figures of one measure ``released`` returns; one statement."""
    asked = _asked([measure_of(measure)], first, last, area, grain, codes, regions)
    function = "observatory_counted(" if _in_region() else "observatory_count(NULL, "
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}{_TYPES})", asked)
        return int(cursor.fetchone()[0])


def _asked(
    wanted: Sequence[Measure],
    first: dt.date,
    last: dt.date,
    area: Area,
    grain: Grain,
    codes: Sequence[str] | None,
    regions: Sequence[str] | None,
) -> list[str | dt.date | list[str] | None]:
    """What the functions of the database are asked, in their order."""
    pairs = sorted({(one.source, amount) for one in wanted for amount in one.amounts})
    return [
        [source for source, _amount in pairs],
        [amount for _source, amount in pairs],
        grain.value,
        area.value,
        first,
        last,
        list(codes) if codes is not None else None,
        list(regions) if regions is not None else None,
    ]


@dataclass(frozen=True, slots=True)
class Total:
    """A measure over several cells, such as all regions of a month."""

    measure: str
    value: float | None
    """None: no figure at all may be told."""
    told: int
    """Cells that it is made of."""
    masked: int
    """Cells « < 6 » that it leaves out: the true total is higher."""


def total(cells: Iterable[ReleasedCell], measure: str) -> Total:
    """Put cells of one measure together: several regions, or months of an additive measure.

    What they are made of is added up, and the measure made of the sums: a rate is the ratio of
    sums, never a mean of rates.
    """
    mine = [cell for cell in cells if cell.measure == measure]
    told = [cell.amounts for cell in mine if cell.value is not None]
    value = measure_of(measure).told(*map(sum, zip(*told, strict=True))) if told else None
    return Total(measure, value, len(told), len(mine) - len(told))


def _in_region() -> bool:
    return current_tenant_or_none() is not None

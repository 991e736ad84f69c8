"""The observatory's page, put together from published cells: four statements, whatever is asked.

One more where agreements let some départements of a region be told alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.observatory import charts, words
from regions.observatory.classes import bounds_words, classes
from regions.observatory.filters import Asked, months_back
from regions.observatory.queries import (
    Area,
    Definition,
    ReleasedCell,
    definitions,
    released,
    total,
)

OCCUPATION: Final = "occupation"
TILES: Final = (
    "journeys",
    "carpoolers",
    "distance",
    "co2",
    "occupation",
    "active_adverts",
    "registered",
    "active_members",
)
"""First on the page; the others follow."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it may be told."""

    value: float | None
    masked: bool
    """« < 6 »; neither masked nor a value: not published."""
    regions: frozenset[str] = frozenset()
    """Short names of those whose figures it is made of."""

    def words(self, scale: words.Scale) -> str:
        """The figure without its unit, « < 6 », or a dash."""
        if self.value is None and not self.masked:
            return words.NOTHING
        return scale.number(self.value)


UNTOLD: Final = Told(None, False)


@dataclass(frozen=True, slots=True)
class Tile:
    """One measure of the month, beside the month before and a year before."""

    definition: Definition
    value: str
    scale: str
    """Unit of the figure, written small behind it; empty for « < 6 » and what needs none."""
    month_before: words.Change | None
    year_before: words.Change | None
    query: str
    """Of the page that shows it in full."""
    unit: str
    """What it is counted in, in words."""
    current: bool


@dataclass(frozen=True, slots=True)
class Table:
    """What a chart says, in rows: a heading, then cells."""

    caption: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its table."""

    slug: str
    definition: Definition
    chart: charts.Curve | charts.Columns
    table: Table
    masked: bool
    """Whether something of it is « < 6 »."""


@dataclass(frozen=True, slots=True)
class Areas:
    """What lies where: the map's table, and its legend."""

    definition: Definition
    table: Table
    legend: list[tuple[str, str]]
    """Name of a class (``class-1`` …, ``masked``) and its words."""
    masked: list[str]
    """Names of the areas that are « < 6 »."""
    cells: list[ReleasedCell]
    """What all of it is made of."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page shows."""

    asked: Asked
    of: str
    """Whose figures they are, in words."""
    tiles: list[Tile]
    curve: Drawn
    occupation: Drawn | None
    areas: Areas
    distances: Drawn | None
    hours: Drawn | None
    """Both of whole regions; None where only parts of them are told."""
    by_region: Table | None
    """The regions beside each other, on the platform's page of all."""
    coverage: list[str]
    """What of regions the figures cover, where it is not all of them."""
    absent: list[str]
    """Names of the regions that have published nothing of the month."""


def page(asked: Asked) -> Page:
    """Read and put together."""
    listed = definitions()
    names = [one.code for one in listed]
    cells = released(
        names,
        first=months_back(asked.first, 12),
        last=asked.month,
        area=asked.territory.area,
        codes=[asked.territory.code] if asked.territory.code else None,
        regions=asked.slugs,
    )
    if not asked.territory.code and asked.in_part:
        # The whole of such a region is told nowhere: what it shares is the sum of its parts.
        cells += released(
            names,
            first=months_back(asked.first, 12),
            last=asked.month,
            area=Area.DEPARTEMENT,
            regions=[one.slug for one in asked.in_part],
        )
    told = _by_month(cells)
    order = [*TILES, *(name for name in names if name not in TILES)]
    tiles = [_tile(asked, told, one) for one in sorted(listed, key=lambda o: order.index(o.code))]
    occupation = next((one for one in listed if one.code == OCCUPATION), None)
    whole = len(asked.in_part) < len(asked.shown)
    cut = asked.measure if Area.HOUR in asked.measure.areas else _definition(listed, "journeys")
    return Page(
        asked=asked,
        of=whose(asked),
        tiles=tiles,
        curve=_curve(asked, told, asked.measure, "courbe"),
        occupation=_curve(asked, told, occupation, "occupation")
        if occupation and asked.measure.code != OCCUPATION
        else None,
        areas=areas_table(asked, areas_cells(asked)),
        distances=_cut(asked, cut, Area.DISTANCE, "distances") if whole else None,
        hours=_cut(asked, cut, Area.HOUR, "heures") if whole else None,
        by_region=_regions_table(asked, cells)
        if asked.region is None and len(asked.regions) > 1
        else None,
        coverage=coverage(asked),
        absent=[
            one.name
            for one in asked.shown
            if not (one.first and one.last and one.first <= asked.month <= one.last)
        ],
    )


def coverage(asked: Asked) -> list[str]:
    """« OuestGo : données de 2 départements sur 9 (Finistère, Morbihan) », for such regions."""
    said = []
    for one in asked.in_part:
        names = {
            code: name
            for region in one.regions
            for code, name in asked.departements.get(region, {}).items()
        }
        told = [name for code, name in names.items() if code in (one.departments or [])]
        words_of = ngettext(
            "%(region)s: data of %(count)s département out of %(all)s (%(names)s)",
            "%(region)s: data of %(count)s départements out of %(all)s (%(names)s)",
            len(told),
        )
        said.append(
            words_of
            % {"region": one.name, "count": len(told), "all": len(names), "names": ", ".join(told)}
        )
    return said


def whose(asked: Asked) -> str:
    """« Bretagne, octobre 2026 » without the month: whose figures a page is about."""
    region = asked.region.name if asked.region else _("All regions")
    return f"{asked.territory.label} · {region}" if asked.territory.code else region


def areas_cells(asked: Asked) -> list[ReleasedCell]:
    """The measure of the month, by area."""
    return released(
        [asked.measure.code],
        first=asked.month,
        last=asked.month,
        area=asked.level,
        regions=asked.slugs,
    )


def _definition(listed: Sequence[Definition], code: str) -> Definition:
    return next(one for one in listed if one.code == code)


def _sum(cells: Sequence[ReleasedCell], measure: str) -> Told:
    added = total(cells, measure)
    regions = frozenset(cell.region for cell in cells if cell.value is not None)
    return Told(added.value, added.value is None and added.masked > 0, regions)


def _by_month(cells: Sequence[ReleasedCell]) -> dict[tuple[str, dt.date], Told]:
    """Measure and month → all regions' figures together."""
    groups: dict[tuple[str, dt.date], list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault((cell.measure, cell.start), []).append(cell)
    return {key: _sum(group, key[0]) for key, group in groups.items()}


def _tile(asked: Asked, told: dict[tuple[str, dt.date], Told], one: Definition) -> Tile:
    now, before, year = (
        told.get((one.code, months_back(asked.month, back)), UNTOLD) for back in (0, 1, 12)
    )
    scale = words.scale(one.unit, [now.value])
    return Tile(
        definition=one,
        value=now.words(scale),
        scale="" if now.value is None else str(scale.label),
        month_before=_change(now, before, one),
        year_before=_change(now, year, one),
        query=asked.query(measure=one.code),
        unit=str(words.UNITS[one.unit]),
        current=one.code == asked.measure.code,
    )


def _change(now: Told, before: Told, of: Definition) -> words.Change | None:
    """How it has changed since; nothing to compare where it is made of other regions."""
    if now.regions and before.regions and now.regions != before.regions:
        return words.Change("", "", elsewhere=True)
    return words.change(now.value, before.value, of=of)


def _curve(
    asked: Asked, told: dict[tuple[str, dt.date], Told], one: Definition, slug: str
) -> Drawn:
    now = [told.get((one.code, month), UNTOLD) for month in asked.period]
    before = [told.get((one.code, months_back(month, 12)), UNTOLD) for month in asked.period]
    scale = words.scale(one.unit, [figure.value for figure in (*now, *before)])
    chart = charts.curve(
        title=str(one.label),
        description=_described(list(zip(map(words.month, asked.period), now, strict=True)), scale),
        scale=scale,
        labels=[words.month_short(month) for month in asked.period],
        series=[
            (_("this period"), [figure.value for figure in now]),
            (_("one year before"), [figure.value for figure in before]),
        ],
    )
    rows = [
        (
            words.month(month),
            [
                figure.words(scale),
                past.words(scale),
                change.text or words.NOTHING
                if (change := _change(figure, past, one))
                else words.NOTHING,
            ],
        )
        for month, figure, past in reversed(list(zip(asked.period, now, before, strict=True)))
    ]
    heads = [_("Month"), _headed(one, scale), _("One year before"), _("Change")]
    caption = _("%(measure)s, by month") % {"measure": one.label}
    masked = any(figure.masked for figure in (*now, *before))
    return Drawn(slug, one, chart, Table(caption, heads, rows), masked)


def _cut(asked: Asked, one: Definition, area: Area, slug: str) -> Drawn:
    """The month by class of distance or by hour: of whole regions only."""
    cells = released(
        [one.code], first=asked.month, last=asked.month, area=area, regions=asked.slugs
    )
    groups: dict[str, list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault(cell.code, []).append(cell)
    said = words.hour if area == Area.HOUR else words.distance_class
    told = [(code, _sum(groups[code], one.code)) for code in sorted(groups, key=_rank)]
    scale = words.scale(one.unit, [figure.value for _code, figure in told])
    named = [(said(code), figure) for code, figure in told]
    chart = charts.columns(
        title=str(one.label),
        description=_described(named, scale),
        scale=scale,
        labels=[str(int(code)) if area == Area.HOUR else code.replace("-", "–") for code in groups],
        values=[figure.value for _name, figure in named],
    )
    heads = [
        _("Departure") if area == Area.HOUR else _("Distance of the ride"),
        _headed(one, scale),
    ]
    caption = (
        _("%(measure)s, by hour of departure")
        if area == Area.HOUR
        else _("%(measure)s, by distance of the ride")
    ) % {"measure": one.label}
    table = Table(caption, heads, [(name, [figure.words(scale)]) for name, figure in named])
    return Drawn(slug, one, chart, table, any(figure.masked for _name, figure in named))


def _rank(code: str) -> int:
    return int(code.split("-")[0].rstrip("+"))


def areas_table(asked: Asked, cells: Sequence[ReleasedCell]) -> Areas:
    """The areas of a month, the greatest figure first; those « < 6 » by name."""
    one = asked.measure
    scale = words.scale(one.unit, [cell.value for cell in cells])
    told = sorted(
        ((cell.value, cell.label) for cell in cells if cell.value is not None),
        key=lambda line: (-line[0], line[1]),
    )
    rows = [(label, [scale.number(value)]) for value, label in told]
    bounds = classes([value for value, _label in told], scale)
    legend = [(f"class-{n + 1}", text) for n, text in enumerate(bounds_words(bounds, scale))]
    masked = sorted({cell.label for cell in cells if cell.value is None})
    if masked:
        legend.append(("masked", words.SUPPRESSED))
    caption = _("%(measure)s, by %(area)s, %(month)s") % {
        "measure": one.label,
        "area": str(asked.level.label).lower(),
        "month": words.month(asked.month),
    }
    heads = [str(asked.level.label), _headed(one, scale)]
    return Areas(one, Table(caption, heads, rows), legend, masked, list(cells))


def _regions_table(asked: Asked, cells: Sequence[ReleasedCell]) -> Table:
    one = asked.measure
    mine: dict[tuple[str, dt.date], list[ReleasedCell]] = {}
    for cell in cells:
        if cell.measure == one.code:
            mine.setdefault((cell.region, cell.start), []).append(cell)
    told = {key: _sum(group, one.code) for key, group in mine.items()}
    starts = [months_back(asked.month, back) for back in (0, 1, 12)]
    scale = words.scale(one.unit, [figure.value for figure in told.values()])
    rows = []
    for region in asked.regions:
        found = [told.get((region.slug, start), UNTOLD) for start in starts]
        rows.append((region.name, [figure.words(scale) for figure in found]))
    heads = [_("Region of the service"), *(words.month(start) for start in starts)]
    caption = _("%(measure)s, by region") % {"measure": _headed(one, scale)}
    return Table(caption, heads, rows)


def _headed(one: Definition, scale: words.Scale) -> str:
    return f"{one.label} ({scale.label})" if scale.label else str(one.label)


def _described(lines: Sequence[tuple[str, Told]], scale: words.Scale) -> str:
    """What a chart shows, for those who do not see it: the least and the greatest figure."""
    told = [(figure.value, name) for name, figure in lines if figure.value is not None]
    if not told:
        return _("No figure may be told here. The table has the same.")
    (least, at_least), (most, at_most) = min(told), max(told)
    return _(
        "From %(least)s (%(at_least)s) to %(most)s (%(at_most)s). The table has every figure."
    ) % {
        "least": scale.words(least),
        "at_least": at_least,
        "most": scale.words(most),
        "at_most": at_most,
    }

"""The observatory's page, put together from published cells.

A fixed number of statements, whatever is asked: all measures by month, the areas, distances, hours;
one more where agreements let some départements of a region be told alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.observatory import charts, words
from regions.observatory.areas import Areas, areas_figures, areas_table
from regions.observatory.filters import Asked, months_back
from regions.observatory.queries import (
    Area,
    Definition,
    ReleasedCell,
    definitions,
    released,
)
from regions.observatory.told import UNTOLD, Table, Told, summed, table

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
class Tile:
    """One measure of the month, beside the month before and a year before."""

    definition: Definition
    value: str
    before: str
    """« au moins », where it leaves something out."""
    scale: str
    """Unit of the figure, written small behind it; empty for « < 6 » and what needs none."""
    masked: bool
    partial: bool
    month_before: words.Change | None
    year_before: words.Change | None
    query: str
    """Of the page that shows it in full."""
    unit: str
    """What it is counted in, in words."""
    current: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its table."""

    slug: str
    definition: Definition
    chart: charts.Curve | charts.Columns
    table: Table
    masked: bool
    """Whether something of it is « < 6 »."""
    partial: bool
    """Whether something of it leaves out what may not be told."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page shows."""

    asked: Asked
    of: str
    """Whose figures they are, in words."""
    tiles: list[Tile]
    masked: bool
    """Whether « < 6 » stands among them."""
    partial: bool
    """Whether a sum among them leaves something out."""
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
        masked=any(tile.masked for tile in tiles),
        partial=any(tile.partial for tile in tiles),
        curve=_curve(asked, told, asked.measure, "courbe"),
        occupation=_curve(asked, told, occupation, "occupation")
        if occupation and asked.measure.code != OCCUPATION
        else None,
        areas=areas_table(asked, areas_figures(asked)),
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


def _definition(listed: Sequence[Definition], code: str) -> Definition:
    return next(one for one in listed if one.code == code)


def _by_month(cells: Sequence[ReleasedCell]) -> dict[tuple[str, dt.date], Told]:
    """Measure and month → all regions' figures together."""
    groups: dict[tuple[str, dt.date], list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault((cell.measure, cell.start), []).append(cell)
    return {key: summed(group, key[0]) for key, group in groups.items()}


def _tile(asked: Asked, told: dict[tuple[str, dt.date], Told], one: Definition) -> Tile:
    now, before, year = (
        told.get((one.code, months_back(asked.month, back)), UNTOLD) for back in (0, 1, 12)
    )
    scale = words.scale(one.unit, [now.value])
    return Tile(
        definition=one,
        value=now.bare(scale),
        before=words.partly(scale) if now.partial and not scale.ratio else "",
        scale=_unit(now, scale),
        masked=now.masked,
        partial=now.partial,
        month_before=_change(now, before, one),
        year_before=_change(now, year, one),
        query=asked.query(measure=one.code),
        unit=str(words.UNITS[one.unit]),
        current=one.code == asked.measure.code,
    )


def _unit(now: Told, scale: words.Scale) -> str:
    if now.value is None:
        return ""
    in_part = now.partial and scale.ratio
    return words.at_least(str(scale.label), scale) if in_part else str(scale.label)


def _change(now: Told, before: Told, of: Definition) -> words.Change | None:
    """How it has changed since; nothing to compare where it is a sum of other territories."""
    if now.parts and before.parts and now.parts != before.parts:
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
        partial=[[figure.partial for figure in line] for line in (now, before)],
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
    heads = [_("Month"), words.headed(one, scale), _("One year before"), _("Change")]
    caption = _("%(measure)s, by month") % {"measure": one.label}
    masked = any(figure.masked for figure in (*now, *before))
    partial = any(figure.partial for figure in (*now, *before))
    return Drawn(slug, one, chart, Table(caption, heads, rows, masked, partial), masked, partial)


def _cut(asked: Asked, one: Definition, area: Area, slug: str) -> Drawn:
    """The month by class of distance or by hour: of whole regions only."""
    cells = released(
        [one.code], first=asked.month, last=asked.month, area=area, regions=asked.slugs
    )
    groups: dict[str, list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault(cell.code, []).append(cell)
    said = words.hour if area == Area.HOUR else words.distance_class
    told = [(code, summed(groups[code], one.code)) for code in sorted(groups, key=_rank)]
    scale = words.scale(one.unit, [figure.value for _code, figure in told])
    named = [(said(code), figure) for code, figure in told]
    chart = charts.columns(
        title=str(one.label),
        description=_described(named, scale),
        scale=scale,
        labels=[str(int(code)) if area == Area.HOUR else code.replace("-", "–") for code in groups],
        values=[figure.value for _name, figure in named],
        partial=[figure.partial for _name, figure in named],
    )
    heads = [
        _("Departure") if area == Area.HOUR else _("Distance of the ride"),
        words.headed(one, scale),
    ]
    caption = (
        _("%(measure)s, by hour of departure")
        if area == Area.HOUR
        else _("%(measure)s, by distance of the ride")
    ) % {"measure": one.label}
    lines = table(caption, heads, [(name, [figure]) for name, figure in named], scale)
    return Drawn(slug, one, chart, lines, lines.masked, lines.partial)


def _rank(code: str) -> int:
    return int(code.split("-")[0].rstrip("+"))


def _regions_table(asked: Asked, cells: Sequence[ReleasedCell]) -> Table:
    one = asked.measure
    mine: dict[tuple[str, dt.date], list[ReleasedCell]] = {}
    for cell in cells:
        if cell.measure == one.code:
            mine.setdefault((cell.region, cell.start), []).append(cell)
    told = {key: summed(group, one.code) for key, group in mine.items()}
    starts = [months_back(asked.month, back) for back in (0, 1, 12)]
    scale = words.scale(one.unit, [figure.value for figure in told.values()])
    rows = []
    for region in asked.regions:
        found = [told.get((region.slug, start), UNTOLD) for start in starts]
        rows.append((region.name, found))
    heads = [_("Region of the service"), *(words.month(start) for start in starts)]
    caption = _("%(measure)s, by region") % {"measure": words.headed(one, scale)}
    return table(caption, heads, rows, scale)


def _described(lines: Sequence[tuple[str, Told]], scale: words.Scale) -> str:
    """What a chart shows, for those who do not see it: the least and the greatest figure."""
    told = [(figure.value, place) for place, (_name, figure) in enumerate(lines)]
    known = [(value, place) for value, place in told if value is not None]
    if not known:
        return _("No figure may be told here. The table has the same.")
    (at_least, least), (at_most, most) = (lines[one[1]] for one in (min(known), max(known)))
    return _(
        "Least: %(least)s (%(at_least)s). Most: %(most)s (%(at_most)s). The table has every figure."
    ) % {
        "least": least.full(scale),
        "at_least": at_least,
        "most": most.full(scale),
        "at_most": at_most,
    }

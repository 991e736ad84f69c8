"""What lies where: the cells of the map, its table and its legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from regions.observatory import words
from regions.observatory.classes import bounds_words, classes
from regions.observatory.filters import Asked
from regions.observatory.queries import Area, Definition, ReleasedCell, released
from regions.observatory.told import Table, Told, summed, table


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """One area: two regions of the service that both tell of it are one line."""

    code: str
    label: str
    figure: Told


@dataclass(frozen=True, slots=True)
class Areas:
    """What lies where: the map's table, and its legend."""

    definition: Definition
    table: Table
    legend: list[tuple[str, str]]
    """Name of a class (``class-1`` …, ``masked``) and its words."""
    masked: list[str]
    """Names of the areas that are « < 6 »."""
    figures: list[AreaFigure]
    """What all of it is made of."""
    notes: list[str]
    """Why these areas, where something else might be expected."""


def areas_figures(asked: Asked) -> list[AreaFigure]:
    """The measure of the month, by area."""
    cells = released(
        [asked.measure.code],
        first=asked.month,
        last=asked.month,
        area=asked.level,
        codes=asked.within,
        regions=[one.slug for one in asked.over],
    )
    groups: dict[str, list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault(cell.code, []).append(cell)
    return [
        AreaFigure(code, group[0].label, summed(group, asked.measure.code))
        for code, group in groups.items()
    ]


def areas_table(asked: Asked, figures: Sequence[AreaFigure]) -> Areas:
    """The areas of a month, the greatest figure first; those « < 6 » by name."""
    one = asked.measure
    values = [area.figure.value for area in figures if area.figure.value is not None]
    scale = words.scale(one.unit, values)
    shown = sorted(
        (area for area in figures if area.figure.value is not None),
        key=lambda area: (-(area.figure.value or 0), area.label),
    )
    bounds = classes(values, scale)
    legend = [(f"class-{n + 1}", text) for n, text in enumerate(bounds_words(bounds, scale))]
    masked = sorted({area.label for area in figures if area.figure.value is None})
    if masked:
        legend.append(("masked", words.not_told()))
    caption = _("%(measure)s, by %(area)s, %(month)s") % {
        "measure": one.label,
        "area": str(asked.level.label).lower(),
        "month": words.month(asked.month),
    }
    if asked.within is not None:
        caption = f"{caption} ({asked.territory.label})"
    heads = [str(asked.level.label), words.headed(one, scale)]
    rows = [(area.label, [area.figure]) for area in shown]
    return Areas(
        one,
        table(caption, heads, rows, scale),
        legend,
        masked,
        list(figures),
        _notes(asked),
    )


def _notes(asked: Asked) -> list[str]:
    if asked.fell_back:
        return [
            _(
                "To see intercommunalities, choose a region of the service or a département: "
                "these are départements."
            )
        ]
    if asked.within is None:
        return (
            [
                _("To compare, the map and this table show all of %(region)s.")
                % {"region": ", ".join(one.name for one in asked.over)}
            ]
            if asked.territory.code
            else []
        )
    if (asked.level, asked.territory.area) == (Area.INTERCOMMUNALITY, Area.DEPARTEMENT):
        return [_("Intercommunalities that go beyond the département stand here with all of them.")]
    return []

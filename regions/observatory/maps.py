"""Areas on a map, coloured by class: the table beside it says the same."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from django.core.cache import cache
from django.utils.translation import gettext as _

from regions.observatory import words
from regions.observatory.classes import class_of, classes
from regions.observatory.filters import Asked
from regions.observatory.page import areas_cells
from regions.observatory.queries import Area, ReleasedCell
from regions.territories import dataset
from regions.territories.areas import departements_of, intercommunality_contours
from regions.territories.still import Outline, Still, named, still

KEPT_SECONDS: Final = 86_400


class Shape(NamedTuple):
    """One area of the picture."""

    path: str
    kind: str
    """Its class: ``class-1`` …, or ``masked``."""
    said: str
    """Its name and its figure."""


class Name(NamedTuple):
    """One name in the picture; the code where there is no room for it (a phone)."""

    name: str
    code: str
    x: int
    y: int


class Picture(NamedTuple):
    """The map as a drawing that is there with the page: without script, and on paper."""

    width: int
    height: int
    shapes: list[Shape]
    names: list[Name]


def picture(asked: Asked, cells: list[ReleasedCell]) -> Picture:
    """Draw the areas that the page's table is about."""
    drawn = _still(asked)
    said = {cell.code: (cell.label, kind, text) for cell, kind, text in _kinds(asked, cells)}
    shapes = [
        Shape(outline.path, said[outline.code][1], " – ".join(said[outline.code][::2]))
        for outline in drawn.outlines
        if outline.code in said
    ]
    names = {code: label for code, (label, _kind, _text) in said.items()}
    written = named(drawn.outlines, names) if asked.level == Area.DEPARTEMENT else []
    return Picture(
        drawn.width,
        drawn.height,
        shapes,
        [Name(name, one.code, one.x, one.y) for name, one in written],
    )


def _still(asked: Asked) -> Still:
    """Outlines of the areas, kept for a day: the same for everybody."""
    key = f"observatory:still:{dataset.VERSION}:{asked.level.value}:{'-'.join(_codes(asked))}"
    known = cache.get(key)
    if known is None:
        known = json.dumps(still(contours(asked)), separators=(",", ":"))
        cache.set(key, known, KEPT_SECONDS)
    width, height, outlines = json.loads(known)
    return Still(width, height, [Outline._make(one) for one in outlines])


def _kinds(asked: Asked, cells: list[ReleasedCell]) -> list[tuple[ReleasedCell, str, str]]:
    """Each area with its class and its figure in words."""
    scale = words.scale(asked.measure.unit, [cell.value for cell in cells])
    bounds = classes([cell.value for cell in cells if cell.value is not None], scale)
    return [
        (
            cell,
            "masked" if cell.value is None else f"class-{class_of(cell.value, bounds)}",
            _("%(measure)s: %(value)s")
            % {"measure": asked.measure.label, "value": scale.words(cell.value)},
        )
        for cell in cells
    ]


def areas_map(asked: Asked) -> dict[str, Any]:
    """Return GeoJSON: each area with its name, its figure in words, and its class."""
    drawn = contours(asked)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": drawn[cell.code],
                "properties": {"title": cell.label, "text": text, "kind": kind},
            }
            for cell, kind, text in _kinds(asked, areas_cells(asked))
            if cell.code in drawn
        ],
    }


def contours(asked: Asked) -> dict[str, Any]:
    """Code → geometry of the areas of the map; joined once a day, the same for everybody."""
    codes = _codes(asked)
    if asked.level == Area.DEPARTEMENT:
        return {one.code: one.contour for one in departements_of(codes)}
    key = f"observatory:outlines:{dataset.VERSION}:{'-'.join(codes)}"
    known = cache.get(key)
    if known is None:
        known = json.dumps(intercommunality_contours(codes), separators=(",", ":"))
        cache.set(key, known, KEPT_SECONDS)
    found: dict[str, Any] = json.loads(known)
    return found


def _codes(asked: Asked) -> list[str]:
    """INSEE codes of the régions on the map."""
    return sorted({code for one in asked.shown for code in one.regions})

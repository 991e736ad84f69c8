"""Areas on a map, coloured by class: the table beside it says the same."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from django.core.cache import cache
from django.utils.translation import gettext as _

from regions.observatory import words
from regions.observatory.areas import AreaFigure, areas_figures
from regions.observatory.classes import class_of, classes
from regions.observatory.filters import Asked
from regions.observatory.queries import Area
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


def picture(asked: Asked, figures: list[AreaFigure]) -> Picture:
    """Draw the areas that the page's table is about."""
    drawn = _still(asked)
    said = {one.code: (one.label, kind, text) for one, kind, text in _kinds(asked, figures)}
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
    of = asked.territory.key if asked.within is not None else "-".join(_codes(asked))
    key = f"observatory:still:{dataset.VERSION}:{asked.level.value}:{of}"
    known = cache.get(key)
    if known is None:
        known = json.dumps(still(contours(asked)), separators=(",", ":"))
        cache.set(key, known, KEPT_SECONDS)
    width, height, outlines = json.loads(known)
    return Still(width, height, [Outline._make(one) for one in outlines])


def _kinds(asked: Asked, figures: list[AreaFigure]) -> list[tuple[AreaFigure, str, str]]:
    """Each area with its class and its figure in words."""
    values = [one.figure.value for one in figures if one.figure.value is not None]
    scale = words.scale(asked.measure.unit, values)
    bounds = classes(values, scale)
    return [
        (
            one,
            "masked" if one.figure.value is None else f"class-{class_of(one.figure.value, bounds)}",
            _("%(measure)s: %(value)s")
            % {"measure": asked.measure.label, "value": one.figure.full(scale)},
        )
        for one in figures
    ]


def areas_map(asked: Asked) -> dict[str, Any]:
    """Return GeoJSON: each area with its name, its figure in words, and its class."""
    drawn = contours(asked)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": drawn[one.code],
                "properties": {"title": one.label, "text": text, "kind": kind},
            }
            for one, kind, text in _kinds(asked, areas_figures(asked))
            if one.code in drawn
        ],
    }


def contours(asked: Asked) -> dict[str, Any]:
    """Code → geometry of the areas of the map; joined once a day, the same for everybody."""
    drawn = _contours(asked.level, _codes(asked))
    if asked.within is None:
        return drawn
    return {code: drawn[code] for code in asked.within if code in drawn}


def _contours(level: Area, codes: list[str]) -> dict[str, Any]:
    if level == Area.DEPARTEMENT:
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
    return sorted({code for one in asked.over for code in one.regions})

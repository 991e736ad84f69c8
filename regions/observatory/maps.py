"""Areas on a map, coloured by class: the table beside it says the same."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from regions.observatory import words
from regions.observatory.filters import Asked
from regions.observatory.page import areas_cells, class_of, classes
from regions.observatory.queries import Area
from regions.territories import dataset
from regions.territories.areas import departements_of, intercommunality_contours

KEPT_SECONDS: Final = 86_400


def areas_map(asked: Asked) -> dict[str, Any]:
    """Return GeoJSON: each area with its name, its figure in words, and its class."""
    cells = areas_cells(asked)
    scale = words.scale(asked.measure.unit, [cell.value for cell in cells])
    bounds = classes([cell.value for cell in cells if cell.value is not None], scale)
    drawn = contours(asked)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": drawn[cell.code],
                "properties": {
                    "title": cell.label,
                    "text": _("%(measure)s: %(value)s")
                    % {"measure": asked.measure.label, "value": scale.words(cell.value)},
                    "kind": "masked"
                    if cell.value is None
                    else f"class-{class_of(cell.value, bounds)}",
                },
            }
            for cell in cells
            if cell.code in drawn
        ],
    }


def contours(asked: Asked) -> dict[str, Any]:
    """Code → geometry of the areas of the map; joined once a day, the same for everybody."""
    regions = asked.regions if asked.region is None else [asked.region]
    codes = sorted({code for one in regions for code in one.regions})
    if asked.level == Area.DEPARTEMENT:
        return {one.code: one.contour for one in departements_of(codes)}
    key = f"observatory:outlines:{dataset.VERSION}:{'-'.join(codes)}"
    known = cache.get(key)
    if known is None:
        known = json.dumps(intercommunality_contours(codes), separators=(",", ":"))
        cache.set(key, known, KEPT_SECONDS)
    found: dict[str, Any] = json.loads(known)
    return found

"""Contours of municipalities and départements as GeoJSON, out of the bundled file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from shapely.geometry import Point, shape

from regions.territories import dataset
from regions.territories.outlines import arcs_read, ring_points, shapes_read

OUTLINE_DEGREES = 0.005
"""How far off a simplified outline may be: about 500 m."""
Geometry = dict[str, Any]
"""A GeoJSON MultiPolygon, in degrees."""


class Departement(NamedTuple):
    """A département on a map; ``lat`` and ``lon`` are about its middle."""

    code: str
    name: str
    region: str
    """INSEE code of its region."""
    lat: float
    lon: float
    contour: Geometry


def contours_of(codes: Iterable[str]) -> dict[str, Geometry]:
    """Return the geometry of municipalities by INSEE code.

    Those without a known contour are left out. Reads one document per département concerned, a few
    milliseconds each.
    """
    wanted: dict[str, set[str]] = {}
    for code in codes:
        wanted.setdefault(code[:3] if code.startswith("97") else code[:2], set()).add(code)
    found: dict[str, Geometry] = {}
    for departement, here in wanted.items():
        document = _document(f"communes/{departement}")
        if document is not None:
            which = {index for index, code in enumerate(document["code"]) if code in here}
            drawn = _geometries(document, which)
            found |= {document["code"][index]: shape for index, shape in drawn.items()}
    return found


def lies_in(code: str, lat: float, lon: float) -> bool:
    """Whether a point (degrees) is in a municipality, or so near that outlines cannot tell.

    False where the contour is not known.
    """
    contour = contours_of([code]).get(code)
    if contour is None:
        return False
    return bool(shape(contour).distance(Point(lon, lat)) <= OUTLINE_DEGREES)


def departements_of(regions: Iterable[str]) -> list[Departement]:
    """Return the départements of regions (INSEE codes), by code; a few milliseconds."""
    document = _document(dataset.COUNTRY)
    assert document is not None, "the bundle holds the country"
    wanted = set(regions)
    which = {index for index, one in enumerate(document["departements"]) if one[2] in wanted}
    drawn = _geometries(document, which)
    return [
        Departement._make((*document["departements"][index], shape))
        for index, shape in sorted(drawn.items())
    ]


def _document(name: str) -> dict[str, Any] | None:
    packed = dataset.document_gzip(name)
    return json.loads(gzip.decompress(packed)) if packed is not None else None


def _geometries(document: dict[str, Any], which: set[int]) -> dict[int, Geometry]:
    """The shapes of some lines of a document; a line without a shape is left out."""
    shapes = shapes_read(document["rings"])
    arcs = arcs_read(document["arcs"])
    unit = document["perDegree"]
    found = {}
    for index in which:
        if not shapes[index]:
            continue
        polygons = []
        for polygon in shapes[index]:
            rings = []
            for ring in polygon:
                points = [[x / unit, y / unit] for x, y in ring_points(arcs, ring)]
                rings.append([*points, points[0]])
            polygons.append(rings)
        found[index] = {"type": "MultiPolygon", "coordinates": polygons}
    return found

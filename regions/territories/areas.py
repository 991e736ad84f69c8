"""Contours of municipalities and what they form as GeoJSON, out of the bundled file."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from shapely.geometry import Point, shape

from regions.territories import dataset
from regions.territories.outlines import Point as Corner
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


def intercommunality_contours(regions: Iterable[str]) -> dict[str, Geometry]:
    """Return contours of the intercommunalities of regions by SIREN code, for maps.

    What two of its municipalities share is left out, so that the border alone remains, by
    département. All rings stand in one polygon: painted « even-odd », holes come out as holes.
    About 30 ms for each département.
    """
    country = _document(dataset.COUNTRY)
    assert country is not None, "the bundle holds the country"
    wanted = set(regions)
    found: dict[str, list[list[list[float]]]] = {}
    for departement in (one[0] for one in country["departements"] if one[2] in wanted):
        document = _document(f"communes/{departement}")
        if document is None:
            continue
        arcs, unit = arcs_read(document["arcs"]), document["perDegree"]
        shapes = shapes_read(document["rings"])
        groups: dict[int, list[int]] = {}
        for place, drawn in zip(document["intercommunality"], shapes, strict=True):
            if place is not None and place >= 0:
                groups.setdefault(place, []).extend(
                    arc for polygon in drawn for ring in polygon for arc in ring
                )
        for place, used in groups.items():
            rings = found.setdefault(document["intercommunalities"][place][0], [])
            for ring in _border(arcs, used):
                points = [[x / unit, y / unit] for x, y in ring_points(arcs, ring)]
                rings.append([*points, points[0]])
    return {
        code: {"type": "MultiPolygon", "coordinates": [rings]}
        for code, rings in found.items()
        if rings
    }


def _border(arcs: Sequence[Sequence[Corner]], used: Sequence[int]) -> list[list[int]]:
    """Rings of the arcs that are used once: where two of a group meet, theirs is used twice.

    Outlines turn either way, so an arc is walked as the ring that it continues wants.
    """
    times = Counter(arc if arc >= 0 else ~arc for arc in used)
    touching: dict[Corner, set[int]] = {}
    for arc, count in times.items():
        if count == 1:
            touching.setdefault(arcs[arc][0], set()).add(arc)
            touching.setdefault(arcs[arc][-1], set()).add(~arc)
    rings: list[list[int]] = []
    for start in list(touching):
        while touching[start]:
            ring: list[int] = []
            at = start
            while touching[at] and (at != start or not ring):
                arc = min(touching[at])
                touching[at].discard(arc)
                at = _end(arcs, arc, -1)
                touching[at].discard(~arc)
                ring.append(arc)
            rings.append(ring)
    return rings


def _end(arcs: Sequence[Sequence[Corner]], arc: int, which: int) -> Corner:
    """First (0) or last (-1) point of an arc, as it is walked."""
    return arcs[arc][which] if arc >= 0 else arcs[~arc][-1 - which]

"""Contours of today's municipalities as a clean coverage: no gap, no overlap, shared borders equal.

Everything here works in metres on a plane of each land mass (longitude shrunk by the cosine of its
mean latitude): exact enough for drawing and for centroids. Needs shapely >= 2.2 (GEOS >= 3.14).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from regions.territories.rebuild.sources import Commune, Contours, SourceError
from regions.territories.rebuild.topology import Shape, ring_tidy

Geometries = NDArray[np.object_]
METRES_PER_DEGREE = 111_195.0
SLIVER_METRES = 30.0
"""Gaps narrower than this between neighbours are errors of drawing, not land of nobody."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Outlines by code on one land mass, in metres; ``stretch`` gives metres per degree (x, y)."""

    codes: list[str]
    outlines: Geometries
    stretch: tuple[float, float]


def land_mass(departement: str) -> str:
    """Return a name for the piece of land a département lies on: ``metropole`` or its own code."""
    return departement if departement.startswith("97") else "metropole"


def contours_today(communes: Sequence[Commune], contours: Contours) -> dict[str, Geometries]:
    """Return the outlines (degrees) that make up each municipality of today.

    A municipality merged since the contours' vintage receives those of its former codes; one that
    has become whole again is cut out of the one it had been merged into. Municipalities without
    any contour (overseas collectivities, outside the source) are left out.
    """
    by_code = {commune.code: commune for commune in communes}
    heir = {old: commune.code for commune in communes for old in commune.former_codes}
    outlines: dict[str, list[shapely.Geometry]] = {}
    for code, wkb in contours.communes.items():
        today = code if code in by_code else heir.get(code)
        if today is None:
            raise SourceError(f"contour {code} belongs to no municipality of today")
        outlines.setdefault(today, []).append(shapely.from_wkb(wkb))
    again = [c for c in by_code if c not in outlines and c in contours.delegated]
    for code in again:
        outline = shapely.from_wkb(contours.delegated[code])
        for parent in _neighbourhood(code, outlines, outline):
            outlines[parent] = [shapely.difference(part, outline) for part in outlines[parent]]
        outlines[code] = [outline]
    return {code: np.array(parts, dtype=object) for code, parts in sorted(outlines.items())}


def _neighbourhood(
    code: str, outlines: Mapping[str, list[shapely.Geometry]], outline: shapely.Geometry
) -> list[str]:
    """Return the municipality that covers most of ``outline``, in the same département."""
    covered = {
        other: sum(part.intersection(outline).area for part in parts)
        for other, parts in outlines.items()
        if other[:2] == code[:2]
    }
    parent = max(covered, key=lambda other: covered[other])
    if covered[parent] < outline.area / 2:
        raise SourceError(f"{code} was no part of a neighbour")
    return [parent]


def coverage_of(outlines: Mapping[str, Geometries]) -> Coverage:
    """Project one land mass to metres, clean it as a whole, then dissolve each one's parts."""
    parts = np.concatenate(list(outlines.values()))
    owners = [code for code, own in outlines.items() for _ in own]
    bounds = shapely.total_bounds(parts)
    latitude = (bounds[1] + bounds[3]) / 2
    stretch = (METRES_PER_DEGREE * float(np.cos(np.radians(latitude))), METRES_PER_DEGREE)
    plane = shapely.transform(parts, lambda degrees: degrees * stretch)
    clean = np.array(shapely.coverage_clean(plane, gap_width=SLIVER_METRES), dtype=object)
    return dissolved(Coverage(owners, clean, stretch), owners)


def dissolved(coverage: Coverage, owners: Sequence[str]) -> Coverage:
    """Unite the outlines that have the same owner (``owners`` runs along ``coverage.codes``)."""
    parts: dict[str, list[shapely.Geometry]] = {}
    for owner, outline in zip(owners, coverage.outlines, strict=True):
        parts.setdefault(owner, []).append(outline)
    outlines = [
        own[0] if len(own) == 1 else shapely.coverage_union_all(own) for own in parts.values()
    ]
    return Coverage(list(parts), np.array(outlines, dtype=object), coverage.stretch)


def simplified(coverage: Coverage, metres: float, *, smallest: float = 0.0) -> Coverage:
    """Remove detail whose triangle is under ``metres`` squared; shared borders stay shared.

    Islets and lakes under ``smallest`` square metres go too, but never an outline's largest part.
    """
    outlines = coverage.outlines
    if smallest:
        outlines = np.array([_without_islets(one, smallest) for one in outlines], dtype=object)
    simple = shapely.coverage_simplify(outlines, metres)
    return Coverage(coverage.codes, np.array(simple, dtype=object), coverage.stretch)


def _without_islets(outline: shapely.Geometry, smallest: float) -> shapely.Geometry:
    parts = shapely.get_parts(outline)
    areas = shapely.area(parts)
    kept = parts[(areas >= smallest) | (areas == areas.max())]
    return shapely.multipolygons(kept) if len(kept) > 1 else kept[0]


def centroids(coverage: Coverage) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude (degrees) of each outline's centroid.

    Where the centroid falls outside (a crescent, islands), the nearest sensible point inside.
    """
    points = shapely.centroid(coverage.outlines)
    outside = ~shapely.contains(coverage.outlines, points)
    points[outside] = shapely.point_on_surface(coverage.outlines[outside])
    degrees = shapely.get_coordinates(points) / coverage.stretch
    return {
        code: (round(float(lat), 4), round(float(lon), 4))
        for code, (lon, lat) in zip(coverage.codes, degrees, strict=True)
    }


def on_grid(coverage: Coverage, per_degree: int) -> dict[str, Shape]:
    """Round outlines to a grid of ``per_degree`` steps a degree; parts with no area left go."""
    shapes: dict[str, Shape] = {}
    for code, outline in zip(coverage.codes, coverage.outlines, strict=True):
        shape: Shape = []
        for part in shapely.get_parts(outline):
            rings = []
            for line in (part.exterior, *part.interiors):
                steps = shapely.get_coordinates(line) / coverage.stretch * per_degree
                rings.append(ring_tidy((int(x), int(y)) for x, y in np.rint(steps)))
            if rings[0]:
                shape.append([rings[0], *(ring for ring in rings[1:] if ring)])
        shapes[code] = shape
    return shapes

"""Land across the border, so that a map of Lille does not show Belgium as a sea.

From Natural Earth as TopoJSON; coarse, and drawn under our own land.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from regions.territories.rebuild.coverage import Coverage

OURS = frozenset({"France"})
AROUND = {"metropole": (-25.0, 33.0, 30.0, 61.0), "973": (-62.0, -2.0, -44.0, 10.0)}
"""Per land mass with a land border, the box to keep: west, south, east, north."""
UNDER_METRES = 6_000.0
"""How far foreign land reaches under ours: two sources never draw a border the same."""
DETAIL_METRES = 2_000.0
ISLET_SQUARE_METRES = 1e8
SMALLEST_RING = 4


def land_in(topology: Mapping[str, Any], box: shapely.Geometry) -> shapely.Geometry:
    """Return the land of all countries but ours inside a box, in degrees."""
    (dx, dy), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * (dx, dy) + (x0, y0) for arc in topology["arcs"]]

    def ring(numbers: Sequence[int]) -> list[Any]:
        lines = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        return [point for line in lines for point in line[:-1]] + [lines[0][0]]

    parts = []
    for country in topology["objects"]["countries"]["geometries"]:
        if country["properties"]["name"] in OURS:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for outside, *holes in polygons:
            line = ring(outside)
            if len(line) < SMALLEST_RING:  # an islet that rounding has flattened
                continue
            if not box.intersects(shapely.box(*np.min(line, axis=0), *np.max(line, axis=0))):
                continue
            inside = [hole for hole in map(ring, holes) if len(hole) >= SMALLEST_RING]
            parts.append(shapely.make_valid(shapely.Polygon(line, inside)))
    return shapely.intersection(shapely.union_all(parts), box)


def abroad_around(name: str, own: Coverage, topology: Mapping[str, Any]) -> Coverage | None:
    """Return the foreign land around a land mass, as one outline on its plane.

    ``None`` for islands.
    """
    if name not in AROUND:
        return None
    foreign = land_in(topology, shapely.box(*AROUND[name]))
    plane = shapely.transform(foreign, lambda degrees: degrees * own.stretch)
    ours = shapely.simplify(shapely.coverage_union_all(own.outlines), DETAIL_METRES)
    seam = shapely.intersection(
        shapely.buffer(plane, UNDER_METRES), shapely.buffer(ours, UNDER_METRES)
    )
    land = shapely.simplify(shapely.union_all([plane, seam]), DETAIL_METRES)
    parts = shapely.get_parts(land)
    kept = parts[shapely.area(parts) >= ISLET_SQUARE_METRES]
    return Coverage(["abroad"], np.array([shapely.multipolygons(kept)], dtype=object), own.stretch)

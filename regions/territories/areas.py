"""Contours of single municipalities as GeoJSON, out of the bundled file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

from regions.territories import dataset
from regions.territories.outlines import arcs_read, ring_points, shapes_read


def contours_of(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the geometry (MultiPolygon, degrees) of municipalities by INSEE code.

    Those without a known contour are left out. Reads one document per département concerned, a few
    milliseconds each.
    """
    wanted: dict[str, set[str]] = {}
    for code in codes:
        wanted.setdefault(code[:3] if code.startswith("97") else code[:2], set()).add(code)
    found: dict[str, dict[str, Any]] = {}
    for departement, here in wanted.items():
        packed = dataset.document_gzip(f"communes/{departement}")
        if packed is None:
            continue
        document = json.loads(gzip.decompress(packed))
        shapes = shapes_read(document["rings"])
        arcs = arcs_read(document["arcs"])
        unit = document["perDegree"]
        for index, code in enumerate(document["code"]):
            if code not in here or not shapes[index]:
                continue
            polygons = []
            for polygon in shapes[index]:
                rings = []
                for ring in polygon:
                    points = [[x / unit, y / unit] for x, y in ring_points(arcs, ring)]
                    rings.append([*points, points[0]])
                polygons.append(rings)
            found[code] = {"type": "MultiPolygon", "coordinates": polygons}
    return found

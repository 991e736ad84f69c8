"""Areas as a picture: paths of a drawing that needs no script, for pages without one and paper.

Of France in Europe one drawing; what lies overseas stands below it in boxes of its own, as atlases
do. Flat geometry: at this size longitude shrinks with the cosine of the latitude, and that is all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from shapely.geometry import LineString

WIDTH: Final = 720
"""Units of a drawing; as many pixels where there is room."""
HEIGHT: Final = 620
"""At most, of what lies in Europe."""
INSET: Final = 120
"""Of what lies overseas, each."""
MARGIN: Final = 8
EUROPE: Final = (-10.0, 41.0, 12.0, 52.0)
"""West, south, east, north: what lies in there is drawn together."""
SLACK: Final = 0.7
"""Units by which a line may be off: nobody sees it, and half of the corners go."""
LETTER: Final = 8.0
"""Units that a letter of a name takes."""
LINE: Final = 20.0

Box = tuple[float, float, float, float]


class Outline(NamedTuple):
    """An area: its path, and where its name may stand."""

    code: str
    path: str
    x: int
    y: int


class Still(NamedTuple):
    """A drawing of areas."""

    width: int
    height: int
    outlines: list[Outline]


def still(contours: Mapping[str, Mapping[str, Any]]) -> Still:
    """Draw GeoJSON geometries (polygons, in degrees) by code."""
    frames: dict[str, dict[str, Mapping[str, Any]]] = {}
    for code, geometry in contours.items():
        west, south, east, north = _box([geometry])
        here = EUROPE[0] < west and EUROPE[1] < south and east < EUROPE[2] and north < EUROPE[3]
        # Overseas, what is less than some degrees apart is one island or one group of them.
        frames.setdefault("" if here else f"{west // 8} {south // 8}", {})[code] = geometry
    main = frames.pop("", None) or frames.pop(next(iter(frames), ""), {})
    outlines, height = _drawn(main, 0, 0, WIDTH, HEIGHT) if main else ([], 0)
    across = WIDTH // INSET
    for place, others in enumerate(frames.values()):
        left, top = place % across * INSET, height + place // across * INSET
        outlines += _drawn(others, left, top, INSET, INSET)[0]
    return Still(WIDTH, height + -(-len(frames) // across) * INSET, outlines)


def named(outlines: Sequence[Outline], names: Mapping[str, str]) -> list[tuple[str, Outline]]:
    """Return the names that have room, none of which lies on another."""
    taken: list[Box] = []
    found = []
    for outline in outlines:
        name = names.get(outline.code, "")
        half = len(name) * LETTER / 2
        box = (outline.x - half, outline.y - LINE / 2, outline.x + half, outline.y + LINE / 2)
        if name and box[0] >= 0 and box[2] <= WIDTH and not any(_meet(box, one) for one in taken):
            taken.append(box)
            found.append((name, outline))
    return found


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    return [ring for polygon in geometry["coordinates"] for ring in polygon]


def _box(geometries: Sequence[Mapping[str, Any]]) -> Box:
    points = [point for one in geometries for ring in _rings(one) for point in ring]
    along, up = [point[0] for point in points], [point[1] for point in points]
    return min(along), min(up), max(along), max(up)


def _drawn(
    contours: Mapping[str, Mapping[str, Any]], left: int, top: int, width: int, height: int
) -> tuple[list[Outline], int]:
    """Fit geometries into a box; returns them and the height that they take."""
    west, south, east, north = _box(list(contours.values()))
    narrow = math.cos(math.radians((south + north) / 2))
    room = (width - 2 * MARGIN, height - 2 * MARGIN)
    scale = min(room[0] / ((east - west) * narrow), room[1] / (north - south))
    aside = left + (width - (east - west) * narrow * scale) / 2

    def put(point: Sequence[float]) -> tuple[float, float]:
        x = aside + (point[0] - west) * narrow * scale
        return x, top + MARGIN + (north - point[1]) * scale

    outlines = []
    for code, geometry in contours.items():
        rings = [_plain([put(point) for point in ring]) for ring in _rings(geometry)]
        path = "".join(map(_path, rings))
        if path:
            outlines.append(Outline(code, path, *_middle(max(rings, key=_surface))))
    return outlines, round((north - south) * scale) + 2 * MARGIN


def _plain(points: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """A ring with the corners that show, on whole units."""
    seen = LineString(points).simplify(SLACK, preserve_topology=False).coords
    return [(round(x), round(y)) for x, y in seen]


def _path(points: Sequence[tuple[int, int]]) -> str:
    """A closed ring in steps; nothing of one that is smaller than a unit."""
    (x, y), steps = points[0], []
    for to_x, to_y in points[1:]:
        if (to_x, to_y) != (x, y):
            steps.append(f"{to_x - x} {to_y - y}")
            x, y = to_x, to_y
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z" if len(steps) > 2 else ""


def _surface(points: Sequence[tuple[int, int]]) -> float:
    """Twice of it."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)))


def _middle(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Centre of a ring's surface; of its corners where it has none."""
    total = x = y = 0.0
    for a, b in pairwise(points):
        part = a[0] * b[1] - b[0] * a[1]
        total += part
        x += (a[0] + b[0]) * part
        y += (a[1] + b[1]) * part
    if not total:
        return points[0]
    return round(x / (3 * total)), round(y / (3 * total))

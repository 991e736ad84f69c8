"""From polygons on an integer grid to arcs: each shared border is written once.

The idea is that of TopoJSON: an outline is a list of arc numbers, ``~n`` meaning arc ``n``
backwards. ``outlines`` writes the result down. Pure Python: no Django, no geometry library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[int, int]
Ring = list[Point]
"""A closed line without its repeated last point."""
Shape = list[list[Ring]]
"""Polygons; the first ring of each is its outside, the others are holes."""


@dataclass(slots=True)
class Topology:
    """Arcs and, for each shape, its polygons' rings as lists of arc numbers."""

    arcs: list[list[Point]] = field(default_factory=list)
    shapes: dict[str, list[list[list[int]]]] = field(default_factory=dict)


def ring_tidy(points: Iterable[Point]) -> Ring:
    """Drop repeated points and there-and-back spikes; return ``[]`` if no area can be left."""
    ring: Ring = []
    for point in points:
        if ring and ring[-1] == point:
            continue
        if len(ring) > 1 and ring[-2] == point:
            ring.pop()
            continue
        ring.append(point)
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    while len(ring) > 2 and ring[1] == ring[-1]:
        del ring[0], ring[-1]
        while len(ring) > 1 and ring[0] == ring[-1]:
            ring.pop()
    while len(ring) > 2 and ring[0] == ring[-2]:
        del ring[-2:]
    return ring if len(ring) > 2 else []


def _junctions(rings: Iterable[Ring]) -> set[Point]:
    """Return the points where lines of different rings meet or part."""
    neighbours: dict[Point, frozenset[Point]] = {}
    junctions: set[Point] = set()
    for ring in rings:
        for index, point in enumerate(ring):
            pair = frozenset((ring[index - 1], ring[(index + 1) % len(ring)]))
            if neighbours.setdefault(point, pair) != pair:
                junctions.add(point)
    return junctions


def topology_of(shapes: Mapping[str, Shape]) -> Topology:
    """Cut the outlines of ``shapes`` into arcs that neighbours share.

    Neighbours must have equal points along a common border (a valid coverage); where they do not,
    both lines are kept.
    """
    rings = [ring for shape in shapes.values() for polygon in shape for ring in polygon]
    junctions = _junctions(rings)
    topology = Topology()
    numbers: dict[tuple[Point, ...], int] = {}

    def number(line: Sequence[Point]) -> int:
        forward = tuple(line)
        backward = forward[::-1]
        if (known := numbers.get(forward)) is not None:
            return known
        if (known := numbers.get(backward)) is not None:
            return ~known
        numbers[forward] = len(topology.arcs)
        topology.arcs.append(list(forward))
        return numbers[forward]

    def ring_arcs(ring: Ring) -> list[int]:
        cuts = [index for index, point in enumerate(ring) if point in junctions]
        if not cuts:  # an island: start anywhere, but the same for whoever shares the whole ring
            cuts = [ring.index(min(ring))]
        closed = ring[cuts[0] :] + ring[: cuts[0] + 1]
        ends = [cut - cuts[0] for cut in cuts] + [len(ring)]
        return [number(closed[start : end + 1]) for start, end in pairwise(ends)]

    for name, shape in shapes.items():
        topology.shapes[name] = [[ring_arcs(ring) for ring in polygon] for polygon in shape]
    return topology

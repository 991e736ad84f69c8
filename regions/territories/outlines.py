"""The compact notation of contours, read and written: ``outlines.js`` reads the same.

A document is JSON with ``perDegree``, ``arcs`` and ``rings`` beside the columns that describe each
outline (see ``rebuild/bundle.py``).

``arcs`` and ``rings`` are series of integers in text. An integer n is made unsigned (2n, or −2n − 1
when negative), cut into groups of five bits from the lowest, each group a letter of ``ALPHABET``;
all groups but the last have 32 added.

* ``arcs``: for each arc its number of points, then the steps x, y from point to point in units of
  1/perDegree degree (longitude, latitude); the first point is a step from the last point of the arc
  before it (from 0, 0 for the first).
* ``rings``: for each area its number of polygons; for each polygon its number of rings (outside,
  then holes); for each ring its number of arcs; for each arc 0 when it is the next one not used so
  far, else how far back it lies from there, positive when it is walked from its end to its start.

Borders of two neighbours are one arc, so they never part, and each is drawn once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}

Point = tuple[int, int]
Shape = list[list[list[int]]]
"""Polygons → rings → arc numbers; ``~n`` is arc n backwards."""


def integers_write(values: Iterable[int]) -> str:
    """Write integers as text."""
    letters: list[str] = []
    for value in values:
        rest = value << 1 if value >= 0 else (-value << 1) - 1
        while rest >= 32:
            letters.append(ALPHABET[32 | (rest & 31)])
            rest >>= 5
        letters.append(ALPHABET[rest])
    return "".join(letters)


def integers_read(text: str) -> Iterator[int]:
    """Read what ``integers_write`` wrote; raise ``KeyError`` on a foreign letter."""
    value = shift = 0
    for letter in text:
        group = _VALUE[letter]
        value |= (group & 31) << shift
        if group & 32:
            shift += 5
            continue
        yield -((value + 1) >> 1) if value & 1 else value >> 1
        value = shift = 0


def arcs_write(arcs: Sequence[Sequence[Point]]) -> str:
    """Write arcs, in the order in which ``shapes_write`` first uses them."""

    def values() -> Iterator[int]:
        x = y = 0
        for arc in arcs:
            yield len(arc)
            for to_x, to_y in arc:
                yield to_x - x
                yield to_y - y
                x, y = to_x, to_y

    return integers_write(values())


def arcs_read(text: str) -> list[list[Point]]:
    """Read arcs back."""
    numbers = integers_read(text)
    arcs: list[list[Point]] = []
    x = y = 0
    for length in numbers:
        arc: list[Point] = []
        for _ in range(length):
            x += next(numbers)
            y += next(numbers)
            arc.append((x, y))
        arcs.append(arc)
    return arcs


def shapes_write(shapes: Iterable[Shape]) -> str:
    """Write outlines whose arcs are numbered in the order of their first use."""

    def values() -> Iterator[int]:
        unused = 0
        for shape in shapes:
            yield len(shape)
            for polygon in shape:
                yield len(polygon)
                for ring in polygon:
                    yield len(ring)
                    for number in ring:
                        if number == unused:
                            yield 0
                            unused += 1
                        elif number >= 0:
                            yield -(unused - number)
                        else:
                            yield unused - ~number

    return integers_write(values())


def shapes_read(text: str) -> list[Shape]:
    """Read outlines back."""
    numbers = integers_read(text)
    unused = 0
    shapes: list[Shape] = []
    for polygons in numbers:
        shape: Shape = []
        for _ in range(polygons):
            polygon: list[list[int]] = []
            for _ in range(next(numbers)):
                ring: list[int] = []
                for _ in range(next(numbers)):
                    back = next(numbers)
                    if back == 0:
                        ring.append(unused)
                        unused += 1
                    else:
                        ring.append(unused + back if back < 0 else ~(unused - back))
                polygon.append(ring)
            shape.append(polygon)
        shapes.append(shape)
    return shapes


def ring_points(arcs: Sequence[Sequence[Point]], ring: Sequence[int]) -> list[Point]:
    """Join a ring's arcs into points, without repeating the first."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[:-1])
    return points

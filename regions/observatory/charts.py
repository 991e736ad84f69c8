"""Charts as plain geometry, drawn by the server: curves and columns in a box of 100 by 100.

The box is stretched to its place; words stand around it as text, so that they keep their size on
a phone. Every chart has its table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from regions.observatory.words import Scale

STEPS: Final = (1, 2, 2.5, 5, 10)
LINES: Final = 4
"""Intervals between the lines of the ground, at most."""

Value = float | None
"""None: nothing is drawn there (« < 6 », or not published)."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a curve."""

    name: str
    path: str
    """SVG path; broken where there is no figure."""
    dots: str
    """SVG path of points without length, which round caps make dots."""
    holes: str
    """The same of the dots that leave something out: they are hollow."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a bar chart."""

    x: float
    y: float
    width: float
    height: float
    masked: bool
    partial: bool
    """Whether it leaves something out."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The lines behind a chart and the figures beside them, from the top down."""

    labels: list[str]
    heights: list[float]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over months."""

    title: str
    description: str
    ground: Ground
    series: list[Series]
    labels: list[str]
    unit: str


@dataclass(frozen=True, slots=True)
class Columns:
    """One bar for each class."""

    title: str
    description: str
    ground: Ground
    columns: list[Column]
    labels: list[str]
    unit: str


def curve(
    *,
    title: str,
    description: str,
    scale: Scale,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Value]]],
    partial: Sequence[Sequence[bool]] = (),
) -> Curve:
    """Draw named series of equally many values; ``partial`` of each: sums that leave some out."""
    top, ground = _ground([value for _name, line in series for value in line], scale)
    open_ones = partial or [[False] * len(line) for _name, line in series]
    drawn = [
        Series(name, *_line(line, hollow, top))
        for (name, line), hollow in zip(series, open_ones, strict=True)
        if any(v is not None for v in line)
    ]
    return Curve(title, description, ground, drawn, list(labels), str(scale.label))


def columns(
    *,
    title: str,
    description: str,
    scale: Scale,
    labels: Sequence[str],
    values: Sequence[Value],
    partial: Sequence[bool] = (),
) -> Columns:
    """Draw one bar for each value; a masked one is a stub of its own look, a partial one hollow."""
    top, ground = _ground(values, scale)
    step = 100 / max(1, len(values))
    drawn = []
    for place, value in enumerate(values):
        height = 2.5 if value is None else round(value * 100 / top, 2)
        drawn.append(
            Column(
                round((place + 0.14) * step, 2),
                round(100 - height, 2),
                round(step * 0.72, 2),
                height,
                value is None,
                place < len(partial) and partial[place],
            )
        )
    return Columns(title, description, ground, drawn, list(labels), str(scale.label))


def _ground(values: Sequence[Value], scale: Scale) -> tuple[float, Ground]:
    """The value at the top of the box, and the lines up to there."""
    greatest = max((value for value in values if value is not None), default=0) or scale.per
    step = nice_step(greatest / scale.per / LINES) * scale.per
    count = max(1, math.ceil(round(greatest / step, 6)))
    decimals = max(0, -math.floor(math.log10(step / scale.per) + 1e-9))
    if step / scale.per * 10**decimals % 1:
        decimals += 1
    written = Scale(scale.per, decimals, "")
    return step * count, Ground(
        [written.number(step * (count - line)) for line in range(count + 1)],
        [round(line * 100 / count, 2) for line in range(count + 1)],
    )


def nice_step(rough: float) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten that is not less."""
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def _line(values: Sequence[Value], hollow: Sequence[bool], top: float) -> tuple[str, str, str]:
    path: list[str] = []
    dots: list[str] = []
    holes: list[str] = []
    pen = False
    for place, value in enumerate(values):
        if value is None:
            pen = False
            continue
        x = round((place + 0.5) * 100 / len(values), 2)
        y = round(100 - value * 100 / top, 2)
        path.append(f"{'L' if pen else 'M'}{x} {y}")
        dots.append(f"M{x} {y}h.01")
        if hollow[place]:
            holes.append(f"M{x} {y}h.01")
        pen = True
    return "".join(path), "".join(dots), "".join(holes)

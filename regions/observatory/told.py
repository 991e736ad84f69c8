"""Figures as pages may tell them: sums of published cells, and tables of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from regions.observatory.queries import ReleasedCell, total
from regions.observatory.words import NOTHING, Scale, at_least


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it may be told."""

    value: float | None
    masked: bool
    """« < 6 »; neither masked nor a value: not published."""
    parts: frozenset[tuple[str, str]] = frozenset()
    """What it is a sum of: short names of regions, with an area's code where they tell areas."""
    partial: bool = False
    """Whether it is a sum that leaves out what may not be told: « au moins 44 »."""

    def words(self, scale: Scale) -> str:
        """The figure without its unit, « au moins 44 », « < 6 », or a dash."""
        text = self.bare(scale)
        return at_least(text, scale) if self.partial else text

    def bare(self, scale: Scale) -> str:
        """The same without « au moins », where a page says it beside."""
        if self.value is None and not self.masked:
            return NOTHING
        return scale.number(self.value)

    def full(self, scale: Scale) -> str:
        """The figure with its unit."""
        text = scale.words(self.value)
        return at_least(text, scale) if self.partial else text


UNTOLD: Final = Told(None, False)


def summed(cells: Sequence[ReleasedCell], measure: str) -> Told:
    """Put cells of one measure together."""
    added = total(cells, measure)
    parts = frozenset((cell.region, cell.code) for cell in cells if cell.value is not None)
    return Told(
        value=added.value,
        masked=added.value is None and added.masked > 0,
        parts=parts,
        partial=added.value is not None and added.masked > 0,
    )


@dataclass(frozen=True, slots=True)
class Table:
    """What a chart says, in rows: a heading, then cells."""

    caption: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]
    masked: bool = False
    """Whether « < 6 » stands in it."""
    partial: bool = False
    """Whether a sum in it leaves something out."""


def table(
    caption: str,
    heads: list[str],
    rows: Sequence[tuple[str, Sequence[Told]]],
    scale: Scale,
) -> Table:
    """A table of figures."""
    every = [one for _name, figures in rows for one in figures]
    return Table(
        caption,
        heads,
        [(name, [one.words(scale) for one in figures]) for name, figures in rows],
        masked=any(one.masked for one in every),
        partial=any(one.partial for one in every),
    )

"""The catalogue: every measure with its definition, and where its figures come from.

Each floor registers its own in ``AppConfig.ready``: a ``Source`` says by one SELECT what happened,
or what there is; a ``Measure`` says what people read. Both are read in a region's own scope::

    SOURCES.register(Source(name="adverts", kind=Kind.HELD, records=lambda: "SELECT ...", ...))
    MEASURES.register(Measure(name="active_adverts", source="adverts", amounts=("adverts",), ...))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

from core.registry import Registry

CO2_GRAMS_PER_KM: Final = 195
"""Of what is shared, whatever a region shows at home: the national registry's figure."""
TENS: Final = 10


class Kind(StrEnum):
    """What the records of a source are."""

    DONE = "done"
    """Something that happened on a day: figures add up over days and over areas."""
    SEEN = "seen"
    """Somebody was seen on a day: distinct people, which do not add up over days."""
    HELD = "held"
    """Something there is from a day on, perhaps until another: a stock."""


class Unit(StrEnum):
    """What a figure counts."""

    PEOPLE = "people"
    COUNT = "count"
    METRES = "metres"
    GRAMS = "grams"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: one SELECT over the region's own tables.

    Its columns, by kind (``%(zone)s`` is the region's time zone; write ``%%`` for a percent sign):

    * ``DONE``: ``day date, area text, hour int, metres bigint, people bigint[], amounts bigint[]``:
      an event, its municipality, those who took part (0: somebody who has left), and one amount
      for each name of ``carries``;
    * ``SEEN``: ``day date, person bigint, area text``: a person's municipality is that of
      residence;
    * ``HELD``: ``thing bigint, person bigint, area text, since date, until date``: the thing
      counts, the people are those whom it tells of; ``until`` is its last day (null: none).

    An unknown municipality is an empty text: it counts in the whole region only.
    """

    name: str
    kind: Kind
    records: Callable[[], str]
    """Returns the SELECT: apps may add to it until all are ready."""
    carries: tuple[str, ...]
    """Names of the amounts; one name for ``SEEN``; for ``HELD`` things, then perhaps their
    people.
    """
    round_to: int = 1
    """What is published is rounded to multiples of it."""
    communities: bool = False
    """Whether it is published by community too (people only)."""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the catalogue, in words for everybody."""

    name: str
    label: str | Promise
    definition: str | Promise
    method: str | Promise
    unit: Unit
    source: str
    """Name of the ``Source``."""
    amounts: tuple[str, ...]
    """Which of its amounts it is made of, as ``told`` takes them."""
    freshness: str | Promise
    origin: str | Promise
    """Where the data comes from, in words."""
    additive: bool
    """Whether figures of several months add up; else they are distinct people, or a stock."""
    derive: Callable[..., float | None] | None = None
    """Makes the figure of its amounts; none: the first amount is the figure."""
    order: int = 100

    def told(self, *amounts: int | None) -> float | None:
        """Return the figure; None where an amount may not be told."""
        if any(amount is None for amount in amounts):
            return None
        return self.derive(*amounts) if self.derive is not None else amounts[0]


@dataclass(frozen=True, slots=True)
class Activity:
    """A reason to count somebody as active on a day: ``SELECT person, day``."""

    name: str
    records: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class Belonging:
    """Who is in which community: ``SELECT community text, label, person bigint, since date``."""

    name: str
    records: str
    order: int = 100


SOURCES: Final = Registry[Source]("source of figures")
MEASURES: Final = Registry[Measure]("measure")
ACTIVITIES: Final = Registry[Activity]("reason to count as active")
BELONGINGS: Final = Registry[Belonging]("belonging to communities")


def source_of(name: str) -> Source:
    """Return a source; ``KeyError`` for a name that is none."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise KeyError(name)


def measure_of(name: str) -> Measure:
    """Return a measure; ``KeyError`` for a name that is none."""
    for measure in MEASURES:
        if measure.name == name:
            return measure
    raise KeyError(name)


DISTANCE_CLASSES: Final = ("0-10", "10-20", "20-30", "30-40", "40-50", "50+")
"""Kilometres: from the first up to the second, which belongs to the next."""
HOURS: Final = tuple(f"{hour:02d}" for hour in range(24))
"""Of departure, wall clock."""

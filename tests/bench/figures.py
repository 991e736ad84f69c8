"""What a bench returns, and the list of benches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure: both sides' absolute values in ``unit``, their ratio, the goal, the verdict.

    ``theirs`` and ``ratio`` are None where there is no other side (a limit).
    """

    name: str
    ours: float
    theirs: float | None
    unit: str
    ratio: float | None
    goal: str
    holds: bool

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


def at_most(name: str, *, ours: float, theirs: float, times: float, unit: str = "ms") -> Figure:
    """Ours may take at most ``times`` what theirs takes."""
    ratio = ours / theirs
    return Figure(name, ours, theirs, unit, ratio, f"at most {times:g}× theirs", ratio <= times)


def at_least(name: str, *, ours: float, theirs: float, times: float, unit: str = "ms") -> Figure:
    """Ours must be at least ``times`` as fast as theirs; the ratio is theirs over ours."""
    ratio = theirs / ours
    return Figure(name, ours, theirs, unit, ratio, f"at least {times:g}× as fast", ratio >= times)


def below(name: str, *, ours: float, limit: float, unit: str = "s") -> Figure:
    """Ours may be at most ``limit``, whatever others do."""
    return Figure(name, ours, None, unit, None, f"at most {limit:g} {unit}", ours <= limit)


def equal(name: str, *, ours: float, wanted: float, unit: str = "") -> Figure:
    """Ours must be exactly ``wanted`` (a count, a recall)."""
    return Figure(
        name, ours, wanted, unit, None, f"exactly {wanted:g} {unit}".strip(), ours == wanted
    )


def more_than(name: str, *, ours: float, least: float, unit: str = "") -> Figure:
    """Ours must be above ``least``: what is measured must have happened."""
    return Figure(name, ours, None, unit, None, f"more than {least:g} {unit}".strip(), ours > least)


@dataclass(frozen=True)
class Options:
    """What a bench is told: ``rows`` (None: its own default) and a folder that goes afterwards."""

    rows: int | None
    folder: Path


Run = Callable[[Options], Iterable[Figure]]


@dataclass(frozen=True)
class Bench:
    """A bench: ``database`` says whether it wants Django on a migrated database of its own."""

    name: str
    run: Run
    database: bool

    @property
    def about(self) -> str:
        """The first line of its docstring."""
        return (self.run.__doc__ or "").strip().split("\n")[0]


BENCHES: dict[str, Bench] = {}


def bench(name: str, *, database: bool = True) -> Callable[[Run], Run]:
    """Register a function of a module in this folder as the bench ``name``.

    It yields its figures. With ``database``, Django is set up and both aliases point to a copy of
    the migrated template, as in tests. An exception means "not measured", which never holds.
    """

    def register(run: Run) -> Run:
        if name in BENCHES and BENCHES[name].run.__module__ != run.__module__:
            raise ValueError(f"two benches are called {name}")
        BENCHES[name] = Bench(name, run, database)
        return run

    return register

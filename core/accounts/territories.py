"""The territories that a role can be limited to: which exist, and which municipalities they hold.

Accounts know codes only (a département's, two or three characters, or an intercommunality's SIREN,
nine digits); the floor that knows geography says the rest, in its ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class TerritorySource(Protocol):
    """What the floor of geography tells."""

    def choices(self) -> Sequence[tuple[str, str]]:
        """Return the current region's territories: codes and names, by name."""

    def municipalities(self, codes: Sequence[str]) -> Sequence[str]:
        """Return the INSEE codes of the municipalities of those territories."""


class _Nowhere:
    """What is known before anyone says more."""

    def choices(self) -> Sequence[tuple[str, str]]:
        return ()

    def municipalities(self, codes: Sequence[str]) -> Sequence[str]:
        return ()


_sources: list[TerritorySource] = [_Nowhere()]


def use(source: TerritorySource) -> None:
    """Take the one source there is."""
    _sources[0] = source


def choices() -> Sequence[tuple[str, str]]:
    """Return the territories of the current region: codes and names."""
    return _sources[0].choices()


def municipalities(codes: Sequence[str]) -> Sequence[str]:
    """Return the INSEE codes of the municipalities of territories."""
    return _sources[0].municipalities(codes)


def names_of(codes: Sequence[str]) -> list[str]:
    """Return the names of territories; a code that is known no more stands for itself."""
    if not codes:
        return []
    known = dict(choices())
    return [known.get(code, code) for code in codes]

"""The registries by which a lower floor receives what it needs from above: typed, named, ordered.

An app fills them in its ``AppConfig.ready``; nothing is registered later, so nothing is locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Registrable(Protocol):
    """What a registry holds."""

    @property
    def name(self) -> str:
        """Unique in its registry."""

    @property
    def order(self) -> int:
        """Lower comes first; ties by name."""


Entry = TypeVar("Entry", bound=Registrable)


class Registry(Generic[Entry]):
    """Entries of one kind; iterating gives them in order."""

    def __init__(self, kind: str) -> None:
        """``kind`` is what an entry is, for the one who registers a name twice."""
        self._kind = kind
        self._entries: dict[str, Entry] = {}

    def register(self, entry: Entry) -> None:
        """Add an entry; the same one twice is one. Raises RuntimeError when its name is taken."""
        if self._entries.get(entry.name, entry) != entry:
            raise RuntimeError(f"a {self._kind} named {entry.name!r} is already registered")
        self._entries[entry.name] = entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.name)))

    @contextmanager
    def restored(self, *, empty: bool = False) -> Iterator[None]:
        """Forget afterwards what is registered inside, for tests; ``empty`` starts without any."""
        kept = self._entries
        self._entries = {} if empty else dict(kept)
        try:
            yield
        finally:
            self._entries = kept

"""What a region says on every page and changes a few times a year, remembered for five seconds.

Each process has its own memory, so a change shows at once in the process that makes it and within
five seconds in the others, as a change of addresses does. Nothing that protects (rights, limits,
counters) may be read through it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from tenants.context import current_scope

REMEMBERED_FOR: Final = 5.0
"""Seconds for which a process believes what it has read."""

T = TypeVar("T")
_memories: list[Remembered[object]] = []


class Remembered(Generic[T]):
    """One value for each region, read by ``read`` within its scope; it must be immutable."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._known: dict[str, tuple[float, T]] = {}
        _memories.append(self)  # type: ignore[arg-type]

    def get(self) -> T:
        """Return the current region's value.

        Inside a transaction it is read and not remembered: what is not committed may never be.
        """
        if any(one.in_atomic_block for one in connections.all(initialized_only=True)):
            return self._read()
        key, now = current_scope().key, time.monotonic()
        known = self._known.get(key)
        if known is not None and now - known[0] < REMEMBERED_FOR:
            return known[1]
        value = self._read()
        self._known[key] = (now, value)
        return value

    def forget_on_commit(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Read the current region's value again once the present transaction has ended well."""
        key = current_scope().key
        transaction.on_commit(lambda: self._known.pop(key, None), using=using)

    def forget(self) -> None:
        """Forget the values of every region (this process only)."""
        self._known.clear()


def forget_all() -> None:
    """Forget everything that is remembered so (this process only)."""
    for memory in _memories:
        memory.forget()

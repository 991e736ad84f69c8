"""What must happen in a region when another one acts on a pool that concerns it.

Apps above register in ``AppConfig.ready``; each is called in that region's scope, by a task::

    LISTENERS.register(Listener(name="communities", proposed=…, changed=…))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.registry import Registry


class Said(StrEnum):
    """What a partner did."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RENAMED = "renamed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class News:
    """An act of a partner region on a pool, or on a proposal to make one. Never a person."""

    said: str
    region: str
    name: str
    """Of the pool: its new one where it was renamed."""


@dataclass(frozen=True, slots=True)
class Listener:
    """What an app does about it; each gets the community (public id) of the current region."""

    name: str
    changed: Callable[[UUID], object] | None = None
    """The community has joined or left a pool, or its pool has changed."""
    proposed: Callable[[UUID], object] | None = None
    """A partner asks the community to be one with its own."""
    acted: Callable[[UUID, News], object] | None = None
    """A partner that the region may see has answered, taken back, renamed or left."""
    order: int = 100


LISTENERS: Final = Registry[Listener]("listener to pools")

"""Who must know that an advert was written: bookings of it, alerts that it may answer.

An app above registers in its ``AppConfig.ready`` a function that is called inside the transaction
that writes, the advert's row locked: it writes its own rows there, and enqueues a task for the
rest (mail, matching)::

    watchers.register("bookings", advert_changed)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rides.adverts.models import Advert


class What(StrEnum):
    """What happened to an advert."""

    PUBLISHED = "published"
    CHANGED = "changed"
    """Its route, days, times, seats, contribution or message: read the advert."""
    PAUSED = "paused"
    RESUMED = "resumed"
    DELETED = "deleted"
    RESTORED = "restored"
    RENEWED = "renewed"
    RIDE_CHANGED = "ride_changed"
    """One ride of one day was cancelled, moved, or put back: ``Change.ride`` names it."""


@dataclass(frozen=True, slots=True)
class RideKey:
    """One ride of one day, by the time at which it usually leaves (wall clock)."""

    day: dt.date
    backwards: bool
    usual: dt.time


@dataclass(frozen=True, slots=True)
class Change:
    """What happened; ``ride`` with ``RIDE_CHANGED`` only."""

    what: What
    ride: RideKey | None = None


Watcher = Callable[[Advert, Change], None]

_watchers: dict[str, Watcher] = {}


def register(name: str, watcher: Watcher) -> None:
    """Add a watcher. Raises RuntimeError when another has its name."""
    if _watchers.get(name, watcher) != watcher:
        raise RuntimeError(f"a watcher named {name!r} is already registered")
    _watchers[name] = watcher


def advert_changed(advert: Advert, what: What, ride: RideKey | None = None) -> None:
    """Tell everyone who watches, in the order of their names, within the present transaction."""
    change = Change(what, ride)
    for _name, watcher in sorted(_watchers.items()):
        watcher(advert, change)

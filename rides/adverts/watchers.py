"""Who must know that an advert was written: bookings of it, alerts that it may answer.

An app above registers in its ``AppConfig.ready`` a function that is called inside the transaction
that writes, the advert's row locked: it writes its own rows there, and enqueues a task for the
rest (mail, matching)::

    watchers.register(Watcher("bookings", follow))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.registry import Registry
from rides.adverts.inputs import RideKey
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
class Change:
    """What happened; ``ride`` with ``RIDE_CHANGED`` only."""

    what: What
    ride: RideKey | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """An app that follows what happens to adverts."""

    name: str
    follow: Callable[[Advert, Change], None]
    order: int = 100


WATCHERS: Final = Registry[Watcher]("watcher of adverts")
register: Final = WATCHERS.register


def advert_changed(advert: Advert, what: What, ride: RideKey | None = None) -> None:
    """Tell everyone who watches, in order, within the present transaction."""
    change = Change(what, ride)
    for watcher in WATCHERS:
        watcher.follow(advert, change)

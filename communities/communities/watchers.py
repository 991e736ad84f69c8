"""Who must know that communities, or who belongs to them, have changed: what partners are told.

An app above registers in its ``AppConfig.ready`` a function that is called inside the transaction
that writes; it enqueues a task for what is more than a word::

    watchers.register(Watcher("pooling", follow))
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from communities.communities.models import Community
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Watcher:
    """An app that follows what becomes of communities."""

    name: str
    follow: Callable[[Collection[UUID]], None]
    """Gets the public ids of those that changed."""
    order: int = 100


WATCHERS: Final = Registry[Watcher]("watcher of communities")
register: Final = WATCHERS.register


def communities_changed(*communities: Community) -> None:
    """Tell everyone who watches, in order, within the present transaction."""
    keys = {community.public_id for community in communities}
    if keys:
        for watcher in WATCHERS:
            watcher.follow(keys)

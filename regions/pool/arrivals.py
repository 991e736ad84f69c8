"""Who is told when partners' adverts reach the pool: filled by apps above.

In ``AppConfig.ready``::

    ARRIVALS.register(Arrival(name="alerts", seen=pool_seen))

Each is called by a task, in the scope of each region that has an agreement with theirs, with the
identifiers of adverts that appeared or changed. Whether the region may read one of them, the pool
says when it is asked (``queries.pool_some``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an app does about adverts that arrived, in the current region."""

    name: str
    seen: Callable[[Sequence[UUID]], object]
    order: int = 100


ARRIVALS: Final = Registry[Arrival]("watcher of partners' adverts")

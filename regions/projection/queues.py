"""Where things of regions wait: their events, and what apps above have waiting in each region.

An app whose rows wait, fail and are parked as events do registers in ``AppConfig.ready``, and both
health and operators see them beside the events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise

from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of a region with ``created_at``, ``parked_at``, ``not_before`` and ``attempts``."""

    name: str
    """As ``Parked.queue`` has it."""
    label: Promise
    """One of its rows, in a word."""
    prefix: str
    """Of its columns in ``Backlog``."""
    rows: Callable[[], QuerySet[Any]]
    wake: Callable[[], object]
    """Have the region's rows looked at again, in its scope."""
    order: int = 100


EVENTS: Final = "events"
QUEUES: Final = Registry[Queue]("queue of regions")

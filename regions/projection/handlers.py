"""Who applies which events: filled by the apps that own a read model.

In ``AppConfig.ready``::

    HANDLERS.register(Handler(name="advert", versions=(1,), apply=apply))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from core.registry import Registry
from tenants.models import Tenant


class Event(NamedTuple):
    """One event of a region, as a handler sees it."""

    key: int
    kind: str
    version: int
    subject: UUID
    sequence: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """Applies the events of one kind.

    ``apply`` gets events of one region, each of another subject, and runs as the platform, in the
    public schema, in the projector's transaction. It writes there and does nothing else: it may run
    again. What it raises puts back all that it wrote; the events are then tried one by one.
    """

    name: str
    """The kind."""
    versions: tuple[int, ...]
    """Versions of the payload that ``apply`` understands; others are parked."""
    apply: Callable[[Tenant, Sequence[Event]], None]
    order: int = 100


class UselessError(Exception):
    """Raised by a handler: the event can never be applied, trying again is useless."""


HANDLERS: Final = Registry[Handler]("handler of events")

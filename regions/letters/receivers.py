"""Who reads which letters: filled by the apps that two regions speak through.

In ``AppConfig.ready``::

    RECEIVERS.register(Receiver(name="message", read=read))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from core.registry import Registry
from regions.letters.models import Letter


def _never(_body: dict[str, Any]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Receiver:
    """Reads the letters of one kind.

    ``read`` runs in the reader's region, in a transaction of its own that also takes the letter
    off: what it raises undoes all, and the letter is tried again. It must not trust the body: any
    identifier may be another partner's.
    """

    name: str
    """The kind."""
    read: Callable[[Letter], None]
    parting: Callable[[dict[str, Any]], bool] = _never
    """Whether a letter only ends what was agreed: it is brought even once agreements are over."""
    closing: bool = False
    """Whether it is the last of its subject: what was parked before it is given up."""
    order: int = 100


LETTERS: Final = "letters"
"""Name of the queue of what was brought and is not read yet (``projection.queues``)."""
KIND: Final = "letter"
VERSION: Final = 1
"""Of events of the outbox that are letters."""

RECEIVERS: Final = Registry[Receiver]("receiver of letters")

RETURNED: Final = "returned"
"""Kind of what comes back to its sender because no agreement let it through; ``body`` holds the
letter's own ``kind`` and ``body``."""


def receiver_of(kind: str) -> Receiver | None:
    """Return who reads letters of a kind."""
    return next((one for one in RECEIVERS if one.name == kind), None)

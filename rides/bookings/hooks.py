"""What upper apps do when a booking is asked for, or changes: typed, in the same transaction.

An app registers in its ``AppConfig.ready``. ``may_ask`` runs before anything is written and may
raise a ``PasserelleError`` whose message the asker reads (somebody blocked, too many contacts);
``on_event`` runs after each ``BookingEvent``: whatever it raises undoes the event as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry
from rides.adverts.models import Advert
from rides.bookings.models import BookingEvent


def _nothing(asker: Account, advert: Advert) -> None:
    """Let everybody ask."""


def _unheard(event: BookingEvent) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One app's part in bookings."""

    name: str
    may_ask: Callable[[Account, Advert], None] = _nothing
    on_event: Callable[[BookingEvent], None] = _unheard
    order: int = 100


LISTENERS: Final = Registry[Listener]("listener of bookings")
register: Final = LISTENERS.register


def check_may_ask(asker: Account, advert: Advert) -> None:
    """Ask every app whether this person may ask for a ride of this advert."""
    for listener in LISTENERS:
        listener.may_ask(asker, advert)


def tell(event: BookingEvent) -> None:
    """Tell every app what happened."""
    for listener in LISTENERS:
        listener.on_event(event)

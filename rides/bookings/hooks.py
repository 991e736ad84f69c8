"""What upper apps do when a booking is asked for, or changes: typed, in the same transaction.

An app registers in its ``AppConfig.ready``. ``may_ask`` runs before anything is written and may
raise a ``PasserelleError`` whose message the asker reads (somebody blocked, too many contacts);
``on_event`` runs after each ``BookingEvent``: whatever it raises undoes the event as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.bookings.models import BookingEvent


def _nothing(asker: Account, advert: Advert) -> None:
    """Let everybody ask."""


def _no_end(event: BookingEvent) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One app's part in bookings."""

    name: str
    may_ask: Callable[[Account, Advert], None] = _nothing
    on_event: Callable[[BookingEvent], None] = _no_end


_listeners: dict[str, Listener] = {}


def register(listener: Listener) -> None:
    """Add a listener. Raises RuntimeError when another has its name."""
    if _listeners.get(listener.name, listener) != listener:
        raise RuntimeError(f"a listener named {listener.name!r} is already registered")
    _listeners[listener.name] = listener


def check_may_ask(asker: Account, advert: Advert) -> None:
    """Ask every app whether this person may ask for a ride of this advert."""
    for name in sorted(_listeners):
        _listeners[name].may_ask(asker, advert)


def tell(event: BookingEvent) -> None:
    """Tell every app what happened."""
    for name in sorted(_listeners):
        _listeners[name].on_event(event)

"""What upper apps do when a booking is asked for, or changes: typed, in the same transaction.

An app registers in its ``AppConfig.ready``. ``may_ask`` runs before anything is written and may
raise a ``PasserelleError`` whose message the asker reads (somebody blocked, too many contacts);
``on_event`` runs after each ``BookingEvent``: whatever it raises undoes the event as well.
``barred`` says in words why somebody is not even shown the form; it changes nothing.
``unsettled`` says whether somebody else has still to confirm what a booking's row says already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry
from rides.adverts.models import Advert
from rides.bookings.models import Booking, BookingEvent


def _nothing(asker: Account, advert: Advert) -> None:
    """Let everybody ask."""


def _unheard(event: BookingEvent) -> None:
    """Do nothing."""


def _open(asker: Account, advert: Advert) -> str:
    """Let everybody see the form."""
    return ""


def _settled(booking: Booking) -> bool:
    """Wait for nobody."""
    return False


@dataclass(frozen=True, slots=True)
class Listener:
    """One app's part in bookings."""

    name: str
    may_ask: Callable[[Account, Advert], None] = _nothing
    on_event: Callable[[BookingEvent], None] = _unheard
    barred: Callable[[Account, Advert], str] = _open
    unsettled: Callable[[Booking], bool] = _settled
    order: int = 100


LISTENERS: Final = Registry[Listener]("listener of bookings")
register: Final = LISTENERS.register


def check_may_ask(asker: Account, advert: Advert) -> None:
    """Ask every app whether this person may ask for a ride of this advert."""
    for listener in LISTENERS:
        listener.may_ask(asker, advert)


def barred(asker: Account, advert: Advert) -> str:
    """Why this person is not shown how to ask for a ride of this advert; empty: they are."""
    return next((why for one in LISTENERS if (why := one.barred(asker, advert))), "")


def is_unsettled(booking: Booking) -> bool:
    """Whether what the booking says now has still to be confirmed elsewhere."""
    return any(listener.unsettled(booking) for listener in LISTENERS)


def tell(event: BookingEvent) -> None:
    """Tell every app what happened."""
    for listener in LISTENERS:
        listener.on_event(event)

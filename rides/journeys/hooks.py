"""What upper apps do when somebody says how a ride went: typed, in the same transaction.

An app registers in its ``AppConfig.ready``; whatever a listener raises undoes the act as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry
from rides.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class Listener:
    """One app's part in journeys."""

    name: str
    on_said: Callable[[Journey, Account], None]
    """After somebody said that a ride took place or not, or left a word of thanks."""
    order: int = 100


LISTENERS: Final = Registry[Listener]("listener of journeys")
register: Final = LISTENERS.register


def tell(journey: Journey, account: Account) -> None:
    """Tell every app what ``account`` says of a ride now."""
    for listener in LISTENERS:
        listener.on_said(journey, account)

"""Who must know that a verified e-mail address of a person changed.

A floor above whose rules follow from addresses registers in its ``AppConfig.ready`` a function that
is called inside the transaction that confirms the new address, the old one already gone::

    addresses.register(Watcher(name="communities", follow=email_verified))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Watcher:
    """An app whose rules follow from addresses."""

    name: str
    follow: Callable[[Account], None]
    order: int = 100


WATCHERS: Final = Registry[Watcher]("watcher of addresses")
register: Final = WATCHERS.register


def verified(account: Account) -> None:
    """Tell everyone who watches, in order."""
    for watcher in WATCHERS:
        watcher.follow(account)

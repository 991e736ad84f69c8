"""Who must know that a person is suspended.

A floor above, for which somebody suspended leaves a gap, registers in its ``AppConfig.ready`` a
function that is called inside the transaction that suspends, the account inactive already::

    suspensions.register(Watcher(name="lifecycle", follow=moderator_suspended))

Deletion has its own registry: ``inventory``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Watcher:
    """An app that fills the gap."""

    name: str
    follow: Callable[[Account], None]
    order: int = 100


WATCHERS: Final = Registry[Watcher]("watcher of suspensions")
register: Final = WATCHERS.register


def suspended(account: Account) -> None:
    """Tell everyone who watches, in order."""
    for watcher in WATCHERS:
        watcher.follow(account)

"""Who must know that a verified e-mail address of a person changed.

A floor above whose rules follow from addresses registers in its ``AppConfig.ready`` a function that
is called inside the transaction that confirms the new address, the old one already gone::

    addresses.register("communities", email_verified)
"""

from __future__ import annotations

from collections.abc import Callable

from core.accounts.models import Account

Watcher = Callable[[Account], None]

_watchers: dict[str, Watcher] = {}


def register(name: str, watcher: Watcher) -> None:
    """Add a watcher. Raises RuntimeError when another has its name."""
    if _watchers.get(name, watcher) != watcher:
        raise RuntimeError(f"a watcher named {name!r} is already registered")
    _watchers[name] = watcher


def verified(account: Account) -> None:
    """Tell everyone who watches, in the order of their names."""
    for _name, watcher in sorted(_watchers.items()):
        watcher(account)

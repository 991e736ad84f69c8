"""What upper apps do when somebody writes, blocks or reports: typed, in the same transaction.

An app registers in its ``AppConfig.ready``; whatever a listener raises undoes the act as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry
from rides.conversations.models import Message, Report, Thread


def _unheard(message: Message) -> None:
    """Do nothing."""


def _unseen(blocker: Account, blocked: Account, on: bool) -> None:
    """Do nothing."""


def _open(thread: Thread) -> str:
    """Let the two write."""
    return ""


def _untold(report: Report) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One app's part in conversations."""

    name: str
    on_message: Callable[[Message], None] = _unheard
    """After each message that somebody wrote; lines of bookings are ``bookings.hooks``'."""
    on_block: Callable[[Account, Account, bool], None] = _unseen
    """After somebody blocked somebody (True), or took it back (False)."""
    on_report: Callable[[Report], None] = _untold
    closed: Callable[[Thread], str] = _open
    """Why nobody can write in a conversation now, in a sentence; empty: they can."""
    order: int = 100


LISTENERS: Final = Registry[Listener]("listener of conversations")
register: Final = LISTENERS.register


def closed(thread: Thread) -> str:
    """Return why nobody can write in a conversation now; empty: they can."""
    return next((why for one in LISTENERS if (why := one.closed(thread))), "")

"""Who reads: a person of a partner region has a name for those with whom they agreed alone.

Where no reader is known nobody of another region is named, so a page or a mail that forgets to say
who reads tells too little, never too much. ``ReaderMiddleware`` says it of requests; a mail, an
export or a task says it with ``reading``. Who agreed with whom, an app above knows; it registers in
its ``AppConfig.ready``::

    ACQUAINTANCES.register(Acquaintance(name="relay", of=acquainted))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from core.registry import Registry

if TYPE_CHECKING:
    from core.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """An app that knows who has agreed with whom."""

    name: str
    of: Callable[[Account], Set[int]]
    """Keys of the people of partner regions who told somebody their name."""
    order: int = 100


ACQUAINTANCES: Final = Registry[Acquaintance]("source of acquaintances")


@dataclass(slots=True)
class _Reader:
    who: Callable[[], Any]
    known: dict[int, Set[int]] = field(default_factory=dict)


_READER: Final[ContextVar[_Reader | None]] = ContextVar("reader", default=None)


@contextmanager
def reading(account: Account) -> Iterator[None]:
    """Inside, ``account`` is who reads."""
    with reading_as(lambda: account):
        yield


@contextmanager
def reading_as(who: Callable[[], Any]) -> Iterator[None]:
    """Inside, whoever ``who`` returns is who reads: asked only when somebody is to be named."""
    token = _READER.set(_Reader(who))
    try:
        yield
    finally:
        _READER.reset(token)


def names(guest: int) -> bool:
    """Whether the reader may know the name of somebody of a partner region (key of the account).

    One statement for each reader, at the first such person.
    """
    reader = _READER.get()
    account = reader.who() if reader is not None else None
    if reader is None or account is None or account.pk is None:
        return False
    if account.pk not in reader.known:
        found = [source.of(account) for source in ACQUAINTANCES]
        reader.known[account.pk] = frozenset().union(*found)
    return guest in reader.known[account.pk]

"""Six-digit codes sent to an address: made, kept as a keyed hash, tried a few times, sent again.

A code proves that whoever types it reads the mailbox. It is good for one session only, because
its state lives there (in the database, never in a cookie).
"""

from __future__ import annotations

import secrets
import time
from enum import Enum
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.context import current_scope

DIGITS = 6
LIFE = 15 * 60  # seconds
TRIES = 5  # for each code sent
SENDINGS = 4  # in one registration: the first and three more


def make_code() -> str:
    """Return six random decimal digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def digits_of(typed: str) -> str:
    """Return what counts of a typed code: « 123 456 » is 123456."""
    return "".join(character for character in typed if character in "0123456789")


class Verdict(Enum):
    """What became of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"  # too old, or tried too often: only a new code helps


class CodeState:
    """One code in the making, in a JSON dict that the caller keeps in the session."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def _hash(self, code: str, address: str) -> str:
        salt = f"passerelle.code.{current_scope().key}"
        return salted_hmac(salt, f"{address}:{code}", algorithm="sha256").hexdigest()

    def issue(self, address: str) -> str:
        """Make a new code for ``address``; the former one is dead."""
        code = make_code()
        self._state.update(
            hash=self._hash(code, address),
            at=time.time(),
            failed=0,
            sendings=self._state.get("sendings", 0) + 1,
        )
        return code

    def issue_nothing(self) -> None:
        """Make sure that no code is right, while all else stays as if one had been sent."""
        self._state["hash"] = self._hash(make_code(), secrets.token_hex(16))

    @property
    def may_send(self) -> bool:
        """Whether another code may be sent in this session."""
        return int(self._state.get("sendings", 0)) < SENDINGS

    @property
    def alive(self) -> bool:
        """Whether the code can still be right."""
        return (
            "hash" in self._state
            and self._state["failed"] < TRIES
            and 0 <= time.time() - self._state["at"] <= LIFE
        )

    def check(self, typed: str, address: str) -> Verdict:
        """Compare a typed code in constant time, and count the failures."""
        if not self.alive:
            return Verdict.DEAD
        if constant_time_compare(self._state["hash"], self._hash(digits_of(typed), address)):
            return Verdict.RIGHT
        self._state["failed"] += 1
        return Verdict.WRONG if self.alive else Verdict.DEAD

"""Reading the codes that the server mailed, as the person would: in the newest mail to them."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path

_SEPARATOR = b"-" * 79 + b"\n"


def _to(folder: Path, address: str) -> list[str]:
    """Return the texts of the mails to an address, the newest first."""
    found = []
    for path in folder.glob("*.log"):
        for part in path.read_bytes().split(_SEPARATOR):
            message = email.message_from_bytes(part, policy=email.policy.default)
            if part.strip() and address in str(message["To"]):
                body = message.get_body(("plain",))
                found.append((path.stat().st_mtime_ns, body.get_content() if body else ""))
    return [text for _when, text in sorted(found, reverse=True)]


def code_for(folder: Path, address: str) -> str:
    """Return the six digits of the newest mail to ``address``; wait a little for it to come."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for text in _to(folder, address)[:1]:
            if code := re.search(r"^\s*(\d{6})\s*$", text, re.M):
                return code.group(1)
        time.sleep(0.05)
    raise AssertionError(f"no code was mailed to {address}")


def count_for(folder: Path, address: str) -> int:
    """Return how many mails were sent to an address."""
    return len(_to(folder, address))

"""Mails as Django's file back end wrote them: one file per connection, several mails in each."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.utils.html import strip_tags

SEPARATOR = b"-" * 79 + b"\n"
CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One mail; ``reference`` names it in addresses, ``code`` is its six-digit code or empty."""

    reference: str
    sender: str
    recipients: str
    subject: str
    sent: datetime | None
    body: str
    code: str


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    content = str(part.get_content())
    return strip_tags(content) if part.get_content_subtype() == "html" else content


def _sent(message: EmailMessage) -> datetime | None:
    if not message["Date"]:
        return None
    sent = parsedate_to_datetime(str(message["Date"]))
    # "-0000" says: UTC, from a machine that does not tell its zone.
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


def _mail(reference: str, raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=default)
    body = _text(message).strip()
    code = CODE.search(body)
    return Mail(
        reference=reference,
        sender=str(message["From"] or ""),
        recipients=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent=_sent(message),
        body=body,
        code=code.group(1) if code else "",
    )


def _mails_of(path: Path) -> list[Mail]:
    try:
        parts = path.read_bytes().split(SEPARATOR)
    except OSError:
        return []
    return [
        _mail(f"{path.stem}-{number}", part) for number, part in enumerate(parts) if part.strip()
    ]


def _files() -> list[Path]:
    """The folder's files, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    found = [(path.stat().st_mtime_ns, path) for path in folder.glob("*.log")]
    return [path for _changed, path in sorted(found, reverse=True)]


def mails(to: str = "") -> Iterator[Mail]:
    """Every mail, the newest first; those whose recipient contains ``to``."""
    for path in _files():
        for mail in reversed(_mails_of(path)):
            if to.lower() in mail.recipients.lower():
                yield mail


def mail_get(reference: str) -> Mail | None:
    """The mail of that reference, or None."""
    stem = reference.rpartition("-")[0]
    for path in _files():
        if path.stem == stem:
            return next((mail for mail in _mails_of(path) if mail.reference == reference), None)
    return None

"""Writing to a partner, and reading what partners wrote."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import Error, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit.services import record as audit
from regions.agreements.queries import reach
from regions.letters.errors import LetterError
from regions.letters.models import Letter
from regions.letters.receivers import KIND, LETTERS, RECEIVERS, VERSION, receiver_of
from regions.outbox.models import OutboxEvent
from regions.outbox.services import record
from regions.projection.services import backlog_note, parked_gone, parked_note
from tenants.context import current_tenant

logger = logging.getLogger(__name__)

TRIES: Final = 5
WAIT: Final = timedelta(seconds=2)
"""After the first failure; doubled after each."""

_CLAIM: Final = """
SELECT l.id FROM letters_letter l
 WHERE l.parked_at IS NULL AND l.not_before <= statement_timestamp()
   AND NOT EXISTS (SELECT FROM letters_letter before
                    WHERE before.sender = l.sender AND before.subject = l.subject
                      AND before.id < l.id)
 ORDER BY l.id LIMIT 1
   FOR UPDATE OF l SKIP LOCKED
"""

_OVER: Final = """
SELECT p.id FROM letters_letter p
 WHERE p.parked_at IS NOT NULL
   AND EXISTS (SELECT FROM letters_letter after
                WHERE after.sender = p.sender AND after.subject = p.subject
                  AND after.id > p.id AND after.kind = ANY(%s))
"""


def partners() -> set[int]:
    """Return the regions (keys of tenants) that the current one may write to now."""
    return {one.partner for one in reach("adverts")}


def letter_send(*, to: int, kind: str, subject: UUID, body: Mapping[str, Any]) -> None:
    """Write to one partner, in the caller's transaction; letters of a subject arrive in order.

    The border looks at the agreements again when it brings the letter over. Raises ``LetterError``
    (``no_agreement``) where none lets it through now. The last of a subject (``Receiver.closing``)
    takes back what was parked of it.
    """
    receiver = receiver_of(kind)
    parting = receiver is not None and receiver.parting(dict(body))
    if not parting and to not in partners():
        raise LetterError(
            _("Your region and this person’s no longer exchange rides: nothing was sent."),
            code="no_agreement",
        )
    if receiver is not None and receiver.closing:
        OutboxEvent.objects.filter(subject=subject, parked_at__isnull=False).delete()
    payload = {"to": to, "kind": kind, "body": dict(body)}
    record(kind=KIND, version=VERSION, subject=subject, payload=payload)


def letters_receive() -> int:
    """Read what is in the current region's box; return how many letters were tried.

    Each in a transaction of its own, which takes it off: any number of readers may run. One that
    fails is put off (2, 4, 8, 16 s) and parked after five tries, and those of its subject wait.
    """
    count = _over_give_up()
    while _receive_one() is not None:
        count += 1
    if count:
        backlog_note(current_tenant())
    return count


def _over_give_up() -> int:
    """Give up what was parked before the last letter of its subject; return how many letters.

    Somebody who has left is forgotten, whatever was wrong with something they had written.
    """
    last = [one.name for one in RECEIVERS if one.closing]
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [last])
        rows = [key for (key,) in cursor.fetchall()]
    return _give_up(rows)


@transaction.atomic
def _give_up(rows: list[int]) -> int:
    if rows:
        Letter.objects.filter(pk__in=rows).delete()
        parked_gone(tenant=current_tenant(), queue=LETTERS, rows=rows)
    return len(rows)


def letters_forget(*, sender: int) -> int:
    """Remove what a region (key) wrote and nobody has read; return how many letters.

    One that is being read is waited for.
    """
    rows = list(Letter.objects.filter(sender=sender).values_list("pk", flat=True))
    return _give_up(rows)


def _receive_one() -> int | None:
    key: int | None = None
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_CLAIM)
                row = cursor.fetchone()
            if row is None:
                return None
            key = row[0]
            letter = Letter.objects.get(pk=key)
            receiver = receiver_of(letter.kind)
            if receiver is None:
                raise LookupError(letter.kind)
            receiver.read(letter)
            letter.delete()
    except Exception as error:
        if key is None or (isinstance(error, Error) and not connection.is_usable()):
            raise
        _put_off(key, error)
    return key


@transaction.atomic
def _put_off(key: int, error: Exception) -> None:
    """Keep a letter for later, or park it; say what failed, never with what."""
    letter = Letter.objects.select_for_update().filter(pk=key).first()
    if letter is None:
        return
    now = timezone.now()
    letter.attempts += 1
    letter.reason = f"{type(error).__name__} in {type(error).__module__}"[:200]
    letter.not_before = now + WAIT * 2 ** (letter.attempts - 1)
    if letter.attempts >= TRIES:
        letter.parked_at = now
        logger.error("a letter was parked: %s", letter.reason)
        audit(
            actor=None,
            action="letter.parked",
            kind="letter",
            object_id=letter.subject,
            note=f"{letter.kind}: {letter.reason}",
        )
        parked_note(
            tenant=current_tenant(),
            queue=LETTERS,
            row=letter.pk,
            kind=letter.kind,
            version=VERSION,
            subject=letter.subject,
            reason=letter.reason,
        )
    letter.save(update_fields=["attempts", "reason", "not_before", "parked_at"])

"""Recording events. Call it in the transaction of the act: both are there, or neither."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from tenants.context import current_tenant

_wakers: Final[list[Callable[[], None]]] = []

# One statement. The row of the subject is locked until the end of the transaction, so that the
# numbers of its events follow the order of commits. Those in the projector's hands are left to it.
_RECORD: Final = """
WITH given AS (
    SELECT * FROM unnest(%(subjects)s::uuid[], %(payloads)s::text[]) AS g (subject, payload)
), numbered AS (
    INSERT INTO outbox_outboxsubject AS s (subject, sequence)
    SELECT subject, 1 FROM given ORDER BY subject
    ON CONFLICT (subject) DO UPDATE SET sequence = s.sequence + 1
    RETURNING subject, sequence
), replaced AS (
    DELETE FROM outbox_outboxevent
     WHERE %(replaces)s AND id IN (
        SELECT e.id FROM outbox_outboxevent e JOIN given USING (subject)
           FOR UPDATE OF e SKIP LOCKED)
)
INSERT INTO outbox_outboxevent (kind, version, subject, sequence, payload)
SELECT %(kind)s, %(version)s, subject, sequence, payload::jsonb
  FROM given JOIN numbered USING (subject) ORDER BY subject
"""


def on_recorded(wake: Callable[[], None]) -> None:
    """Call ``wake`` after each commit that recorded events, in their region (from ``ready``)."""
    if wake not in _wakers:
        _wakers.append(wake)


def record(
    *, kind: str, version: int, subject: UUID, payload: Mapping[str, Any], replaces: bool = False
) -> None:
    """Write one event of the current region, in the caller's transaction.

    ``payload`` is JSON and says nothing of who somebody is. With ``replaces`` it tells all there is
    to know of its subject: events of it that still wait, parked ones too, are taken back.
    """
    records(kind=kind, version=version, payloads={subject: payload}, replaces=replaces)


def records(
    *,
    kind: str,
    version: int,
    payloads: Mapping[UUID, Mapping[str, Any]],
    replaces: bool = False,
) -> None:
    """Write one event for each subject, in one statement. See ``record``."""
    current_tenant()
    if not payloads:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event belongs to a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "kind": kind,
                "version": version,
                "subjects": list(payloads),
                "payloads": [json.dumps(payload) for payload in payloads.values()],
                "replaces": replaces,
            },
        )
    # Once a transaction, however many events it records.
    if all(callback is not _wake for _sids, callback, *_ in connection.run_on_commit):
        transaction.on_commit(_wake)


def _wake() -> None:
    for wake in _wakers:
        wake()

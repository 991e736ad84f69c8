"""Events from a region's outbox to the public schema: each once, in the order of its subject.

One transaction claims, applies, remembers and deletes, so that whatever kills it leaves everything
as before. It changes roles on the way: the region's reads its outbox, the platform's writes. Many
projectors may run: an event is claimed by the first of its subject's alone, locked ones are passed
over, so nobody waits and no subject is in two hands.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final

from django.db import Error, connection, transaction
from django.utils import timezone

from regions.outbox.models import OutboxEvent
from regions.projection.handlers import HANDLERS, Event, Handler, UselessError
from regions.projection.models import Parked
from regions.projection.queues import EVENTS
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant

logger = logging.getLogger(__name__)

BATCH: Final = 500
TRIES: Final = 5
WAIT: Final = timedelta(seconds=2)
"""After the first failure; doubled after each."""
POINTS: Final = ("claimed", "written", "committing")
"""Where a test may kill: after the claim, after the write, before the commit."""

_CLAIM: Final = """
SELECT e.id, e.kind, e.version, e.subject, e.sequence, e.payload
  FROM outbox_outboxevent e
 WHERE e.parked_at IS NULL AND e.not_before <= statement_timestamp()
   AND NOT EXISTS (SELECT FROM outbox_outboxevent before
                    WHERE before.subject = e.subject AND before.sequence < e.sequence)
 ORDER BY e.id
 LIMIT %s
   FOR UPDATE OF e SKIP LOCKED
"""
_REMEMBER: Final = """
INSERT INTO projection_applied AS a (tenant_id, subject, sequence)
SELECT %s, subject, sequence FROM unnest(%s::uuid[], %s::bigint[]) AS g (subject, sequence)
    ON CONFLICT (tenant_id, subject) DO UPDATE SET sequence = excluded.sequence
 WHERE a.sequence < excluded.sequence
RETURNING a.subject
"""


def _nowhere(_point: str) -> None:
    pass


def project(tenant: Tenant, *, limit: int = BATCH, at: Callable[[str], None] = _nowhere) -> int:
    """Apply at most ``limit`` events of a region; returns how many were claimed.

    ``at`` is told each of ``POINTS`` as it is passed.
    """
    with tenant_scope(tenant), transaction.atomic():
        events = _claim(limit)
        if not events:
            return 0
        at("claimed")
        failures: dict[int, tuple[str, bool]] = {}
        for kind, group in groupby(sorted(events, key=lambda one: one.kind), lambda one: one.kind):
            failures |= _apply(tenant, kind, list(group))
        at("written")
        done = [event for event in events if event.key not in failures]
        _take_off(done)
        _keep(tenant, [event for event in events if event.key in failures], failures)
        _settle(tenant, done)
        at("committing")
    return len(events)


def drain(tenant: Tenant) -> int:
    """Apply all that waits in a region; returns how many events were claimed."""
    done = 0
    while count := project(tenant):
        done += count
    return done


def _claim(limit: int) -> list[Event]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [limit])
        return [Event._make((*row[:5], json.loads(row[5]))) for row in cursor.fetchall()]


def _take_off(events: Sequence[Event]) -> None:
    """Delete what is applied, in one statement: a queryset would read the rows once more first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM outbox_outboxevent WHERE id = ANY(%s)", [[event.key for event in events]]
        )


def _apply(tenant: Tenant, kind: str, events: list[Event]) -> dict[int, tuple[str, bool]]:
    """Apply events of one kind together, else one by one; what failed: why, and if for good."""
    handler = next((one for one in HANDLERS if one.name == kind), None)
    if handler is None:
        return {event.key: (f"unknown kind {kind}", True) for event in events}
    failures = {
        event.key: (f"unknown version {event.version}", True)
        for event in events
        if event.version not in handler.versions
    }
    known = [event for event in events if event.key not in failures]
    with platform_scope(reason="the projector writes what regions share"):
        if len(known) > 1:
            try:
                _apply_once(tenant, handler, known)
            except Exception:  # noqa: BLE001 - whatever it is, it is looked at below
                logger.info("a batch of %s failed: one by one", kind)
            else:
                return failures
        for event in known:
            try:
                _apply_once(tenant, handler, [event])
            except Exception as error:  # noqa: BLE001 - kept as the reason
                _raise_if_lost(error)
                failures[event.key] = (_reason(error), isinstance(error, UselessError))
    return failures


def _apply_once(tenant: Tenant, handler: Handler, events: Sequence[Event]) -> None:
    """Apply those that were not yet, and remember it, in one savepoint."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _REMEMBER,
                [tenant.pk, [one.subject for one in events], [one.sequence for one in events]],
            )
            fresh = {subject for (subject,) in cursor.fetchall()}
        wanted = [event for event in events if event.subject in fresh]
        if wanted:
            handler.apply(tenant, wanted)


def _raise_if_lost(error: Exception) -> None:
    """A connection that is gone is nobody's fault: the events wait, untouched."""
    if isinstance(error, Error) and not connection.is_usable():
        raise error


def _reason(error: Exception) -> str:
    """Say what failed, never with what: a message may quote the payload."""
    return f"{type(error).__name__} in {type(error).__module__}"[:200]


def _keep(tenant: Tenant, events: Sequence[Event], failures: dict[int, tuple[str, bool]]) -> None:
    """Put failed events off, and park those that failed too often or for good."""
    rows = {row.pk: row for row in OutboxEvent.objects.filter(pk__in=failures)}
    now = timezone.now()
    parked = []
    for event in events:
        row, (reason, for_good) = rows[event.key], failures[event.key]
        row.attempts += 1
        row.reason = reason
        row.not_before = now + WAIT * 2 ** (row.attempts - 1)
        if for_good or row.attempts >= TRIES:
            row.parked_at = now
            parked.append(event)
        row.save(update_fields=["attempts", "reason", "not_before", "parked_at"])
    if not parked:
        return
    logger.error("%s events parked, the first: %s", len(parked), rows[parked[0].key])
    with platform_scope(reason="operators see what the projector set aside"):
        Parked.objects.bulk_create(
            Parked(
                tenant=tenant,
                event=event.key,
                kind=event.kind,
                version=event.version,
                subject=event.subject,
                reason=failures[event.key][0],
                parked_at=now,
            )
            for event in parked
        )


def _settle(tenant: Tenant, done: Sequence[Event]) -> None:
    """Note that parked events were taken back: a later one of their subject has been applied."""
    with platform_scope(reason="the projector says what became of parked events"):
        Parked.objects.filter(
            tenant=tenant,
            queue=EVENTS,
            outcome=Parked.Outcome.WAITS,
            subject__in=[event.subject for event in done],
        ).update(outcome=Parked.Outcome.REPLACED, settled_at=timezone.now())

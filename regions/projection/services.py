"""What operators and the clock do with the projection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.projection.models import Applied, Backlog, Parked
from regions.projection.projector import drain
from regions.projection.queues import QUEUES, Queue
from tenants.context import platform_scope, tenant_scope
from tenants.errors import PasserelleError
from tenants.models import Tenant


class ProjectionError(PasserelleError):
    """``already_settled``: somebody has dealt with the parked event."""

    status = 409


def region_project(tenant: Tenant) -> int:
    """Apply all that waits in a region and note what is left; returns how many were claimed."""
    done = drain(tenant)
    backlog_note(tenant)
    return done


def backlog_note(tenant: Tenant) -> None:
    """Note what waits in the queues of a region, for health and operators."""
    seen: dict[str, Any] = {}
    with tenant_scope(tenant):
        for queue in QUEUES:
            counts = queue.rows().aggregate(
                waiting=Count("pk", filter=Q(parked_at__isnull=True)),
                parked=Count("pk", filter=Q(parked_at__isnull=False)),
                oldest_at=Min("created_at", filter=Q(parked_at__isnull=True)),
            )
            seen |= {f"{queue.prefix}{name}": value for name, value in counts.items()}
    with platform_scope(reason="the backlog of a region"):
        Backlog.objects.update_or_create(
            tenant=tenant, defaults={**seen, "seen_at": timezone.now()}
        )


def applied_forget(tenant: Tenant) -> None:
    """Forget which events of a region were applied: its numbers start again after a restore.

    What waits in its outbox is then applied whatever its number; what was applied is not there.
    """
    with platform_scope(reason="a region's read models are made anew"):
        Applied.objects.filter(tenant_id=tenant.pk).delete()


def parked_note(
    *, tenant: Tenant, queue: str, row: int, kind: str, version: int, subject: UUID, reason: str
) -> None:
    """Have operators see what a region set aside in a queue that is not its outbox."""
    with platform_scope(reason="operators see what a region set aside"):
        Parked.objects.create(
            tenant_id=tenant.pk,
            queue=queue,
            event=row,
            kind=kind,
            version=version,
            subject=subject,
            reason=reason,
        )


def parked_gone(*, tenant: Tenant, queue: str, rows: Sequence[int]) -> None:
    """Note that parked rows of a queue are no longer there: nobody need decide about them."""
    with platform_scope(reason="what was set aside is gone"):
        waits = Parked.objects.filter(tenant_id=tenant.pk, queue=queue, event__in=rows)
        waits.filter(outcome=Parked.Outcome.WAITS).update(
            outcome=Parked.Outcome.DISCARDED, settled_at=timezone.now()
        )


def parked_retry(*, parked: Parked) -> None:
    """Let what was parked be tried again, with all its tries.

    Raises ``ProjectionError`` (``already_settled``). Needs the platform's scope.
    """
    with _settled(parked, Parked.Outcome.RETRIED) as rows:
        rows.update(parked_at=None, attempts=0, not_before=timezone.now())


def parked_discard(*, parked: Parked) -> None:
    """Give a parked row up: later ones of its subject go on without it. Raises as above."""
    with _settled(parked, Parked.Outcome.DISCARDED) as rows:
        rows.delete()


@contextmanager
def _settled(parked: Parked, outcome: Parked.Outcome) -> Iterator[QuerySet[Any]]:
    """Lock the line, note what becomes of it, and give its row, in the row's region."""
    with transaction.atomic():
        lines = Parked.objects.select_for_update(of=("self",)).select_related("tenant")
        line = lines.get(pk=parked.pk)
        if line.outcome != Parked.Outcome.WAITS:
            raise ProjectionError(
                _("Somebody has dealt with this event already."), code="already_settled"
            )
        line.outcome, line.settled_at = outcome, timezone.now()
        line.save(update_fields=["outcome", "settled_at"])
        queue = next(one for one in QUEUES if one.name == line.queue)
        with tenant_scope(line.tenant):
            yield queue.rows().filter(pk=line.event, parked_at__isnull=False)
        transaction.on_commit(lambda: _wake(line.tenant, queue))


def _wake(tenant: Tenant, queue: Queue) -> None:
    with tenant_scope(tenant):
        queue.wake()
    backlog_note(tenant)

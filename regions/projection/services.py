"""What operators and the clock do with the projection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.outbox.models import OutboxEvent
from regions.projection.models import Applied, Backlog, Parked
from regions.projection.projector import drain
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
    """Note how far behind the projection of a region is, for health and operators."""
    with tenant_scope(tenant):
        seen = OutboxEvent.objects.aggregate(
            waiting=Count("pk", filter=Q(parked_at__isnull=True)),
            parked=Count("pk", filter=Q(parked_at__isnull=False)),
            oldest_at=Min("created_at", filter=Q(parked_at__isnull=True)),
        )
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


def parked_retry(*, parked: Parked) -> None:
    """Let the projector try a parked event again, with all its tries.

    Raises ``ProjectionError`` (``already_settled``). Needs the platform's scope.
    """
    with _settled(parked, Parked.Outcome.RETRIED) as events:
        events.update(parked_at=None, attempts=0, not_before=timezone.now())


def parked_discard(*, parked: Parked) -> None:
    """Give a parked event up: later ones of its subject go on without it. Raises as above."""
    with _settled(parked, Parked.Outcome.DISCARDED) as events:
        events.delete()


@contextmanager
def _settled(parked: Parked, outcome: Parked.Outcome) -> Iterator[QuerySet[OutboxEvent]]:
    """Lock the line, note what becomes of it, and give its event, in the event's region."""
    with transaction.atomic():
        row = Parked.objects.select_for_update(of=("self",)).select_related("tenant")
        line = row.get(pk=parked.pk)
        if line.outcome != Parked.Outcome.WAITS:
            raise ProjectionError(
                _("Somebody has dealt with this event already."), code="already_settled"
            )
        line.outcome, line.settled_at = outcome, timezone.now()
        line.save(update_fields=["outcome", "settled_at"])
        with tenant_scope(line.tenant):
            yield OutboxEvent.objects.filter(pk=line.event, parked_at__isnull=False)

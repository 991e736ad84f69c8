"""Archiving a community that nobody runs, and opening it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from communities.communities.models import Community
from communities.communities.watchers import communities_changed
from communities.lifecycle import tasks
from communities.lifecycle.errors import NotArchivedError
from communities.lifecycle.locks import locked, note, standing_of
from communities.lifecycle.models import HandOver, Standing
from core.accounts.models import Account


@transaction.atomic
def community_archive(
    *,
    community: Community,
    by: Account | None = None,
    reason: str = Standing.ArchiveReason.NOBODY,
    now: datetime | None = None,
) -> Standing:
    """Keep a community to be read by its members, and hide it from all others; twice is once.

    A vote that is open ends without a result. A deleted community stays deleted.
    """
    row = locked(community)
    standing = standing_of(row)
    if standing.archived_at is not None or row.deleted_at is not None:
        return standing
    moment = now or timezone.now()
    was_active = row.is_active
    row.is_active = False
    row.save(update_fields=["is_active", "updated_at"])
    standing.archived_at, standing.archive_reason = moment, reason
    standing.save()
    HandOver.objects.filter(community=row, status=HandOver.Status.OPEN).update(
        status=HandOver.Status.CANCELLED, closed_at=moment
    )
    note(row, "community.archived", by=by, changes={"is_active": (was_active, False)})
    tasks.tell_archived.enqueue(community=row.pk)
    communities_changed(row)
    return standing


@transaction.atomic
def community_revive(
    *, community: Community, by: Account | None, now: datetime | None = None
) -> Community:
    """Open an archived community again; it counts as alive from now on.

    Without anybody to run it, the next daily task asks its members again. Raises
    ``NotArchivedError``.
    """
    row = locked(community)
    standing = standing_of(row)
    if standing.archived_at is None or row.deleted_at is not None:
        raise NotArchivedError
    row.is_active = True
    row.save(update_fields=["is_active", "updated_at"])
    standing.archived_at, standing.archive_reason = None, ""
    wake(standing, now=now)
    note(row, "community.revived", by=by, changes={"is_active": (False, True)})
    communities_changed(row)
    return row


def wake(standing: Standing, *, now: datetime | None = None, answered: bool = True) -> None:
    """Forget that a community was quiet; its row is locked. ``answered``: somebody said so now."""
    standing.quiet_since = standing.warned_at = standing.warned_again_at = None
    if answered:
        standing.answered_at = now or timezone.now()
    standing.save()

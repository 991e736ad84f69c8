"""Deleting a community: at once for everybody, undone within thirty days, then for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from communities.communities.errors import TooLateToRestoreError
from communities.communities.models import Community
from core.accounts.models import Account
from core.audit.services import record

KEPT_FOR: Final = timedelta(days=30)


@transaction.atomic
def community_delete(*, community: Community, by: Account | None, reason: str = "") -> Community:
    """Close a community for everybody; nothing of it is lost for thirty days. Twice is once."""
    locked = Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    if locked.deleted_at is not None:
        return locked
    locked.is_active, locked.deleted_at = False, timezone.now()
    locked.save(update_fields=["is_active", "deleted_at", "updated_at"])
    _note(locked, by, "community.deleted", reason)
    return locked


@transaction.atomic
def community_restore(*, community: Community, by: Account | None) -> Community:
    """Open a deleted community again, with its members as they were; twice is once.

    Raises ``TooLateToRestoreError`` after thirty days.
    """
    locked = Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    if locked.deleted_at is None:
        return locked
    if locked.deleted_at + KEPT_FOR < timezone.now():
        raise TooLateToRestoreError
    locked.is_active, locked.deleted_at = True, None
    locked.save(update_fields=["is_active", "deleted_at", "updated_at"])
    _note(locked, by, "community.restored", "")
    return locked


def communities_purge(*, now: datetime | None = None) -> int:
    """Take away for good what was deleted more than thirty days ago; return how many."""
    over = Community.objects.filter(deleted_at__lt=(now or timezone.now()) - KEPT_FOR)
    gone = 0
    for one in over.order_by("pk"):
        with transaction.atomic():
            locked = over.select_for_update(of=("self",)).filter(pk=one.pk).first()
            if locked is None:  # restored, or taken away by another process, meanwhile
                continue
            key, logo = locked.pk, locked.logo
            locked.delete()
            record(
                actor=None,
                action="community.purged",
                kind="community",
                object_id=key,
                label=one.name,
            )
            if logo:
                transaction.on_commit(lambda logo=logo: storages["public"].delete(logo))  # type: ignore[misc]
        gone += 1
    return gone


def _note(community: Community, by: Account | None, action: str, reason: str) -> None:
    record(
        actor=by,
        action=action,
        kind="community",
        object_id=community.pk,
        label=community.name,
        changes={"is_active": (not community.is_active, community.is_active)},
        note=reason,
    )

"""Deleting a community: at once for everybody, undone within thirty days, then for good.

Another app may refuse a deletion: it registers a ``Guard`` in its ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from communities.communities.errors import TooLateToRestoreError
from communities.communities.models import Community
from communities.communities.watchers import communities_changed
from core.accounts.models import Account
from core.audit.services import record
from core.registry import Registry

KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule that may refuse that a community is deleted."""

    name: str
    check: Callable[[Community, Account | None], None]
    """Raises a ``PasserelleError`` that says why not; the community's row is locked."""
    order: int = 100


GUARDS: Final = Registry[Guard]("guard of deletions")
register_guard: Final = GUARDS.register


def check_deletion(community: Community, by: Account | None) -> None:
    """Raise the error of the first rule against deleting the community."""
    for guard in GUARDS:
        guard.check(community, by)


@transaction.atomic
def community_delete(*, community: Community, by: Account | None, reason: str = "") -> Community:
    """Close a community for everybody; nothing of it is lost for thirty days. Twice is once.

    Raises what a guard raises.
    """
    locked = Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    if locked.deleted_at is not None:
        return locked
    check_deletion(locked, by)
    was_active = locked.is_active
    locked.closed_before_deletion = not was_active
    locked.is_active, locked.deleted_at = False, timezone.now()
    locked.save(update_fields=["closed_before_deletion", "is_active", "deleted_at", "updated_at"])
    _note(locked, by, "community.deleted", reason, was_active=was_active)
    communities_changed(locked)
    return locked


@transaction.atomic
def community_restore(*, community: Community, by: Account | None) -> Community:
    """Bring a deleted community back exactly as it was; twice is once.

    Raises ``TooLateToRestoreError`` after thirty days.
    """
    locked = Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    if locked.deleted_at is None:
        return locked
    if locked.deleted_at + KEPT_FOR < timezone.now():
        raise TooLateToRestoreError
    locked.is_active, locked.deleted_at = not locked.closed_before_deletion, None
    locked.closed_before_deletion = False
    locked.save(update_fields=["closed_before_deletion", "is_active", "deleted_at", "updated_at"])
    _note(locked, by, "community.restored", "", was_active=False)
    communities_changed(locked)
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


def _note(
    community: Community, by: Account | None, action: str, reason: str, *, was_active: bool
) -> None:
    record(
        actor=by,
        action=action,
        kind="community",
        object_id=community.pk,
        label=community.name,
        changes={"is_active": (was_active, community.is_active)},
        note=reason,
    )

"""Undoing what one click of the console did to memberships, while its toast is still there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from communities.communities import moves
from communities.communities.consents import consents_restore
from communities.communities.errors import UndoTooLateError
from communities.communities.memberships import community_open, is_last_moderator
from communities.communities.models import Community, Membership
from communities.communities.watchers import communities_changed
from core.accounts.models import Account
from core.audit.models import AuditEntry
from core.audit.queries import entries_of_batch
from core.audit.services import record

OFFERED_FOR: Final = timedelta(seconds=10)
"""How long the page offers it."""
UNDO_WITHIN: Final = timedelta(seconds=60)
"""How long a click takes that was made in time, at most."""

AT_MOST: Final = 1000
"""People whom one click brings back while the person waits."""

Status, Role = Membership.Status, Membership.Role


@transaction.atomic
def memberships_undo(*, batch: UUID, community: Community, by: Account) -> int:
    """Bring back the people whom one click of ``by`` touched; return how many.

    Whoever has changed since, by their own act or another's, stays as they are, and so does the
    last moderator. Undoing twice is undoing once. Raises ``UndoTooLateError`` after a minute, and
    ``CommunityDeletedError``.
    """
    community_open(community.pk)
    entries = [
        entry
        for entry in entries_of_batch(batch, actor=by)[: AT_MOST + 1]
        if entry.kind == "community" and entry.object_id == str(community.pk)
    ]
    if len(entries) > AT_MOST:  # a whole list, which is undone in the background
        raise UndoTooLateError
    if not entries or min(entry.at for entry in entries) < timezone.now() - UNDO_WITHIN:
        raise UndoTooLateError
    return sum(_undone(entry, community, by) for entry in entries)


def _undone(entry: AuditEntry, community: Community, by: Account) -> bool:
    if entry.subject is None:  # their account is gone
        return False
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .filter(community=community, account=entry.subject)
        .first()
    )
    if membership is None:
        return False
    # A person who was added was nobody before.
    pairs = entry.changes or {"status": [Status.LEFT, Status.ACCEPTED]}
    if any(getattr(membership, name) != after for name, (_before, after) in pairs.items()):
        return False
    status = pairs.get("status", [membership.status])[0]
    role = pairs.get("role", [membership.role])[0]
    if (status, role) != (Status.ACCEPTED, Role.MODERATOR) and is_last_moderator(membership):
        return False
    changes = {
        "status": (membership.status, status),
        "role": (membership.role, role),
    }
    ended_at = membership.left_at or membership.refused_at
    for name, value in moves.fields_undone(status, role, timezone.now()).items():
        setattr(membership, name, value)
    membership.save()
    if status in {Status.ACCEPTED, Status.PENDING}:
        consents_restore({membership.pk: ended_at})
    communities_changed(community)
    record(
        actor=by,
        action="membership.undone",
        kind="community",
        object_id=community.pk,
        label=community.name,
        subject=membership.account,
        changes=changes,
    )
    return True

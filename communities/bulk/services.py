"""Writes of acts on whole lists: begin, undo. ``running`` does what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from communities.bulk import running, tasks
from communities.bulk.errors import CommunityClosedError, NobodyChosenError
from communities.bulk.models import BulkAct
from communities.communities.errors import UndoTooLateError
from communities.communities.joining import MESSAGE_LENGTH
from communities.communities.models import Community
from communities.communities.moves import ACTS
from communities.communities.undoing import UNDO_WITHIN
from core.accounts.models import Account

State = BulkAct.State
AT_ONCE: Final = 1000
"""Lists of so many people are done while the person waits; longer ones in the background."""


def act_begin(
    *, community: Community, act: str, keys: Sequence[int], by: Account, reason: str = ""
) -> BulkAct:
    """Do an act on memberships (by key) of a community, one after another of its acts.

    Raises ``NobodyChosenError`` and ``CommunityClosedError``.
    """
    if act not in ACTS or not keys:
        raise NobodyChosenError
    if not Community.objects.filter(pk=community.pk, is_active=True).exists():
        raise CommunityClosedError
    with transaction.atomic():
        made = BulkAct.objects.create(
            community=community,
            by=by,
            act=act,
            reason=reason.strip()[:MESSAGE_LENGTH],
            targets=sorted(set(keys)),
            total=len(set(keys)),
            touched_at=timezone.now(),
        )
        if made.total > AT_ONCE:
            tasks.run.enqueue(key=made.pk)
    if made.total <= AT_ONCE:
        running.act_run(made.pk)
        made.refresh_from_db()
    return made


@transaction.atomic
def act_undo(*, act: BulkAct, by: Account) -> BulkAct:
    """Undo an act that has just ended; twice is once.

    Raises ``UndoTooLateError`` once people are told, after a minute, and for who did not do it.
    """
    running.community_lock(act.community_id)
    locked = BulkAct.objects.select_for_update(of=("self",)).defer("targets").get(pk=act.pk)
    if locked.state in {State.UNDOING, State.UNDONE}:
        return locked
    late = locked.ended_at is None or locked.ended_at < timezone.now() - UNDO_WITHIN
    if locked.state != State.DONE or locked.is_told or late or locked.by_id != by.pk:
        raise UndoTooLateError
    if BulkAct.objects.filter(community=locked.community_id).filter(running.AT_WORK).exists():
        raise UndoTooLateError  # the next act has begun
    locked.state, locked.done, locked.at_entry = State.UNDOING, 0, 0
    locked.attempts, locked.touched_at = 0, timezone.now()
    locked.save(update_fields=["state", "done", "at_entry", "attempts", "touched_at"])
    tasks.undo.enqueue(key=locked.pk)
    return locked

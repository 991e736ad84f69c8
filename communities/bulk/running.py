"""Doing acts on whole lists, undoing them, telling people; a thousand at a time.

A chunk of people and the mark of how far the act is are one transaction: an act that is interrupted
goes on after the last chunk that was written. A worker that was thought dead finds its claim taken.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.bulk import tasks
from communities.bulk.models import KEPT_FOR, BulkAct
from communities.communities.access import communities_administered_by
from communities.communities.joining import may_ask_again_at
from communities.communities.many import memberships_move, memberships_move_back
from communities.communities.models import Community, Membership
from communities.communities.moves import is_told
from communities.communities.notices import tell_answer
from communities.communities.validation import community_settings
from core.audit.models import AuditEntry
from core.audit.services import record

CHUNK: Final = 1000
TOLD_AT_ONCE: Final = 100
SILENT_FOR: Final = timedelta(minutes=2)
"""Without a sign of life for so long, a worker is thought dead."""
MAX_ATTEMPTS: Final = 3
TELL_AFTER: Final = 15
"""Seconds after the end: the ten of the undoing are surely over."""
State = BulkAct.State
AT_WORK: Final = Q(state=State.RUNNING) | Q(state=State.UNDOING)


def community_lock(key: int) -> None:
    """Lock a community, if it is still there."""
    Community.objects.select_for_update(no_key=True).filter(pk=key).first()


# --- doing it -------------------------------------------------------------------------------------
def act_run(key: int) -> None:
    """Do an act to its end, unless another of its community is under way: then it waits."""
    claimed = _claim(key)
    while claimed is not None and _chunk(claimed):
        pass


def _claim(key: int) -> BulkAct | None:
    """Take the act, if it waits and nothing else runs in its community."""
    with transaction.atomic():
        asked = BulkAct.objects.only("community").filter(pk=key).first()
        if asked is None:
            return None
        community_lock(asked.community_id)
        # Everything of this community that waits or runs, in one order: claims take turns.
        waiting = AT_WORK | Q(state=State.QUEUED)
        rivals = list(
            BulkAct.objects.select_for_update(of=("self",))
            .filter(waiting, community=asked.community_id)
            .order_by("pk")
        )
        mine = next((one for one in rivals if one.pk == key and one.state == State.QUEUED), None)
        if mine is None or any(one.state != State.QUEUED for one in rivals):
            return None  # whoever ends starts the next
        mine.state, mine.claim = State.RUNNING, uuid.uuid4()
        mine.attempts += 1
        mine.touched_at = timezone.now()
        mine.save(update_fields=["state", "claim", "attempts", "touched_at"])
        return mine


def _locked(claimed: BulkAct, state: str) -> BulkAct | None:
    """Lock the community, then the act if it is still ours; in this order everywhere."""
    community_lock(claimed.community_id)
    return (
        BulkAct.objects.select_for_update(of=("self",))
        .select_related("community", "by")
        .defer("targets")
        .filter(pk=claimed.pk, state=state, claim=claimed.claim)
        .first()
    )


def _may(act: BulkAct) -> bool:
    """Whether who began it may still change this community, and it is still open."""
    if act.by is None or not act.by.is_active or not act.community.is_active:
        return False
    return communities_administered_by(act.by).filter(pk=act.community_id).exists()


def _chunk(claimed: BulkAct) -> bool:
    """Move the next people; whether there are more."""
    with transaction.atomic():
        locked = _locked(claimed, State.RUNNING)
        if locked is None:
            return False
        keys = claimed.targets[locked.done : locked.done + CHUNK]
        if not keys or not _may(locked):
            _end(locked, State.STOPPED if keys else State.DONE)
            return False
        assert locked.by is not None
        ended = memberships_move(
            community=locked.community,
            keys=keys,
            act=locked.act,
            by=locked.by,
            reason=locked.reason,
            batch=locked.batch,
        )
        locked.outcomes = dict(Counter(locked.outcomes) + ended)
        _mark(locked, locked.done + len(keys))
        return True


def _mark(locked: BulkAct, done: int) -> None:
    locked.done, locked.touched_at = done, timezone.now()
    locked.save(update_fields=["done", "touched_at", "outcomes", "at_entry"])


def _end(locked: BulkAct, state: str) -> None:
    """Write how it ended, tell whom it concerns later on, and let the next act begin."""
    locked.state, locked.claim, locked.targets = state, None, []
    locked.ended_at = locked.touched_at = timezone.now()
    locked.at_entry = 0
    locked.save(update_fields=["state", "claim", "targets", "ended_at", "touched_at", "at_entry"])
    undone = state == State.UNDONE
    record(
        actor=locked.by,
        action="membership.bulk_undone" if undone else "membership.bulk",
        kind="community",
        object_id=locked.community_id,
        label=locked.community.name,
        changes={
            "bulk_act": ("", locked.act),
            "bulk_people": ("", locked.total),
            **{f"bulk_{name}": ("", count) for name, count in locked.outcomes.items()},
        },
        note=locked.reason,
        batch=None if undone else locked.batch,
    )
    if not undone:
        told = {"key": locked.pk}
        transaction.on_commit(lambda: tasks.tell.apply_async(kwargs=told, countdown=TELL_AFTER))
    following = (
        BulkAct.objects.filter(community=locked.community_id, state=State.QUEUED)
        .order_by("created_at", "pk")
        .first()
    )
    if following is not None:
        tasks.run.enqueue(key=following.pk)


def _entries(act: BulkAct) -> QuerySet[AuditEntry]:
    """Lines about people that the act wrote and that are still to be gone through."""
    return AuditEntry.objects.filter(
        batch=act.batch, subject__isnull=False, pk__gt=act.at_entry
    ).order_by("pk")


# --- undoing it -----------------------------------------------------------------------------------
def act_run_back(key: int) -> None:
    """Undo an act to its end."""
    claimed = _claim_back(key)
    while claimed is not None and _chunk_back(claimed):
        pass


def _claim_back(key: int) -> BulkAct | None:
    with transaction.atomic():
        mine = (
            BulkAct.objects.select_for_update(of=("self",))
            .filter(pk=key, state=State.UNDOING, claim=None)
            .first()
        )
        if mine is None:
            return None
        mine.claim, mine.touched_at = uuid.uuid4(), timezone.now()
        mine.attempts += 1
        mine.save(update_fields=["claim", "touched_at", "attempts"])
        return mine


def _chunk_back(claimed: BulkAct) -> bool:
    with transaction.atomic():
        locked = _locked(claimed, State.UNDOING)
        if locked is None:
            return False
        entries = list(_entries(locked)[:CHUNK])
        if not entries or locked.by is None:
            _end(locked, State.UNDONE)
            return False
        back = memberships_move_back(community=locked.community, entries=entries, by=locked.by)
        locked.outcomes = dict(Counter(locked.outcomes) + Counter(undone=back))
        locked.at_entry = entries[-1].pk
        _mark(locked, locked.done + len(entries))
        return True


# --- telling people -------------------------------------------------------------------------------
def tell_next(key: int) -> bool:
    """Write to the next people whom an act concerned, unless it is undone; whether there are more.

    Whoever has become something else meanwhile is told of that, not of this.
    """
    with transaction.atomic():
        act = (
            BulkAct.objects.select_for_update(of=("self",))
            .filter(Q(state=State.DONE) | Q(state=State.STOPPED), pk=key)
            .select_related("community")
            .first()
        )
        if act is None:
            return False
        entries = list(_entries(act)[:TOLD_AT_ONCE])
        act.is_told, act.touched_at = True, timezone.now()
        act.at_entry = entries[-1].pk if entries else act.at_entry
        act.save(update_fields=["is_told", "touched_at", "at_entry"])
        rows = {
            row.account_id: row
            for row in Membership.objects.filter(
                community=act.community, account__in=[one.subject_id for one in entries]
            ).select_related("account", "community")
        }
        rules = community_settings()
        for entry in entries if act.community.is_active else ():
            row = rows.get(entry.subject_id or 0)
            if row is None:
                continue
            before, after = entry.changes.get("status", [row.status, row.status])
            made = row.is_moderator and entry.changes.get("role", ["", ""])[1] == row.role
            if row.status == after and is_told(before, after, made_moderator=made):
                again_at = may_ask_again_at(row, rules)
                tell_answer(row, was_member=before == "accepted", again_at=again_at)
        return bool(entries)


# --- what time takes up ---------------------------------------------------------------------------
def sweep(now: datetime) -> None:
    """Take up what a worker left behind; after three attempts, say that it was interrupted."""
    silent = now - SILENT_FOR
    with transaction.atomic():
        left = (
            BulkAct.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(AT_WORK | Q(state=State.QUEUED), touched_at__lt=silent)
            .select_related("community", "by")
            .order_by("pk")
        )
        for one in left:
            if one.attempts >= MAX_ATTEMPTS and one.state != State.QUEUED:
                _end(one, State.STOPPED)
                continue
            one.claim, one.touched_at = None, now
            if one.state == State.UNDOING:
                tasks.undo.enqueue(key=one.pk)
            else:
                one.state = State.QUEUED
                tasks.run.enqueue(key=one.pk)
            one.save(update_fields=["claim", "touched_at", "state"])
    untold = BulkAct.objects.filter(
        Q(state=State.DONE) | Q(state=State.STOPPED), touched_at__lt=silent
    )
    for one in untold.filter(ended_at__gt=now - timedelta(days=1)).order_by("pk"):
        if not one.is_told or _entries(one).exists():
            tasks.tell.enqueue(key=one.pk)
    BulkAct.objects.filter(created_at__lt=now - KEPT_FOR).exclude(AT_WORK).delete()

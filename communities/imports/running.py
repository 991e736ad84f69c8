"""Doing an import: five hundred rows at a time, each chunk with the mark of how far it is.

A chunk and its mark are one transaction: an import that is interrupted goes on after the last chunk
that was written, and a row is done once. « Tout ou rien » is one transaction for the whole file. A
worker that was thought dead finds its claim taken, and writes nothing more.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from communities.communities.models import Community
from communities.imports import access, groups, people, tasks
from communities.imports.models import Import, ImportRow
from communities.imports.services import audit, outcomes_of
from tenants.errors import PasserelleError

logger = logging.getLogger(__name__)
CHUNK: Final = 500
SILENT_FOR: Final = timedelta(minutes=2)
"""Without a sign of life for so long, a worker is thought dead."""
MAX_ATTEMPTS: Final = 3
State, Problem = Import.State, Import.Problem


class _Refused(Exception):
    """A row was refused after all."""


class _Closed(Exception):
    """The community was closed or deleted meanwhile."""


def import_run(key: int) -> None:
    """Do an import to its end, unless another of its community is under way: then it waits."""
    claimed = _claim(key)
    if claimed is None:
        return
    try:
        if claimed.mode == Import.Mode.ALL:
            with transaction.atomic():
                while _chunk(claimed):
                    pass
        else:
            while _chunk(claimed):
                pass
    except _Refused:
        _end(claimed, State.READING, Problem.ROWS)  # what is said of each row is no longer so
    except _Closed:
        _end(claimed, State.STOPPED, Problem.CLOSED)
    except (PasserelleError, DatabaseError, OSError) as error:  # anything else ``sweep`` takes up
        # Its words may hold an address: the type alone.
        logger.error("import %s stopped: %s", claimed.public_id, type(error).__name__)
        _end(claimed, State.STOPPED, Problem.ERROR)
    else:
        _end(claimed, State.DONE, "")


def _claim(key: int) -> Import | None:
    """Take the import, if it waits and nothing else runs in its community."""
    with transaction.atomic():
        asked = Import.objects.filter(pk=key).first()
        if asked is None:
            return None
        # Everything of this community that waits or runs, in one order: claims take turns.
        rivals = list(
            Import.objects.select_for_update()
            .filter(community=asked.community_id, state__in=[State.QUEUED, State.RUNNING])
            .order_by("pk")
        )
        mine = next((one for one in rivals if one.pk == key), None)
        if mine is None or mine.state != State.QUEUED:
            return None
        if any(one.state == State.RUNNING for one in rivals):
            return None  # whoever ends starts the next
        now = timezone.now()
        if not _may(mine):
            mine.state, mine.problem, mine.ended_at = State.STOPPED, Problem.ERROR, now
            mine.save()
            return None
        mine.state, mine.claim = State.RUNNING, uuid.uuid4()
        mine.attempts += 1
        mine.started_at = mine.started_at or now
        mine.touched_at = now
        mine.save()
        return mine


def _may(of: Import) -> bool:
    """Whether who started it may still import there: rights may have gone while it waited."""
    if of.by is None:
        return False
    if of.community_id is None:
        return access.can_import_communities(of.by)
    return access.communities_to_import_into(of.by).filter(pk=of.community_id).exists()


def _chunk(claimed: Import) -> bool:
    """Do the next rows; whether there were any."""
    with transaction.atomic():
        if claimed.community_id is not None:
            # Community first, as every act on its members does.
            open_ones = Community.objects.filter(pk=claimed.community_id, is_active=True)
            if open_ones.select_for_update(no_key=True).first() is None:
                raise _Closed
        of = Import.objects.select_for_update(of=("self",)).select_related("community", "by")
        locked = of.filter(pk=claimed.pk, state=State.RUNNING, claim=claimed.claim).first()
        if locked is None:
            return False
        rows = list(ImportRow.objects.filter(of=locked, number__gt=locked.at_row)[:CHUNK])
        if not rows:
            return False
        before = {row.pk: _said(row) for row in rows}
        if locked.kind == Import.Kind.MEMBERS:
            told = people.apply(locked, rows)
            if told:
                tasks.tell.enqueue(keys=told)
        else:
            groups.apply(locked, rows)
        if locked.mode == Import.Mode.ALL and any(row.outcome == "refused" for row in rows):
            raise _Refused
        _write(rows, before)
        locked.outcomes = outcomes_of(locked, rows)
        locked.done += len(rows)
        locked.at_row = rows[-1].number
        locked.touched_at = timezone.now()
        locked.save(update_fields=["outcomes", "done", "at_row", "touched_at"])
        return True


def _said(row: ImportRow) -> tuple[str, str, str]:
    return row.verdict, row.reason, row.detail


def _write(rows: Sequence[ImportRow], before: Mapping[int, tuple[str, str, str]]) -> None:
    """Write outcomes, by outcome; and the few verdicts that are no longer what they were."""
    by_outcome: dict[str, list[int]] = {}
    for row in rows:
        by_outcome.setdefault(row.outcome, []).append(row.pk)
    for outcome, keys in by_outcome.items():
        ImportRow.objects.filter(pk__in=keys).update(outcome=outcome)
    changed = [row for row in rows if _said(row) != before[row.pk]]
    if changed:
        ImportRow.objects.bulk_update(changed, ["verdict", "reason", "detail"])


def _end(claimed: Import, state: str, problem: str) -> None:
    """Write how it ended, send what it has to send, and let the next of its community begin."""
    with transaction.atomic():
        locked = (
            Import.objects.select_for_update(of=("self",))
            .select_related("community", "by")
            .filter(pk=claimed.pk, state=State.RUNNING, claim=claimed.claim)
            .first()
        )
        if locked is None:
            return
        locked.state, locked.problem, locked.claim = state, problem, None
        locked.ended_at = timezone.now()
        locked.save()
        if state == State.DONE:
            audit(locked, "import.done", locked.by)
        elif state == State.READING:
            tasks.read.enqueue(key=locked.pk)
        tasks.invite.enqueue()
        following = (
            Import.objects.filter(community=locked.community_id, state=State.QUEUED)
            .order_by("touched_at", "pk")
            .first()
        )
        if following is not None:
            tasks.run.enqueue(key=following.pk)


def sweep(now: datetime) -> None:
    """Take up what a worker left behind; after three attempts, say where it stopped."""
    silent = now - SILENT_FOR
    with transaction.atomic():
        left = Import.objects.select_for_update(skip_locked=True).filter(
            state__in=[State.READING, State.QUEUED, State.RUNNING], touched_at__lt=silent
        )
        for one in left.order_by("pk"):
            one.touched_at = now
            if one.state == State.READING:
                tasks.read.enqueue(key=one.pk)
            elif one.state == State.QUEUED:
                tasks.run.enqueue(key=one.pk)
            elif one.attempts < MAX_ATTEMPTS:
                one.state, one.claim = State.QUEUED, None
                tasks.run.enqueue(key=one.pk)
            else:
                one.state, one.problem, one.claim = State.STOPPED, Problem.INTERRUPTED, None
                one.ended_at = now
            one.save()

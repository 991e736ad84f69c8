"""Mergers and splits as the platform's team carries them out: looked at, confirmed, done, told.

The page and the command both end here. All need the platform's scope, or enter it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.territories import tasks
from regions.territories.changes import Problem, TerritoryError, changes_problems
from regions.territories.models import TerritoryMove
from regions.territories.moves import Moved, territories_move
from tenants.context import platform_scope
from tenants.models import Tenant

REASON: Final = "the platform's team moves territories"
STILL: Final = dt.timedelta(minutes=2)
"""Without a sign of life for so long, a task is taken for lost."""
State = TerritoryMove.State


def move_plan(
    *,
    kind: str,
    changes: Sequence[tuple[str, str]],
    since: dt.date,
    note: str = "",
    operator: int | None = None,
) -> TerritoryMove:
    """Keep a correspondence and have a task look what it would move. Raises ``TerritoryError``."""
    made = _make(kind, changes, since, note, operator, State.PREPARING)
    tasks.prepare.enqueue(public_id=str(made.public_id))
    return made


def move_prepare(public_id: UUID) -> None:
    """Look what would move in each region; nothing is written there."""
    _work(public_id, State.PREPARING, State.PREPARED, dry_run=True)


def move_confirm(*, move: TerritoryMove) -> None:
    """Have a task do it. Raises ``TerritoryError``: ``territory_busy``, ``territory_settled``."""
    _start(move, State.PREPARED)
    tasks.run.enqueue(public_id=str(move.public_id))


def move_give_up(*, move: TerritoryMove) -> None:
    """Forget about it; nothing has moved. Raises ``TerritoryError`` (``territory_settled``)."""
    with platform_scope(reason=REASON):
        rows = TerritoryMove.objects.filter(pk=move.pk, state=State.PREPARED)
        if not rows.update(state=State.GIVEN_UP, touched_at=timezone.now()):
            raise _settled()


def move_resume(*, move: TerritoryMove) -> None:
    """Go on where it was interrupted. Raises ``TerritoryError`` (``territory_settled``, …_busy)."""
    if move.state == State.FAILED:
        if not move.preview and not move.report:
            raise _settled()
        _start(move, State.FAILED)
    elif not (move.is_busy and can_resume(move)):
        raise _settled()
    task = tasks.prepare if move.state == State.PREPARING else tasks.run
    task.enqueue(public_id=str(move.public_id))


def can_resume(move: TerritoryMove) -> bool:
    """Whether a task that worked on it was lost, or has failed on the way."""
    if move.state == State.FAILED:
        return bool(move.preview or move.report)
    return move.is_busy and timezone.now() - move.touched_at > STILL


def move_run(public_id: UUID) -> None:
    """Do it in each region; done again after an interruption, the rest moves."""
    _work(public_id, State.MOVING, State.MOVED, dry_run=False)


def move_now(
    *, kind: str, changes: Sequence[tuple[str, str]], since: dt.date, note: str = ""
) -> list[Moved]:
    """Do it at once, for the command, and keep it in the journal. Raises ``TerritoryError``."""
    made = _make(kind, changes, since, note, None, State.PREPARED)
    _start(made, State.PREPARED)
    move_run(made.public_id)
    with platform_scope(reason=REASON):
        made.refresh_from_db()
    return [Moved(region, what, rows) for region, what, rows in made.report]


def _make(
    kind: str,
    changes: Sequence[tuple[str, str]],
    since: dt.date,
    note: str,
    operator: int | None,
    state: str,
) -> TerritoryMove:
    with platform_scope(reason=REASON):
        problems = changes_problems(kind, changes, since)
        if problems:
            raise TerritoryError(problems)
        return TerritoryMove.objects.create(
            kind=kind,
            changes=[list(pair) for pair in changes],
            since=since,
            note=note[:200],
            operator=operator,
            state=state,
        )


def _start(move: TerritoryMove, state: str) -> None:
    """From a state to ``moving``, one at a time."""
    try:
        with platform_scope(reason=REASON), transaction.atomic():
            rows = TerritoryMove.objects.filter(pk=move.pk, state=state)
            if not rows.update(state=State.MOVING, done=0, failure="", touched_at=timezone.now()):
                raise _settled()
    except IntegrityError as error:
        said = _("Another move of territories is under way: wait until it is done.")
        raise TerritoryError([Problem(0, "territory_busy", said)]) from error
    move.state = State.MOVING


def _settled() -> TerritoryError:
    said = _("This move has been confirmed or given up meanwhile.")
    return TerritoryError([Problem(0, "territory_settled", said)])


def _work(public_id: UUID, state: str, then: str, *, dry_run: bool) -> None:
    with platform_scope(reason=REASON):
        row = TerritoryMove.objects.filter(public_id=public_id, state=state).first()
        if row is None:
            return
        row.regions, row.done = Tenant.objects.count(), 0
        row.save(update_fields=["regions", "done", "touched_at"])
    told: list[list[object]] = [] if dry_run else list(row.report)

    def seen(number: int, moved: list[Moved]) -> None:
        told.extend([one.region, one.what, one.rows] for one in moved)
        row.done = number
        with platform_scope(reason=REASON):
            if dry_run:
                row.preview = told
            else:
                row.report = told
            row.save(update_fields=["done", "preview", "report", "touched_at"])

    try:
        territories_move(
            kind=row.kind,
            changes=row.pairs,
            since=row.since,
            note=row.note,
            dry_run=dry_run,
            seen=seen,
        )
    except Exception as error:
        row.state = State.FAILED
        row.failure = str(error.message) if isinstance(error, TerritoryError) else ""
        with platform_scope(reason=REASON):
            row.save(update_fields=["state", "failure", "touched_at"])
        raise
    row.state = then
    with platform_scope(reason=REASON):
        row.save(update_fields=["state", "touched_at"])

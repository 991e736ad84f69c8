"""Moving thousands of people at once, as one click on each would.

What is written and who may be moved follow the rules of one (``moves``): the same fields, the same
line of history about each person, the last moderator stays. A few statements do a thousand people.
Whoever calls writes to people, once it can no longer be undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from communities.communities import moves
from communities.communities.consents import consents_end, consents_restore
from communities.communities.memberships import community_open
from communities.communities.models import Community, Membership
from communities.communities.watchers import communities_changed
from core.accounts.models import Account
from core.audit.models import AuditEntry
from core.audit.services import record_about

Status, Role, Through = Membership.Status, Membership.Role, Membership.Through
DONE, NOTHING, GONE, LAST = "done", "nothing", "gone", "last_moderator"
"""How it ended for somebody: moved, there already, left meanwhile, the only one who runs it."""
UNDONE: Final = "membership.undone"


class _Was(NamedTuple):
    status: str
    role: str
    through: str


@transaction.atomic
def memberships_move(
    *,
    community: Community,
    keys: Sequence[int],
    act: str,
    by: Account,
    reason: str = "",
    batch: UUID,
) -> Counter[str]:
    """Bring memberships (by key) of a community to where an act of ``moves.ACTS`` brings them.

    Returns how many ended how. Memberships of another community are as if they did not exist.
    """
    community_open(community.pk)
    wanted = moves.ACTS[act]
    rows = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(community=community, pk__in=keys)
        .order_by("pk")
        .only("status", "role", "through", "account_id")
    )
    ended = Counter[str]({GONE: len(set(keys)) - len(rows)})
    running = moves.active_moderators(community.pk)
    alike: dict[_Was, list[Membership]] = defaultdict(list)
    for row in rows:
        if wanted.is_done(row.status, row.role):
            ended[NOTHING] += 1
        elif row.status == Status.LEFT:
            ended[GONE] += 1
        elif act != "moderator" and row.is_moderator and not running - {row.pk}:
            ended[LAST] += 1
        else:
            running.discard(row.pk)
            alike[_Was(row.status, row.role, row.through)].append(row)
            ended[DONE] += 1
    for was, group in alike.items():
        _move(community, was, group, wanted, by=by, reason=reason, batch=batch)
    if alike:
        communities_changed(community)
    return +ended


def _move(
    community: Community,
    was: _Was,
    group: Sequence[Membership],
    wanted: moves.Act,
    *,
    by: Account,
    reason: str,
    batch: UUID,
) -> None:
    """Move people who stand alike: one statement for them, one for their lines of history."""
    accepted, now = wanted.status == Status.ACCEPTED, timezone.now()
    through = Through.MODERATOR if accepted and was.status != Status.ACCEPTED else was.through
    fields = moves.fields_of(
        was.status,
        status=wanted.status,
        role=wanted.role,
        through=through,
        reason=reason,
        now=now,
    )
    keys = [row.pk for row in group]
    Membership.objects.filter(pk__in=keys).update(**fields, answered_by=by)
    if wanted.status in {Status.REFUSED, Status.LEFT}:
        consents_end(keys, now)
    record_about(
        actor=by,
        action=moves.action_of(was.status, wanted.status, through if accepted else ""),
        kind="community",
        object_id=community.pk,
        label=community.name,
        subjects=[row.account_id for row in group],
        changes={"status": (was.status, wanted.status), "role": (was.role, wanted.role)},
        note=str(fields.get("reason", "")) if wanted.status == Status.REFUSED else "",
        batch=batch,
    )


# --- undoing --------------------------------------------------------------------------------------
@transaction.atomic
def memberships_move_back(
    *, community: Community, entries: Sequence[AuditEntry], by: Account
) -> int:
    """Bring back those whom lines of history of one act are about; return how many.

    Whoever has changed since stays as they are, and so does the last moderator.
    """
    community_open(community.pk)
    rows = {
        row.account_id: row
        for row in Membership.objects.select_for_update(of=("self",))
        .filter(community=community, account__in=[entry.subject_id for entry in entries])
        .order_by("pk")
        .only("status", "role", "account_id", "left_at", "refused_at")
    }
    running = moves.active_moderators(community.pk)
    alike: dict[tuple[str, str, str, str], list[Membership]] = defaultdict(list)
    for entry in entries:
        row = rows.get(entry.subject_id or 0)
        pairs: dict[str, list[Any]] = entry.changes
        if row is None or any(getattr(row, name) != pair[1] for name, pair in pairs.items()):
            continue
        status = pairs.get("status", [row.status])[0]
        role = pairs.get("role", [row.role])[0]
        if (status, role) == (Status.ACCEPTED, Role.MODERATOR):
            pass
        elif row.is_moderator and not running - {row.pk}:
            continue
        else:
            running.discard(row.pk)
        alike[row.status, row.role, status, role].append(row)
    now = timezone.now()
    for (old_status, old_role, status, role), group in alike.items():
        fields = moves.fields_undone(status, role, now)
        Membership.objects.filter(pk__in=[row.pk for row in group]).update(**fields)
        if status in {Status.ACCEPTED, Status.PENDING}:
            consents_restore({row.pk: row.left_at or row.refused_at for row in group})
        record_about(
            actor=by,
            action=UNDONE,
            kind="community",
            object_id=community.pk,
            label=community.name,
            subjects=[row.account_id for row in group],
            changes={"status": (old_status, status), "role": (old_role, role)},
        )
    if alike:
        communities_changed(community)
    return sum(len(group) for group in alike.values())

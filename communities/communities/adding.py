"""« Ajouter un membre » for many people at once, as an import does.

Each becomes what ``membership_add`` would make of them, with the same line of history; thousands
take a few statements. Who tells them is the caller's choice: ``told`` are the new members.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from communities.communities.memberships import community_open, membership_add
from communities.communities.models import Community, Membership
from communities.communities.watchers import communities_changed
from core.accounts.models import Account
from core.audit.services import record_about

Status, Role, Through = Membership.Status, Membership.Role, Membership.Through


@transaction.atomic
def members_add(
    *,
    community: Community,
    people: Mapping[int, str],
    by: Account | None,
    batch: UUID | None = None,
) -> list[int]:
    """Add accounts (by key) as ``member``, ``moderator`` or ``pending``; twice is once.

    Returns the memberships of those who have just been added at once and are still to be told.
    Whoever has a membership already (left, waiting, refused) goes through ``membership_add``, which
    tells them; ``pending`` changes nothing for them unless they had left.
    """
    if not people:
        return []
    community_open(community.pk)
    own = Membership.objects.filter(community=community, account__in=people)
    before = {row.account_id: row for row in own.select_related("account")}
    now = timezone.now()
    Membership.objects.bulk_create(
        (
            _made(community, account, standing, by, now)
            for account, standing in people.items()
            if account not in before
        ),
        # Joining takes no lock: somebody may have come in by themselves at this very moment.
        ignore_conflicts=True,
        batch_size=1000,
    )
    added = own.exclude(account__in=before).filter(joined_at=now, answered_by=by)
    made = dict(added.values_list("account_id", "pk"))
    for action, wanted in (("membership.added", False), ("membership.waiting", True)):
        record_about(
            actor=by,
            action=action,
            kind="community",
            object_id=community.pk,
            label=community.name,
            subjects=[one for one in made if (people[one] == "pending") == wanted],
            batch=batch,
        )
    communities_changed(community)
    others = own.exclude(account__in=made).select_related("account")
    for row in others:
        standing = people[row.account_id]
        if standing != "pending":
            membership_add(
                community=community, account=row.account, by=by, role=standing, batch=batch
            )
        elif row.status == Status.LEFT:
            row.status, row.joined_at, row.left_at = Status.PENDING, now, None
            row.role, row.answered_by = Role.MEMBER, by
            row.save()
    return [pk for account, pk in made.items() if people[account] != "pending"]


def _made(
    community: Community, account: int, standing: str, by: Account | None, now: datetime
) -> Membership:
    waits = standing == "pending"
    return Membership(
        account_id=account,
        community=community,
        status=Status.PENDING if waits else Status.ACCEPTED,
        role=Role.MEMBER if waits else Role(standing),
        joined_at=now,
        accepted_at=None if waits else now,
        through="" if waits else Through.ADDED,
        answered_by=by,
    )

"""What moving somebody changes: one rule for one click and for a whole list.

``memberships`` writes one row, ``many`` thousands; both ask here what is written, so that the two
cannot come to differ.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from communities.communities.joining import MESSAGE_LENGTH
from communities.communities.models import Membership

Status, Role, Through = Membership.Status, Membership.Role, Membership.Through


class Act(NamedTuple):
    """Where an act of the console brings people."""

    status: Membership.Status
    role: Membership.Role
    keeps_role: bool = False
    """Whether somebody who is there already keeps the role that they have."""

    def is_done(self, status: str, role: str) -> bool:
        """Whether somebody is there already."""
        if self.status != Status.ACCEPTED or self.keeps_role:
            return status == self.status
        return (status, role) == (self.status, self.role)


ACTS: Final[dict[str, Act]] = {
    "accept": Act(Status.ACCEPTED, Role.MEMBER, keeps_role=True),
    "member": Act(Status.ACCEPTED, Role.MEMBER),
    "moderator": Act(Status.ACCEPTED, Role.MODERATOR),
    "pending": Act(Status.PENDING, Role.MEMBER),
    "refused": Act(Status.REFUSED, Role.MEMBER),
    "remove": Act(Status.LEFT, Role.MEMBER),
}
"""By the name that buttons and lists send."""

_ACTIONS: Final = {
    Status.ACCEPTED: "membership.accepted",
    Status.REFUSED: "membership.refused",
    Status.PENDING: "membership.waiting",
    Status.LEFT: "membership.removed",
}


def fields_of(
    before: str,
    *,
    status: Membership.Status,
    role: Membership.Role | None,
    through: str,
    reason: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the fields to write for somebody whose status was ``before``; no role: it stays."""
    fields: dict[str, Any] = {"status": status}
    if role is not None:
        fields["role"] = role
    if status == Status.ACCEPTED:
        if before != Status.ACCEPTED:
            fields["accepted_at"] = now
        fields |= {"through": through, "refused_at": None, "left_at": None, "reason": ""}
    elif status == Status.REFUSED:
        fields |= {"refused_at": now, "reason": reason.strip()[:MESSAGE_LENGTH]}
    elif status == Status.LEFT:
        fields["left_at"] = now
    return fields


def action_of(before: str, status: Membership.Status, through: str) -> str:
    """Return the action that the history tells."""
    if status == Status.ACCEPTED and before == Status.ACCEPTED:
        return "membership.role"
    return "membership.added" if through == Through.ADDED else _ACTIONS[status]


def is_told(before: str, status: str, *, made_moderator: bool = False) -> bool:
    """Whether the person is written to: they were refused, or became a member or a moderator."""
    return made_moderator or status == Status.REFUSED or (status == Status.ACCEPTED != before)


def fields_undone(status: str, role: str, now: datetime) -> dict[str, Any]:
    """Return the fields to write for somebody who is brought back to a status and a role."""
    fields: dict[str, Any] = {"status": status, "role": role}
    if status == Status.PENDING:
        fields["accepted_at"] = None
    elif status == Status.ACCEPTED:
        fields |= {"left_at": None, "refused_at": None}
    elif status == Status.LEFT:
        fields["left_at"] = now
    elif status == Status.REFUSED:
        fields["refused_at"] = now  # the acceptance took the day away: they may not ask at once
    return fields


def active_moderators(community_id: int) -> set[int]:
    """Return the memberships of those who run a community and whose account is active."""
    return set(
        Membership.objects.filter(
            community_id=community_id,
            status=Status.ACCEPTED,
            role=Role.MODERATOR,
            account__is_active=True,
        ).values_list("pk", flat=True)
    )

"""Writes about who belongs to a community: leaving, and what moderators decide.

Joining is in ``joining``. Every decision is taken under the community's lock and then the
membership's: a community always has a moderator.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from communities.communities import domains, moves, notices
from communities.communities.consents import consents_end, consents_restore
from communities.communities.errors import (
    CommunityDeletedError,
    LastModeratorError,
    MembershipChangedError,
)
from communities.communities.models import Community, Membership
from communities.communities.watchers import communities_changed
from core.accounts.models import Account
from core.audit.services import record

UNDO_FOR: Final = timedelta(minutes=10)
"""How long leaving can be undone as if it had not happened."""
ANSWER_AFTER: Final = 12
"""Seconds before the answer to an act of the console goes: longer than it can be undone."""

Status = Membership.Status
Role = Membership.Role
Through = Membership.Through
Validation = Community.Validation


# --- leaving --------------------------------------------------------------------------------------
@transaction.atomic
def membership_leave(*, account: Account, community: Community) -> Membership | None:
    """End the account's membership, or take its request back; ``None`` if there was neither.

    Leaving twice is leaving once. Raises ``LastModeratorError`` for the only moderator: the
    community's row is locked, so two moderators who leave at the same moment cannot both succeed.
    """
    membership = _locked(Q(account=account, community=community), community.pk)
    if membership is None or membership.status not in {Status.ACCEPTED, Status.PENDING}:
        return membership
    if membership.status == Status.PENDING and membership.answered_by_id is not None:
        # A moderator put them back to wait: that outlives the request (``joining`` reads it).
        membership.status, membership.left_at = Status.LEFT, timezone.now()
        membership.accepted_at = None
        membership.save(update_fields=["status", "left_at", "accepted_at"])
        consents_end([membership.pk], membership.left_at)
        return membership
    return _move(membership, Status.LEFT, Role.MEMBER, keep_role=True)


@transaction.atomic
def membership_restore(*, account: Account, community: Community) -> Membership | None:
    """Undo a leaving of the last ``UNDO_FOR``: role and dates are as before.

    Changes nothing when there is nothing to undo, nor for somebody whom the moderators removed;
    ``None`` if there never was a membership.
    """
    membership = _locked(Q(account=account, community=community), community.pk)
    if (
        membership is not None
        and membership.status == Status.LEFT
        and membership.left_at is not None
        and membership.accepted_at is not None
        and membership.answered_by_id in {None, account.pk}
        and timezone.now() - membership.left_at <= UNDO_FOR
    ):
        left_at = membership.left_at
        membership.status = Status.ACCEPTED
        membership.left_at = None
        membership.save(update_fields=["status", "left_at"])
        consents_restore({membership.pk: left_at})
        communities_changed(community)
    return membership


def can_leave(membership: Membership) -> bool:
    """Whether a member may leave: not the only active moderator, nor someone who is no member."""
    return membership.is_accepted and not is_last_moderator(membership)


def is_last_moderator(membership: Membership) -> bool:
    """Whether nobody else active runs the community; locks nothing."""
    if not membership.is_moderator:
        return False
    return not moves.active_moderators(membership.community_id) - {membership.pk}


# --- what moderators decide -----------------------------------------------------------------------
@transaction.atomic
def membership_accept(
    *, membership: Membership, by: Account | None, batch: UUID | None = None
) -> Membership:
    """Accept a request, or somebody who was refused, and tell them; twice is once.

    Raises ``MembershipChangedError`` for somebody who has left meanwhile.
    """
    locked = _required(membership)
    if locked.is_accepted:
        return locked
    return _move(
        locked, Status.ACCEPTED, Role.MEMBER, by=by, through=Through.MODERATOR, batch=batch
    )


@transaction.atomic
def membership_refuse(
    *,
    membership: Membership,
    by: Account | None,
    reason: str = "",
    batch: UUID | None = None,
) -> Membership:
    """Refuse a request, or end a membership, with a reason that the person reads; twice is once.

    Raises ``LastModeratorError``, and ``MembershipChangedError`` for somebody who has left.
    """
    locked = _required(membership)
    if locked.status == Status.REFUSED:
        return locked
    return _move(locked, Status.REFUSED, Role.MEMBER, by=by, reason=reason, batch=batch)


@transaction.atomic
def membership_wait(
    *, membership: Membership, by: Account | None, batch: UUID | None = None
) -> Membership:
    """Put somebody back among those who wait (« En attente »); twice is once.

    Raises ``LastModeratorError``, and ``MembershipChangedError`` for somebody who has left.
    """
    locked = _required(membership)
    if locked.status == Status.PENDING:
        return locked
    return _move(locked, Status.PENDING, Role.MEMBER, by=by, batch=batch)


@transaction.atomic
def membership_role_set(
    *, membership: Membership, role: str, by: Account | None, batch: UUID | None = None
) -> Membership:
    """Make somebody a moderator, or a plain member; accepts who was waiting or refused.

    Several moderators are welcome; raises ``LastModeratorError`` where none would be left, and
    ``MembershipChangedError`` for somebody who has left meanwhile.
    """
    locked = _required(membership)
    wanted = Role(role)
    if locked.is_accepted and locked.role == wanted:
        return locked
    through = locked.through if locked.is_accepted else Through.MODERATOR
    return _move(locked, Status.ACCEPTED, wanted, by=by, through=through, batch=batch)


@transaction.atomic
def membership_remove(
    *, membership: Membership, by: Account | None, batch: UUID | None = None
) -> Membership:
    """« Retirer »: end a membership or a request; twice is once. Raises ``LastModeratorError``."""
    locked = _locked(Q(pk=membership.pk), community_open(membership.community_id).pk)
    if locked is None or locked.status == Status.LEFT:
        return locked or membership
    return _move(locked, Status.LEFT, Role.MEMBER, by=by, batch=batch)


@transaction.atomic
def membership_add(
    *,
    community: Community,
    account: Account,
    by: Account | None,
    role: str = Role.MEMBER,
    batch: UUID | None = None,
) -> Membership:
    """« Ajouter un membre »: at once, whatever the validation; who is one stays as they are."""
    community_open(community.pk)
    now = timezone.now()
    membership, made = Membership.objects.select_for_update(of=("self",)).get_or_create(
        account=account,
        community=community,
        defaults={
            "status": Status.ACCEPTED,
            "role": Role(role),
            "joined_at": now,
            "accepted_at": now,
            "through": Through.ADDED,
            "answered_by": by,
        },
    )
    if made:
        _audit(membership, "membership.added", by, {}, batch=batch)
        _answer(membership, was_member=False, undoable=batch is not None)
        communities_changed(community)
        return membership
    if membership.is_accepted:
        return membership
    if membership.status != Status.PENDING:
        membership.joined_at = now
    return _move(membership, Status.ACCEPTED, Role(role), by=by, through=Through.ADDED, batch=batch)


def community_open(community_id: int) -> Community:
    """Lock a community and return it; raise ``CommunityDeletedError`` for one that was deleted.

    It comes back exactly as it was, or not at all: nobody is moved in it meanwhile.
    """
    found = Community.objects.select_for_update(no_key=True).get(pk=community_id)
    if found.deleted_at is not None:
        raise CommunityDeletedError
    return found


def _locked(which: Q, community_id: int) -> Membership | None:
    """One membership, locked after its community; in this order everywhere."""
    Community.objects.select_for_update(no_key=True).get(pk=community_id)
    return Membership.objects.select_for_update(of=("self",)).filter(which).first()


def _required(membership: Membership) -> Membership:
    found = _locked(Q(pk=membership.pk), community_open(membership.community_id).pk)
    if found is None or found.status == Status.LEFT:
        raise MembershipChangedError
    return found


def _move(
    membership: Membership,
    status: Membership.Status,
    role: Membership.Role,
    *,
    by: Account | None = None,
    through: str = "",
    reason: str = "",
    keep_role: bool = False,
    batch: UUID | None = None,
) -> Membership:
    """Bring a locked membership to a state, with its dates, and tell the person what it means.

    Raises ``LastModeratorError`` when no active moderator would be left.
    """
    if (status != Status.ACCEPTED or role != Role.MODERATOR) and is_last_moderator(membership):
        raise LastModeratorError
    was = {"status": membership.status, "role": membership.role}
    before, now = membership.status, timezone.now()
    fields = moves.fields_of(
        before,
        status=status,
        role=None if keep_role else role,
        through=through,
        reason=reason,
        now=now,
    )
    for name, value in fields.items():
        setattr(membership, name, value)
    membership.answered_by = by
    membership.save()
    if status in {Status.REFUSED, Status.LEFT}:
        consents_end([membership.pk], now)
    communities_changed(membership.community)
    if by is not None:  # people's own acts are no one else's history
        changes = {
            "status": (was["status"], membership.status),
            "role": (was["role"], membership.role),
        }
        action = moves.action_of(before, status, through)
        note = membership.reason if status == Status.REFUSED else ""
        _audit(membership, action, by, changes, note=note, batch=batch)
    # Without a batch an election or an offer names them, and tells everybody.
    made = batch is not None and membership.is_moderator and was["role"] != Role.MODERATOR
    if moves.is_told(before, status, made_moderator=made):
        _answer(membership, was_member=before == Status.ACCEPTED, undoable=batch is not None)
    return membership


def _answer(membership: Membership, *, was_member: bool, undoable: bool) -> None:
    """Tell the person once this commits; what a click may undo is told when it no longer may."""
    from communities.communities.tasks import answer

    told = {
        "membership": membership.pk,
        "status": str(membership.status),
        "was_member": was_member,
    }
    wait = ANSWER_AFTER if undoable else 0
    transaction.on_commit(lambda: answer.apply_async(kwargs=told, countdown=wait))


def _audit(
    membership: Membership,
    action: str,
    by: Account | None,
    changes: dict[str, tuple[Any, Any]],
    *,
    note: str = "",
    batch: UUID | None = None,
) -> None:
    """Write a line in the community's history, about the person."""
    record(
        actor=by,
        action=action,
        kind="community",
        object_id=membership.community_id,
        label=membership.community.name,
        subject=membership.account,
        changes=changes,
        note=note,
        batch=batch,
    )


# --- a verified address changed -------------------------------------------------------------------
def email_verified(account: Account) -> None:
    """Look again at the memberships that follow from the domain of the account's address.

    Those that its verified addresses no longer open wait for a moderator (a moderator's own stays:
    they were trusted by name); those that wait for this reason and are open again are accepted.
    """
    rows = Membership.objects.filter(
        account=account,
        through=Through.DOMAIN,
        status__in=[Status.ACCEPTED, Status.PENDING],
        community__validation=Validation.DOMAIN,
    )
    for one in rows.order_by("community_id", "pk"):
        with transaction.atomic():
            locked = _locked(Q(pk=one.pk), one.community_id)
            if locked is None or locked.role == Role.MODERATOR:
                continue
            allowed = domains.is_allowed(account, locked.community)
            if locked.is_accepted and not allowed:
                locked.status = Status.PENDING
                locked.save(update_fields=["status"])
                communities_changed(locked.community)
                notices.tell_checked_again(locked)
                notices.tell_moderators(locked)
            elif locked.status == Status.PENDING and allowed:
                _move(locked, Status.ACCEPTED, Role.MEMBER, through=Through.DOMAIN)

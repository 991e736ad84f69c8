"""Passing a community on: members come forward, vote once each, and the region may decide.

Everything is decided under the community's lock, then the hand-over's.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from communities.communities.memberships import membership_role_set
from communities.communities.models import Community, Membership
from communities.lifecycle import tasks
from communities.lifecycle.archives import community_archive, wake
from communities.lifecycle.errors import NotACandidateError, VoteClosedError
from communities.lifecycle.locks import electors, locked, note, runners, standing_of
from communities.lifecycle.models import Candidate, HandOver, Vote
from communities.lifecycle.rules import lifecycle_rules
from core.accounts.models import Account

Cause, Status = HandOver.Cause, HandOver.Status
WORDS_LENGTH = 500


# --- opening --------------------------------------------------------------------------------------
@transaction.atomic
def handover_open(
    *,
    community: Community,
    cause: str,
    by: Account | None = None,
    leaving: Account | None = None,
    now: datetime | None = None,
) -> HandOver | None:
    """Ask the members who takes over; the open vote when there is one already.

    Where nobody is left to ask, the community is archived and ``None`` returned. ``leaving`` is
    somebody whose account goes in this transaction.
    """
    row = locked(community)
    if not row.is_active:
        return None
    current = HandOver.objects.filter(community=row, status=Status.OPEN).first()
    if current is not None:
        return current
    if not electors(row, leaving=leaving).exists():
        community_archive(community=row, by=by, now=now)
        return None
    moment = now or timezone.now()
    handover = HandOver.objects.create(
        community=row,
        cause=Cause(cause),
        opened_at=moment,
        closes_at=moment + timedelta(days=lifecycle_rules().vote_days),
    )
    note(row, "community.vote_opened", by=by)
    tasks.tell_vote.enqueue(handover=handover.pk)
    return handover


def moderator_gone(account: Account, *, deleted: bool) -> None:
    """Ask the members of each community that the account alone ran.

    Called in the transaction that suspends or deletes the account.
    """
    rows = Membership.objects.filter(
        account=account,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        community__is_active=True,
    )
    for row in rows.select_related("community").order_by("community_id"):
        community = locked(row.community)
        # Suspended people do not count already; who deletes their account still does.
        if not runners(community, leaving=account).exists():
            handover_open(
                community=community, cause=Cause.GONE, leaving=account if deleted else None
            )


# --- what members do ------------------------------------------------------------------------------
@transaction.atomic
def candidate_stand(*, handover: HandOver, account: Account, words: str = "") -> Candidate:
    """Come forward, or change one's words; again after withdrawing. Raises ``VoteClosedError``."""
    row = _open(handover)
    _required_elector(row, account)
    candidate, _made = Candidate.objects.update_or_create(
        handover=row,
        account=account,
        defaults={"words": words.strip()[:WORDS_LENGTH], "withdrew_at": None},
        create_defaults={"words": words.strip()[:WORDS_LENGTH], "came_at": timezone.now()},
    )
    return candidate


@transaction.atomic
def candidate_withdraw(*, handover: HandOver, account: Account) -> None:
    """Stand back; votes for the person no longer count. Twice is once. ``VoteClosedError``."""
    row = _open(handover)
    Candidate.objects.filter(handover=row, account=account, withdrew_at=None).update(
        withdrew_at=timezone.now()
    )


@transaction.atomic
def vote_cast(*, handover: HandOver, voter: Account, candidate: int) -> Vote:
    """Choose somebody; a member has one vote, which may change until the end.

    ``candidate`` is the key of a candidate. Raises ``VoteClosedError``, ``NotACandidateError``.
    """
    row = _open(handover)
    _required_elector(row, voter)
    chosen = Candidate.objects.filter(
        handover=row,
        pk=candidate,
        withdrew_at=None,
        account__in=electors(row.community).order_by().values("account"),
    ).first()
    if chosen is None:
        raise NotACandidateError
    vote, _made = Vote.objects.update_or_create(
        handover=row, voter=voter, defaults={"candidate": chosen, "cast_at": timezone.now()}
    )
    return vote


# --- ending ---------------------------------------------------------------------------------------
def tally(handover: HandOver) -> list[tuple[Candidate, int]]:
    """Return the candidates who may win with their votes, the winner first.

    Only votes of people who are members now count. A tie goes to the earliest member.
    """
    members = {row.account_id: row for row in electors(handover.community)}
    votes = Counter(
        chosen
        for voter, chosen in Vote.objects.filter(handover=handover).values_list(
            "voter_id", "candidate_id"
        )
        if voter in members
    )
    rows = Candidate.objects.filter(handover=handover, withdrew_at=None).select_related("account")
    rank = {account: place for place, account in enumerate(members)}  # earliest first
    found = [(one, votes[one.pk]) for one in rows if one.account_id in members]
    return sorted(found, key=lambda pair: (-pair[1], rank[pair[0].account_id]))


@transaction.atomic
def handover_close(*, handover: HandOver, now: datetime | None = None) -> HandOver:
    """End a vote whose time is over: the winner runs the community; before, and twice, nothing.

    Without a candidate the community is archived, unless somebody runs it again.
    """
    moment = now or timezone.now()
    community = locked(handover.community)
    row = HandOver.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if not row.is_open or row.closes_at > moment:
        return row
    ranked = tally(row)
    if ranked:
        winner, votes = ranked[0]
        _hand_to(row, community, winner.account, Status.ELECTED, moment)
        note(
            community,
            "community.elected",
            by=None,
            subject=winner.account,
            changes={"votes": (None, votes)},
        )
        return row
    runs = row.cause == Cause.GONE and runners(community).exists()
    row.status = Status.CANCELLED if runs else Status.FRUITLESS
    row.closed_at = moment
    row.save(update_fields=["status", "closed_at"])
    if not runs:
        community_archive(community=community, now=moment)
    return row


@transaction.atomic
def handover_decide(*, community: Community, membership: Membership, by: Account) -> Membership:
    """Name a moderator in the members' place; ends a vote that is open. Twice is once.

    Raises ``MembershipChangedError`` for somebody who has left meanwhile.
    """
    row = locked(community)
    named = membership_role_set(membership=membership, role=Membership.Role.MODERATOR, by=by)
    current = HandOver.objects.select_for_update(of=("self",)).filter(
        community=row, status=Status.OPEN
    )
    moment = timezone.now()
    for handover in current:
        _hand_to(handover, row, named.account, Status.DECIDED, moment)
    wake(standing_of(row), now=moment)
    return named


def _hand_to(
    handover: HandOver, community: Community, account: Account, status: str, moment: datetime
) -> None:
    membership = Membership.objects.get(community=community, account=account)
    membership_role_set(membership=membership, role=Membership.Role.MODERATOR, by=None)
    handover.status, handover.winner, handover.closed_at = Status(status), account, moment
    handover.save(update_fields=["status", "winner", "closed_at"])
    wake(standing_of(community), now=moment)
    tasks.tell_chosen.enqueue(handover=handover.pk)


def _open(handover: HandOver) -> HandOver:
    """Lock a hand-over after its community. Raises ``VoteClosedError`` unless it is open."""
    locked(handover.community)
    row = HandOver.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if not row.is_open or row.closes_at <= timezone.now():
        raise VoteClosedError
    return row


def _required_elector(handover: HandOver, account: Account) -> None:
    """Raise ``VoteClosedError`` for somebody who has left meanwhile."""
    if not electors(handover.community).filter(account=account).exists():
        raise VoteClosedError

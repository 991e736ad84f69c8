"""A moderator names a successor, who accepts or declines."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from communities.communities.errors import MembershipChangedError
from communities.communities.memberships import membership_role_set
from communities.communities.models import Community, Membership
from communities.lifecycle import notices
from communities.lifecycle.archives import wake
from communities.lifecycle.errors import OfferClosedError, OfferOpenError, SuccessorRefusedError
from communities.lifecycle.locks import electors, locked, note, runners, standing_of
from communities.lifecycle.models import Offer
from core.accounts.models import Account

Status, Role = Offer.Status, Membership.Role


@transaction.atomic
def offer_make(
    *, community: Community, by: Account, membership: int, steps_down: bool = False
) -> Offer:
    """Ask a member (the key of their membership) to run the community; the same one twice is once.

    ``steps_down``: ``by`` becomes a plain member once the person accepts. Raises
    ``SuccessorRefusedError`` and ``OfferOpenError``.
    """
    row = locked(community)
    chosen = electors(row).filter(pk=membership).exclude(role=Role.MODERATOR).first()
    if chosen is None or not runners(row).filter(account=by).exists():
        raise SuccessorRefusedError
    current = Offer.objects.filter(community=row, status=Status.OPEN).first()
    if current is not None:
        if current.successor_id == chosen.account_id:
            return current
        raise OfferOpenError
    offer = Offer.objects.create(
        community=row,
        offered_by=by,
        successor=chosen.account,
        steps_down=steps_down,
        offered_at=timezone.now(),
    )
    wake(standing_of(row))  # who looks for a successor answers
    note(row, "community.offer_made", by=by, subject=chosen.account)
    notices.tell_offer(offer)
    return offer


@transaction.atomic
def offer_withdraw(*, community: Community, by: Account) -> None:
    """Take the open offer back; nothing when there is none."""
    row = locked(community)
    open_ones = Offer.objects.filter(community=row, status=Status.OPEN)
    if open_ones.update(status=Status.WITHDRAWN, answered_at=timezone.now()):
        note(row, "community.offer_withdrawn", by=by)


@transaction.atomic
def offer_answer(*, offer: Offer, account: Account, accept: bool) -> Offer:
    """Accept or decline; the same answer twice is one. Raises ``OfferClosedError``.

    Who was asked and has left the community meanwhile can no longer accept:
    ``MembershipChangedError``.
    """
    community = locked(offer.community)
    row = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk, successor=account)
    wanted = Status.ACCEPTED if accept else Status.DECLINED
    if row.status == wanted:
        return row
    if row.status != Status.OPEN:
        raise OfferClosedError
    if accept:
        _take_over(row, community, account)
    row.status, row.answered_at = wanted, timezone.now()
    row.save(update_fields=["status", "answered_at"])
    action = "community.offer_accepted" if accept else "community.offer_declined"
    note(community, action, by=account)
    notices.tell_answer(row)
    return row


def _take_over(offer: Offer, community: Community, account: Account) -> None:
    own = electors(community).filter(account=account).first()
    if own is None:
        raise MembershipChangedError
    membership_role_set(membership=own, role=Role.MODERATOR, by=None)
    former = runners(community).filter(account=offer.offered_by).first()
    if offer.steps_down and former is not None:
        membership_role_set(membership=former, role=Role.MEMBER, by=None)
    wake(standing_of(community))

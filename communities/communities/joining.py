"""The one way in: the page, the invitation link, the registration and the API call it.

No other rule of joining exists.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from communities.communities import domains, identifiers, notices
from communities.communities.consents import consents_set
from communities.communities.errors import DomainNotAllowedError, JoinRefusedError
from communities.communities.models import Community, Membership
from communities.communities.validation import CommunitySettings, community_settings
from communities.communities.watchers import communities_changed
from core.accounts.models import Account

MESSAGE_LENGTH: Final = 500

Status = Membership.Status
Role = Membership.Role
Through = Membership.Through
Validation = Community.Validation


def membership_join(
    *,
    account: Account,
    community: Community,
    message: str = "",
    identifier: str = "",
    accepts_mails: bool = False,
    shows_address: bool = False,
) -> Membership:
    """Make the account a member, or make its request wait, by the community's validation.

    ``message`` goes with a request to the moderators; ``identifier`` is asked for by secured
    validation; ``accepts_mails`` and ``shows_address`` are what they allow those who run it
    (``consents``), kept when this makes them a member or a request. Joining twice, or at the same
    moment, is joining once; asking twice is asking once. Someone who had left begins anew, as a
    plain member. Raises ``JoinRefusedError`` before the region's delay after a refusal,
    ``DomainNotAllowedError``, ``IdentifierRefusedError`` and ``TooManyTriesError``.
    """
    rule = Community.objects.values_list("validation", flat=True).get(pk=community.pk)
    known = Membership.objects.filter(account=account, community=community).first()
    if known is not None:
        if known.is_accepted or _waits(known):
            return known
        _require_no_refusal(known)
    if rule == Validation.SECURED:
        # On its own: the try stays counted when what follows is rolled back.
        identifiers.try_count(account=account, community=community)
    with transaction.atomic():
        through = _admitted(rule, account, community, identifier)
        if known is not None and _was_waiting(known):
            through = ""
        now = timezone.now()
        values: dict[str, Any] = {
            "status": Status.ACCEPTED if through else Status.PENDING,
            "role": Role.MEMBER,
            "joined_at": now,
            "accepted_at": now if through else None,
            "refused_at": None,
            "left_at": None,
            "through": through,
            "message": "" if through else message.strip()[:MESSAGE_LENGTH],
            "reason": "",
            "answered_by": None,
        }
        membership, made = Membership.objects.select_for_update(of=("self",)).get_or_create(
            account=account, community=community, defaults=values
        )
        if not made:
            if membership.is_accepted or _waits(membership):
                return membership
            _require_no_refusal(membership)
            for name, value in values.items():
                setattr(membership, name, value)
            membership.save()
        consents_set(membership=membership, mails=accepts_mails, address=shows_address)
        if not through:
            notices.tell_moderators(membership)
        else:
            communities_changed(community)
    return membership


def _admitted(rule: str, account: Account, community: Community, identifier: str) -> str:
    """How the account comes in at once; empty when it has to wait. Raises when it may not."""
    if rule == Validation.DOMAIN:
        if not domains.is_allowed(account, community):
            raise DomainNotAllowedError(domains.domains_of(community))
        return Through.DOMAIN
    if rule == Validation.SECURED:
        identifiers.identifier_claim(account=account, community=community, typed=identifier)
        return Through.IDENTIFIER
    return "" if rule == Validation.MODERATOR else Through.AUTOMATIC


def _waits(membership: Membership) -> bool:
    """Whether only a moderator can say yes now; a change of address can be mended by another."""
    return membership.status == Status.PENDING and membership.through != Through.DOMAIN


def may_ask_again_at(
    membership: Membership, rules: CommunitySettings | None = None
) -> datetime | None:
    """When a refused person may ask again, by the region's delay; None for who was not refused."""
    if membership.status != Status.REFUSED:
        return None
    since = membership.refused_at or membership.joined_at
    return since + timedelta(days=(rules or community_settings()).ask_again_days)


def _require_no_refusal(membership: Membership) -> None:
    again_at = may_ask_again_at(membership)
    if again_at is not None and again_at > timezone.now():
        raise JoinRefusedError(again_at)


def _was_waiting(membership: Membership) -> bool:
    """Whether somebody took back a request that a moderator had in hand."""
    return (
        membership.status == Status.LEFT
        and membership.accepted_at is None
        and membership.answered_by_id not in {None, membership.account_id}
    )

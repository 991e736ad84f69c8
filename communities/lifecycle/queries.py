"""Reads of the life of communities that several faces share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from communities.communities.models import Community, Membership
from communities.lifecycle.handovers import tally
from communities.lifecycle.locks import electors
from communities.lifecycle.models import Candidate, Contact, HandOver, Offer, Standing, Vote
from core.accounts.models import Account
from core.accounts.queries import people_named

FOUND: Final = 20
"""People shown at once where somebody is to be chosen."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A hand-over as one member sees it: who stands, their own choice, how many have voted."""

    handover: HandOver
    candidates: list[Candidate]
    own: Candidate | None
    """The reader's candidacy, unless withdrawn."""
    choice: int | None
    """Key of the candidate whom the reader has chosen."""
    voters: int
    members: int


def handover_of(community: Community) -> HandOver | None:
    """Return the latest hand-over, open or not."""
    return HandOver.objects.filter(community=community).select_related("winner").first()


def offer_of(community: Community) -> Offer | None:
    """Return the offer that is open."""
    rows = Offer.objects.filter(community=community, status=Offer.Status.OPEN)
    return rows.select_related("successor", "offered_by").first()


def ballot_of(handover: HandOver, account: Account) -> Ballot:
    """Return what a member sees of an open vote: never who voted for whom."""
    candidates = list(
        Candidate.objects.filter(
            handover=handover,
            withdrew_at=None,
            account__in=electors(handover.community).order_by().values("account"),
        ).select_related("account")
    )
    own = [one for one in candidates if one.account_id == account.pk]
    choice = Vote.objects.filter(handover=handover, voter=account, candidate__in=candidates)
    return Ballot(
        handover=handover,
        candidates=candidates,
        own=own[0] if own else None,
        choice=choice.values_list("candidate", flat=True).first(),
        voters=voters_count(handover),
        members=electors(handover.community).count(),
    )


def voters_count(handover: HandOver) -> int:
    """Return how many members have voted."""
    return Vote.objects.filter(
        handover=handover, voter__in=electors(handover.community).order_by().values("account")
    ).count()


def results_of(handover: HandOver) -> list[tuple[Candidate, int]]:
    """Return the counts of a vote that is over; nothing while it lasts."""
    return [] if handover.is_open else tally(handover)


def members_found(community: Community, text: str) -> list[Membership]:
    """Return members who could run the community, by name; at most ``FOUND``."""
    rows = electors(community).exclude(role=Membership.Role.MODERATOR).select_related("account")
    if text:
        rows = people_named(rows, text, prefix="account__")
    return list(rows.order_by("account__last_name", "account__first_name", "pk")[:FOUND])


def contacts_of(community: Community) -> QuerySet[Contact]:
    """Return the contacts logged about a community, latest first, with who logged them."""
    return Contact.objects.filter(community=community).select_related("by")


def people_to_contact(community: Community) -> list[Account]:
    """Return those who run a community, or ran it and are still there; suspended ones too."""
    rows = Membership.objects.filter(community=community, role=Membership.Role.MODERATOR)
    return [row.account for row in rows.select_related("account").order_by("accepted_at", "pk")]


def in_question(communities: QuerySet[Community]) -> QuerySet[Community]:
    """Keep communities that are inactive, archived, or whose members are asked who takes over.

    Each row has ``last_sign``, ``warned`` (latest), ``vote_until`` and ``contacted`` (date).
    """
    votes = HandOver.objects.filter(community=OuterRef("pk"), status=HandOver.Status.OPEN)
    contacts = Contact.objects.filter(community=OuterRef("pk")).order_by("-on", "-pk")
    return (
        communities.filter(deleted_at__isnull=True)
        .annotate(vote_until=Subquery(votes.order_by().values("closes_at")[:1]))
        .filter(
            Q(standing__quiet_since__isnull=False)
            | Q(standing__archived_at__isnull=False)
            | Q(vote_until__isnull=False)
        )
        .annotate(
            last_sign=F("standing__last_sign_at"),
            warned=Coalesce("standing__warned_again_at", "standing__warned_at"),
            contacted=Subquery(contacts.values("on")[:1]),
        )
        .select_related("standing")
    )


def deleted(communities: QuerySet[Community]) -> QuerySet[Community]:
    """Keep communities that were deleted and can still be brought back."""
    return communities.filter(deleted_at__isnull=False)


def archived_of(account: Account) -> QuerySet[Community]:
    """Return the archived communities of which the account is a member, by name."""
    return Community.objects.filter(
        memberships__account=account,
        memberships__status=Membership.Status.ACCEPTED,
        is_active=False,
        deleted_at__isnull=True,
        standing__archived_at__isnull=False,
    ).order_by("name_key", "pk")


def asked_of(account: Account) -> list[tuple[Community, bool]]:
    """Return the communities where the account is asked something: (community, it is an offer)."""
    mine: Any = Membership.objects.filter(
        account=account, community=OuterRef("pk"), status=Membership.Status.ACCEPTED
    )
    offers = Offer.objects.filter(
        community=OuterRef("pk"), successor=account, status=Offer.Status.OPEN
    )
    votes = HandOver.objects.filter(community=OuterRef("pk"), status=HandOver.Status.OPEN)
    rows = (
        Community.objects.filter(Exists(mine), is_active=True)
        .annotate(offered=Exists(offers), voting=Exists(votes))
        .filter(Q(offered=True) | Q(voting=True))
        .order_by("name_key", "pk")
    )
    return [(row, row.offered) for row in rows]


def standing_of(community: Community) -> Standing | None:
    """Return where a community stands; ``None`` if nothing was ever noticed."""
    return Standing.objects.filter(community=community).first()

"""Writes about communities and memberships: every face calls these, and nothing else writes.

All are safe under double clicks and under two requests at once: they lock the one row that decides,
and repeating a call changes nothing. Locks are always taken community first, then membership.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from communities.communities import access, logos
from communities.communities.errors import (
    CommunityInvalidError,
    EmailNotVerifiedError,
    JoinRefusedError,
    LastModeratorError,
    SameNameError,
)
from communities.communities.models import Community, Membership
from core.accounts.models import Account
from regions.onboarding.queries import region_current
from regions.territories.names import fold
from regions.territories.queries import municipality_get

UNDO_FOR: Final = timedelta(minutes=10)
"""How long leaving can be undone as if it had not happened."""
RESERVED_SLUGS: Final = frozenset({"creer", "mes"})
"""First words of addresses under ``/communautes/`` that are pages of their own."""
_SLUG_LENGTH: Final = 60


@transaction.atomic
def community_create(
    *,
    creator: Account,
    name: str,
    kind: str,
    short_description: str,
    municipality_code: str,
    address: str = "",
    description: str = "",
    logo: logos.Upload | None = None,
    key: uuid.UUID | None = None,
    same_name_meant: bool = False,
) -> Community:
    """Make a community, with its creator as first moderator.

    ``address`` is a street or a place inside the municipality (INSEE code); ``key`` names the
    attempt: sent twice, the second call returns the community of the first. Raises
    ``EmailNotVerifiedError``, ``CommunityInvalidError``, ``LogoRefusedError``, and
    ``SameNameError`` when another active community has that name unless ``same_name_meant``.
    """
    if not access.can_create(creator):
        raise EmailNotVerifiedError
    # One creation at a time for one person: the second click waits, and finds the first's.
    Account.objects.select_for_update(no_key=True).get(pk=creator.pk)
    made = Community.objects.filter(public_id=key).first() if key is not None else None
    if made is not None:
        if made.created_by_id == creator.pk:
            return made
        key = None  # someone else's: no reason to tell
    name, address = " ".join(name.split()), " ".join(address.split())
    fields = _mistakes(name=name, kind=kind, short_description=short_description)
    municipality = municipality_get(municipality_code)
    if municipality is None or municipality.lat is None or municipality.lon is None:
        fields["municipality_code"] = _("Choose a municipality from the list.")
        raise CommunityInvalidError(fields)
    if municipality.region not in region_current().region_codes:
        fields["municipality_code"] = _("%(name)s is outside this region.") % {
            "name": municipality.label
        }
    if fields:
        raise CommunityInvalidError(fields)
    encoded = logos.logo_encode(logo) if logo is not None else b""
    if not same_name_meant and communities_named(name):
        raise SameNameError
    community = Community(
        public_id=key or uuid.uuid4(),
        name=name,
        kind=kind,
        short_description=short_description.strip(),
        description=description.strip(),
        place_label=f"{address}, {municipality.name}" if address else municipality.name,
        municipality_code=municipality.code,
        lat=municipality.lat,
        lon=municipality.lon,
        created_by=creator,
    )
    _insert_with_free_slug(community)
    now = timezone.now()
    Membership.objects.create(
        account=creator,
        community=community,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        joined_at=now,
        accepted_at=now,
    )
    if encoded:
        # Last, so that a refusal above leaves no file behind.
        community.logo = logos.logo_store(encoded, public_id=community.public_id)
        community.save(update_fields=["logo"])
    return community


def communities_named(name: str) -> list[Community]:
    """Return the active communities that have this name, whatever accents and capitals."""
    return list(Community.objects.filter(name_key=fold(name), is_active=True)[:5])


def _mistakes(*, name: str, kind: str, short_description: str) -> dict[str, str | Promise]:
    fields: dict[str, str | Promise] = {}
    if not 3 <= len(name) <= 100 or not fold(name):
        fields["name"] = _("Give a name of 3 to 100 characters.")
    if kind not in Community.Kind.values:
        fields["kind"] = _("Choose a type.")
    if not 1 <= len(short_description.strip()) <= 200:
        fields["short_description"] = _(
            "Say in a sentence of at most 200 characters who it is for."
        )
    return fields


def _insert_with_free_slug(community: Community) -> None:
    """Insert the row under the first free address: « mairie », « mairie-2 », « mairie-3 ».

    The unique constraint decides, not a look beforehand: two requests may want the same one.
    """
    stem = slugify(community.name)[:_SLUG_LENGTH].strip("-") or "communaute"
    taken = (
        set(Community.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        | RESERVED_SLUGS
    )
    number = 1
    while True:
        slug = stem if number == 1 else f"{stem}-{number}"
        number += 1
        if slug in taken:
            continue
        community.slug = slug
        try:
            with transaction.atomic():
                community.save(force_insert=True)
        except IntegrityError:
            if not Community.objects.filter(slug=slug).exists():
                raise  # another constraint: the caller knows
        else:
            return


@transaction.atomic
def membership_join(*, account: Account, community: Community) -> Membership:
    """Make the account a member; joining twice, or at the same moment, is joining once.

    Someone who had left begins anew, as a plain member. Raises ``JoinRefusedError`` for a person
    whom the moderators refused.
    """
    now = timezone.now()
    membership, made = Membership.objects.select_for_update(of=("self",)).get_or_create(
        account=account,
        community=community,
        defaults={
            "status": Membership.Status.ACCEPTED,
            "joined_at": now,
            "accepted_at": now,
        },
    )
    if made or membership.status in {Membership.Status.ACCEPTED, Membership.Status.PENDING}:
        return membership
    if membership.status == Membership.Status.REFUSED:
        raise JoinRefusedError
    membership.status = Membership.Status.ACCEPTED
    membership.role = Membership.Role.MEMBER
    membership.joined_at = membership.accepted_at = now
    membership.left_at = None
    membership.save()
    return membership


@transaction.atomic
def membership_leave(*, account: Account, community: Community) -> Membership | None:
    """End the account's membership; leaving twice is leaving once. ``None`` if there was none.

    Raises ``LastModeratorError`` for the only moderator: the community's row is locked, so two
    moderators who leave at the same moment cannot both succeed.
    """
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .filter(account=account, community=community)
        .first()
    )
    if membership is None or not membership.is_accepted:
        return membership
    if not can_leave(membership):
        raise LastModeratorError
    membership.status = Membership.Status.LEFT
    membership.left_at = timezone.now()
    membership.save(update_fields=["status", "left_at"])
    return membership


def can_leave(membership: Membership) -> bool:
    """Whether a member may leave: not the only active moderator, nor someone who is no member."""
    if not membership.is_moderator:
        return membership.is_accepted
    return (
        Membership.objects.filter(
            community_id=membership.community_id,
            status=Membership.Status.ACCEPTED,
            role=Membership.Role.MODERATOR,
            account__is_active=True,
        )
        .exclude(pk=membership.pk)
        .exists()
    )


@transaction.atomic
def membership_restore(*, account: Account, community: Community) -> Membership | None:
    """Undo a leaving of the last ``UNDO_FOR``: role and dates are as before.

    Changes nothing when there is nothing to undo; ``None`` if there never was a membership.
    """
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .filter(account=account, community=community)
        .first()
    )
    if (
        membership is not None
        and membership.status == Membership.Status.LEFT
        and membership.left_at is not None
        and membership.accepted_at is not None
        and timezone.now() - membership.left_at <= UNDO_FOR
    ):
        membership.status = Membership.Status.ACCEPTED
        membership.left_at = None
        membership.save(update_fields=["status", "left_at"])
    return membership

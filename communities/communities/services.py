"""Writes about communities: every face calls these, and nothing else writes.

Those about memberships are in ``memberships``, and are offered here too. All are safe under double
clicks and under two requests at once: they lock the one row that decides, and repeating a call
changes nothing. Locks are always taken community first, then membership.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import time
from typing import Any, Final, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from communities.communities import access, logos, notices
from communities.communities.domains import domains_of, domains_set
from communities.communities.errors import (
    CommunityInvalidError,
    EmailNotVerifiedError,
    SameNameError,
)
from communities.communities.filling import HISTORY, MAX_MUNICIPALITIES, OWN_FIELDS, fill, place_at
from communities.communities.identifiers import identifiers_import
from communities.communities.joining import may_ask_again_at, membership_join
from communities.communities.memberships import (
    UNDO_FOR,
    can_leave,
    membership_accept,
    membership_add,
    membership_leave,
    membership_refuse,
    membership_remove,
    membership_restore,
    membership_role_set,
    membership_wait,
)
from communities.communities.models import Community, CommunityMunicipality, Membership
from communities.communities.queries import municipality_codes
from communities.communities.watchers import communities_changed
from core.accounts.models import Account
from core.audit.services import differences, record
from regions.territories.names import fold

__all__ = [
    "HISTORY",
    "MAX_MUNICIPALITIES",
    "OWN_FIELDS",
    "UNDO_FOR",
    "can_leave",
    "communities_named",
    "community_change",
    "community_create",
    "may_ask_again_at",
    "membership_accept",
    "membership_add",
    "membership_join",
    "membership_leave",
    "membership_refuse",
    "membership_remove",
    "membership_restore",
    "membership_role_set",
    "membership_wait",
]

RESERVED_SLUGS: Final = frozenset(
    {
        "creer",
        "mes",
        "retablir",
        "ajouter",
        "import",
        "importer",
        "regles",
        "inactives",
        "supprimees",
    }
)
"""First words of addresses of the site and of the console that are pages of their own."""
_SLUG_LENGTH: Final = 60


class CommunityDetails(TypedDict, total=False):
    """What a community says beyond its name; each type reads its own part."""

    description: str
    validation: str
    domains: Sequence[str]
    """As ``domains.domains_read`` returns them; validation by domain needs one."""
    identifiers_reusable: bool
    adverts_hidden: bool
    members_hidden: bool
    adverts_leave: bool
    organisation_kind: str
    carpool_spaces: int | None
    access_plan: str
    municipalities: Sequence[str]
    """INSEE codes of a territory; without any, that of the community's own place."""
    road: str
    morning_from: time | None
    morning_until: time | None
    evening_from: time | None
    evening_until: time | None


class CommunityChanges(CommunityDetails, total=False):
    """What ``community_change`` may change. A new place is a municipality with its address."""

    name: str
    short_description: str
    municipality_code: str
    address: str
    point: tuple[float, float] | None
    """Where on the map, in degrees; without it, the middle of the municipality."""
    contact_email: str
    """Shown to everybody on its page; empty for none."""
    logo: logos.Upload


@transaction.atomic
def community_create(
    *,
    creator: Account,
    name: str,
    kind: str,
    short_description: str,
    municipality_code: str,
    address: str = "",
    point: tuple[float, float] | None = None,
    logo: logos.Upload | None = None,
    key: uuid.UUID | None = None,
    same_name_meant: bool = False,
    identifiers: bytes | None = None,
    **details: Unpack[CommunityDetails],
) -> Community:
    """Make a community, with its creator as first moderator.

    ``address`` is a street or a place inside the municipality (INSEE code), ``point`` where it is
    (degrees); ``key`` names the
    attempt: sent twice, the second call returns the community of the first. ``identifiers`` is a
    file (``identifiers.identifiers_import``). ``details`` of another type than ``kind`` are passed
    over. Raises ``EmailNotVerifiedError``, ``CommunityInvalidError``,
    ``IdentifiersUnreadableError``, ``LogoRefusedError``, and ``SameNameError`` when another active
    community has that name unless ``same_name_meant``.
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
    told: dict[str, Any] = {"name": name, "short_description": short_description, **details}
    community = Community(public_id=key or uuid.uuid4(), kind=kind, created_by=creator)
    fields: dict[str, str | Promise] = {}
    if kind not in Community.Kind.values:
        fields["kind"] = _("Choose a type.")
    fill(community, told, fields)
    place_at(community, municipality_code, address, fields, point=point)
    if fields:
        raise CommunityInvalidError(fields)
    encoded = logos.logo_encode(logo) if logo is not None else b""
    if not same_name_meant and communities_named(community.name):
        raise SameNameError
    _insert_with_free_slug(community)
    _write_rows(community, told)
    now = timezone.now()
    Membership.objects.create(
        account=creator,
        community=community,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        joined_at=now,
        accepted_at=now,
        through=Membership.Through.FOUNDER,
    )
    if identifiers:
        identifiers_import(community=community, content=identifiers, by=creator)
    if encoded:
        # Last, so that a refusal above leaves no file behind.
        community.logo = logos.logo_store(encoded, public_id=community.public_id)
        community.save(update_fields=["logo"])
    communities_changed(community)
    return community


@transaction.atomic
def community_change(
    *, community: Community, by: Account | None, **changes: Unpack[CommunityChanges]
) -> Community:
    """Change what is given and leave the rest; a line of history says what became of what.

    Another name is no question here. Raises ``CommunityInvalidError`` and ``LogoRefusedError``;
    then nothing was written. Returns the community as it is now.
    """
    locked = Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    before = snapshot(locked)
    told: dict[str, Any] = dict(changes)
    fields: dict[str, str | Promise] = {}
    fill(locked, told, fields)
    if "municipality_code" in told:
        place = told["municipality_code"], told.get("address", "")
        place_at(locked, *place, fields, point=told.get("point"))
    if fields:
        raise CommunityInvalidError(fields)
    if told.get("logo") is not None:
        locked.logo = logos.logo_store(logos.logo_encode(told["logo"]), public_id=locked.public_id)
    locked.save()
    _write_rows(locked, told)
    changed = differences(before, snapshot(locked))
    if changed:
        communities_changed(locked)
        record(
            actor=by,
            action="community.updated",
            kind="community",
            object_id=locked.pk,
            label=locked.name,
            changes=changed,
        )
        if by is not None:
            notices.tell_region_of_change(locked, by=by, changes=changed)
    return locked


def snapshot(community: Community) -> dict[str, Any]:
    """What a community says and how it works, as JSON values, for its history."""
    values = {name: getattr(community, name) for name in HISTORY}
    times = {name: str(one)[:5] for name, one in values.items() if isinstance(one, time)}
    return {
        **values,
        **times,
        "domains": domains_of(community),
        "municipalities": sorted(municipality_codes(community)),
    }


def communities_named(name: str) -> list[Community]:
    """Return the active communities that have this name, whatever accents and capitals."""
    return list(Community.objects.filter(name_key=fold(name), is_active=True)[:5])


def _write_rows(community: Community, told: dict[str, Any]) -> None:
    """Replace what is kept in rows of its own."""
    if "domains" in told:
        domains_set(community=community, domains=told["domains"])
    if "municipalities" in told:
        CommunityMunicipality.objects.filter(community=community).delete()
        CommunityMunicipality.objects.bulk_create(
            CommunityMunicipality(community=community, code=code)
            for code in dict.fromkeys(told["municipalities"])
        )


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

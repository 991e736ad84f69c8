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
from core.accounts.models import Account
from core.audit.services import differences, record
from regions.onboarding.queries import region_current
from regions.territories.models import Municipality
from regions.territories.names import fold
from regions.territories.queries import municipalities_get, municipality_get

__all__ = [
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
MAX_MUNICIPALITIES: Final = 150
"""Of one territory: more is a département."""
_SLUG_LENGTH: Final = 60


_TEXTS: Final = {"description": 5000, "access_plan": 2000, "road": 120}
_PLAIN: Final = (
    "validation",
    "identifiers_reusable",
    "adverts_hidden",
    "members_hidden",
    "organisation_kind",
    "carpool_spaces",
    "morning_from",
    "morning_until",
    "evening_from",
    "evening_until",
)
"""Columns that are set as they are told."""
HISTORY: Final = ("name", "short_description", "place_label", "logo", *_TEXTS, *_PLAIN)
"""Columns whose changes are kept in the history of a community."""


class CommunityDetails(TypedDict, total=False):
    """What a community says beyond its name; each type reads its own part."""

    description: str
    validation: str
    domains: Sequence[str]
    """As ``domains.domains_read`` returns them; validation by domain needs one."""
    identifiers_reusable: bool
    adverts_hidden: bool
    members_hidden: bool
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
    logo: logos.Upload


OWN_FIELDS: Final = {
    Community.Kind.ORGANISATION: ("organisation_kind", "carpool_spaces", "access_plan"),
    Community.Kind.TERRITORY: ("municipalities",),
    Community.Kind.LINE: (
        "road",
        "morning_from",
        "morning_until",
        "evening_from",
        "evening_until",
    ),
}
"""What communities of each type say that others do not."""


@transaction.atomic
def community_create(
    *,
    creator: Account,
    name: str,
    kind: str,
    short_description: str,
    municipality_code: str,
    address: str = "",
    logo: logos.Upload | None = None,
    key: uuid.UUID | None = None,
    same_name_meant: bool = False,
    identifiers: bytes | None = None,
    **details: Unpack[CommunityDetails],
) -> Community:
    """Make a community, with its creator as first moderator.

    ``address`` is a street or a place inside the municipality (INSEE code); ``key`` names the
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
    _fill(community, told, fields)
    _place(community, municipality_code, address, fields)
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
    _fill(locked, told, fields)
    if "municipality_code" in told:
        _place(locked, told["municipality_code"], told.get("address", ""), fields)
    if fields:
        raise CommunityInvalidError(fields)
    if told.get("logo") is not None:
        locked.logo = logos.logo_store(logos.logo_encode(told["logo"]), public_id=locked.public_id)
    locked.save()
    _write_rows(locked, told)
    changed = differences(before, snapshot(locked))
    if changed:
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


def _fill(community: Community, told: dict[str, Any], fields: dict[str, str | Promise]) -> None:
    """Set what is told on the row; what is wrong with it is said in ``fields``."""
    foreign = {
        name for kind, names in OWN_FIELDS.items() if kind != community.kind for name in names
    }
    for name in foreign & told.keys():
        del told[name]
    if "name" in told:
        community.name = " ".join(told["name"].split())
        if not 3 <= len(community.name) <= 100 or not fold(community.name):
            fields["name"] = _("Give a name of 3 to 100 characters.")
    if "short_description" in told:
        community.short_description = told["short_description"].strip()
        if not 1 <= len(community.short_description) <= 200:
            fields["short_description"] = _(
                "Say in a sentence of at most 200 characters who it is for."
            )
    for name, most in _TEXTS.items():
        if name in told:
            setattr(community, name, told[name].strip())
            if len(getattr(community, name)) > most:
                fields[name] = _("At most %(most)d characters, please.") % {"most": most}
    for name in told.keys() & set(_PLAIN):
        setattr(community, name, told[name])
    if community.organisation_kind not in ("", *Community.OrganisationKind.values):
        fields["organisation_kind"] = _("Choose a kind from the list.")
    if not 0 <= (community.carpool_spaces or 0) <= 9999:
        fields["carpool_spaces"] = _("From 0 to 9,999 spaces.")
    for part in ("morning", "evening"):
        first, last = (getattr(community, f"{part}_{end}") for end in ("from", "until"))
        if (first is None) != (last is None) or (first is not None and first >= last):
            fields[f"{part}_until"] = _("Give both times, the later one second.")
    _check_validation(community, told, fields)
    _check_municipalities(told, fields)


def _check_validation(
    community: Community, told: dict[str, Any], fields: dict[str, str | Promise]
) -> None:
    if community.validation not in Community.Validation.values:
        fields["validation"] = _("Choose how people join.")
    elif community.validation == Community.Validation.DOMAIN and {"validation", "domains"} & set(
        told
    ):
        kept = told.get("domains", domains_of(community) if community.pk else ())
        if not kept:
            fields["domains"] = _("Give at least one domain. Example: ville.example")


def _check_municipalities(told: dict[str, Any], fields: dict[str, str | Promise]) -> None:
    codes = list(dict.fromkeys(told.get("municipalities", ())))
    if not codes:
        return
    known = municipalities_get(codes)
    regions = region_current().region_codes
    if len(codes) > MAX_MUNICIPALITIES:
        fields["municipalities"] = _("At most %(most)d municipalities.") % {
            "most": MAX_MUNICIPALITIES
        }
    elif any(code not in known or known[code].region not in regions for code in codes):
        fields["municipalities"] = _("Choose municipalities of this region from the list.")


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


def _place(community: Community, code: str, address: str, fields: dict[str, str | Promise]) -> None:
    """Put the community in a municipality of the region."""
    municipality: Municipality | None = municipality_get(code)
    if municipality is None or municipality.lat is None or municipality.lon is None:
        fields["municipality_code"] = _("Choose a municipality from the list.")
        return
    if municipality.region not in region_current().region_codes:
        fields["municipality_code"] = _("%(name)s is outside this region.") % {
            "name": municipality.label
        }
    address = " ".join(address.split())
    community.place_label = f"{address}, {municipality.name}" if address else municipality.name
    community.municipality_code = municipality.code
    community.lat, community.lon = municipality.lat, municipality.lon


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

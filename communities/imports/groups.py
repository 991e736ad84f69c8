"""Rows of « Import »: communities, each checked by the rules of creating one, and made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from communities.communities.domains import domains_read
from communities.communities.errors import CommunityInvalidError
from communities.communities.models import Community
from communities.communities.services import community_create
from communities.imports.access import municipalities_in_reach
from communities.imports.columns import kind_of, truth_of, validation_of
from communities.imports.invitations import Invited, invitations_make
from communities.imports.models import Import, ImportRow
from communities.imports.people import Said
from core.accounts.managers import normalise_email
from core.accounts.models import Account
from core.audit.services import record
from regions.onboarding.queries import region_current
from regions.territories.names import fold
from regions.territories.queries import municipality_candidates, municipality_get

Verdict, Outcome = ImportRow.Verdict, ImportRow.Outcome
_LENGTHS: Final = {"short_description": 200, "description": 5000, "address": 150}
_FLAGS: Final = ("adverts_hidden", "members_hidden")
_TOWN: Final = re.compile(r"\b(\d{5})\b[\s,]*([^\d,]*)")


class _Wrong(Exception):
    """Why a row is refused."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.said = Said(Verdict.REFUSED, reason, detail[:120])


# --- what a row asks for --------------------------------------------------------------------------
def row_read(number: int, cells: Mapping[str, str]) -> ImportRow:
    """Return a row as it will be kept: what was understood, or why it was not."""
    name = " ".join(cells.get("name", "").split())
    row = ImportRow(number=number, verdict=Verdict.CREATE, data={"name": name[:120]})
    if cells.get("identifier"):
        row.data["identifier"] = cells["identifier"][:100]
    try:
        row.data |= _understood(name, cells)
        row.email = row.data["referent"]
    except _Wrong as wrong:
        row.verdict, row.reason, row.detail = wrong.said
    return row


def _understood(name: str, cells: Mapping[str, str]) -> dict[str, Any]:
    if not 3 <= len(name) <= 100 or not fold(name) or "\ufffd" in name:
        raise _Wrong("characters" if "\ufffd" in name else "no_name")
    kind = kind_of(cells.get("kind", ""))
    if kind is None:
        raise _Wrong("bad_kind", cells["kind"])
    validation = validation_of(cells.get("validation", ""))
    if validation is None:
        raise _Wrong("bad_validation", cells["validation"])
    data: dict[str, Any] = {"kind": kind[0], "organisation_kind": kind[1], "validation": validation}
    for field, most in _LENGTHS.items():
        data[field] = cells.get(field, "").strip()
        if len(data[field]) > most:
            raise _Wrong("long_text", data[field][:40])
    data["short_description"] = data["short_description"] or name
    for field in _FLAGS:
        truth = truth_of(cells.get(field, ""))
        if truth is None:
            raise _Wrong("bad_yes_no", cells[field])
        data[field] = truth
    try:
        data["domains"] = domains_read(cells.get("domains", ""))
    except CommunityInvalidError as error:
        raise _Wrong("bad_domains", cells["domains"]) from error
    if validation == "domain" and not data["domains"]:
        raise _Wrong("no_domains")
    data["referent"] = _referent(cells.get("referent", ""))
    data["where"] = _where(data, cells)
    return data


def _referent(typed: str) -> str:
    """Return the address of who runs it; empty without one."""
    email = normalise_email(typed)
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise _Wrong("bad_email", typed) from error
    return email


def _where(data: dict[str, Any], cells: Mapping[str, str]) -> str:
    """Return what names the municipality: « #35238 », a town, or what the address ends with."""
    if cells.get("insee"):
        return f"#{cells['insee'][:60]}"  # not a postal code, which may look the same
    town, code = cells.get("municipality", ""), cells.get("postcode", "")
    if not town and not code and (found := _TOWN.search(data["address"])):
        code, town = found[1], found[2].strip()
        data["address"] = data["address"][: found.start()].strip(" ,")
    if not town and not code:
        raise _Wrong("no_place")
    return f"{town} ({code})" if town and code else (town or code)[:80]


# --- its verdict ----------------------------------------------------------------------------------
def judge(of: Import, rows: Sequence[ImportRow], seen: dict[str, int]) -> None:
    """Give each row its verdict; ``seen`` remembers the row of each community of the whole file."""
    reach = municipalities_in_reach(of.by)
    regions = region_current().region_codes
    places: dict[str, str | _Wrong] = {}
    for row in rows:
        if row.verdict == Verdict.REFUSED:
            continue
        where = row.data["where"]
        if where not in places:
            places[where] = _place(where, regions, reach)
        place = places[where]
        if isinstance(place, _Wrong):
            row.verdict, row.reason, row.detail = place.said
            continue
        row.data["municipality"] = place
        key = f"{place} {fold(row.data['name'])}"
        first = seen.setdefault(key, row.number)
        if first != row.number:
            row.verdict, row.reason, row.detail = Verdict.REPEATED, "same_community", str(first)
        elif _exists(row):
            row.verdict = Verdict.EXISTS


def _place(where: str, regions: Sequence[str], reach: set[str] | None) -> str | _Wrong:
    """Return the INSEE code that is meant, or why it cannot be."""
    municipality = municipality_get(where[1:]) if where.startswith("#") else None
    if municipality is None and where.startswith("#"):
        return _Wrong("bad_place", where[1:])
    if municipality is None:
        candidates = municipality_candidates(where, regions=regions)
        if not candidates and "(" in where:  # a postal code of a delivery office
            candidates = municipality_candidates(where.partition("(")[0], regions=regions)
        if len(candidates) > 1:
            return _Wrong("which_place", where)
        if not candidates:
            known = municipality_candidates(where)
            return _Wrong("elsewhere" if known else "bad_place", where)
        municipality = candidates[0]
    if municipality.region not in regions:
        return _Wrong("elsewhere", where.lstrip("#"))
    if reach is not None and municipality.code not in reach:
        return _Wrong("out_of_reach", where.lstrip("#"))
    return municipality.code


def _exists(row: ImportRow) -> bool:
    return Community.objects.filter(
        name_key=fold(row.data["name"]), municipality_code=row.data["municipality"], is_active=True
    ).exists()


# --- doing it -------------------------------------------------------------------------------------
def apply(of: Import, rows: Sequence[ImportRow]) -> None:
    """Make the communities and give each row its outcome.

    Whoever the file names runs it: at once with an account, else by an invitation; until then, the
    person who imports does.
    """
    assert of.by is not None
    emails = {row.email for row in rows if row.email}
    addresses = EmailAddress.objects.filter(email__in=emails, verified=True)
    known = {one.email.lower(): one.user for one in addresses.select_related("user")}
    for row in rows:
        if row.verdict == Verdict.REFUSED:
            row.outcome = Outcome.REFUSED
        elif row.verdict in {Verdict.REPEATED, Verdict.EXISTS} or _exists(row):
            row.outcome = Outcome.NOTHING
        else:
            _make(of, row, known.get(row.email))


def _make(of: Import, row: ImportRow, referent: Account | None) -> None:
    assert of.by is not None
    data = row.data
    runner = referent if referent is not None and referent.is_active else of.by
    try:
        with transaction.atomic():
            community = community_create(
                creator=runner,
                name=data["name"],
                kind=data["kind"],
                short_description=data["short_description"],
                municipality_code=data["municipality"],
                address=data["address"],
                same_name_meant=True,
                description=data["description"],
                validation=data["validation"],
                domains=data["domains"],
                adverts_hidden=data["adverts_hidden"],
                members_hidden=data["members_hidden"],
                organisation_kind=data["organisation_kind"],
            )
            record(
                actor=of.by,
                action="community.imported",
                kind="community",
                object_id=community.pk,
                label=community.name,
                batch=of.batch,
            )
            if row.email and referent is None:
                asked = Invited(row.email, "", "", "moderator")
                invitations_make(community=community, people=[asked], by=of.by)
    except CommunityInvalidError as error:
        row.verdict, row.reason = Verdict.REFUSED, "invalid"
        row.detail = " ".join(str(one) for one in error.fields.values())[:120]
        row.outcome = Outcome.REFUSED
    else:
        row.outcome = Outcome.DONE

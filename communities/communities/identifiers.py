"""Secured validation: authorised identifiers, kept as keyed hashes, given by who wants to join.

The key of the hash follows from the installation's secret, the region and the community, so a copy
of the table cannot be tried out elsewhere. Tries are counted in the database: five in a quarter of
an hour for one account in one community, whatever the number of processes or windows.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.communities.errors import (
    IdentifierRefusedError,
    IdentifiersUnreadableError,
    TooManyTriesError,
)
from communities.communities.models import (
    AuthorisedIdentifier,
    Community,
    IdentifierImport,
    IdentifierTry,
)
from core.accounts.models import Account
from tenants.context import current_scope

TRIES: Final = 5
TRIES_FOR: Final = timedelta(minutes=15)
MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 50_000
MAX_LENGTH: Final = 100
"""Characters of one identifier."""
REPORTED: Final = 500
"""So many refused rows are named in a report; all are counted."""
_HEADERS: Final = frozenset({"IDENTIFIANT", "IDENTIFIANTS", "IDENTIFIER", "ID", "MATRICULE"})

REASONS: Final[dict[str, str | Promise]] = {
    "empty": _("No identifier in the first column."),
    "long": _("Longer than 100 characters."),
}
"""Why a row is refused, in words, by code."""


def normalise(typed: str) -> str:
    """Return an identifier in its one form: no spaces, capitals, compatible characters."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def digest(community: Community, typed: str) -> str:
    """Return the keyed hash of an identifier, for this region and this community alone."""
    key = f"passerelle.identifiers.{current_scope().key}.{community.public_id}"
    return salted_hmac(key, normalise(typed), algorithm="sha256").hexdigest()


# --- joining --------------------------------------------------------------------------------------
def tries_left(account: Account, community: Community, now: datetime | None = None) -> int:
    """How many times the account may still try an identifier in the present quarter of an hour."""
    return max(0, TRIES - len(_recent(account, community, now or timezone.now())))


def try_count(*, account: Account, community: Community, now: datetime | None = None) -> None:
    """Count one try before its identifier is looked at; it stays counted whatever comes next.

    Raises ``TooManyTriesError`` when there were five within a quarter of an hour. Call it outside
    the transaction that may be rolled back.
    """
    now = now or timezone.now()
    with transaction.atomic():
        # Two windows of one person: the second counts what the first has just tried.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        recent = _recent(account, community, now)
        if len(recent) >= TRIES:
            raise TooManyTriesError(until=min(recent) + TRIES_FOR)
        of_them = IdentifierTry.objects.filter(account=account, community=community)
        of_them.filter(tried_at__lte=now - TRIES_FOR).delete()
        IdentifierTry.objects.create(account=account, community=community, tried_at=now)


def _recent(account: Account, community: Community, now: datetime) -> list[datetime]:
    rows = IdentifierTry.objects.filter(
        account=account, community=community, tried_at__gt=now - TRIES_FOR
    )
    return list(rows.order_by("tried_at").values_list("tried_at", flat=True))


def identifier_claim(*, account: Account, community: Community, typed: str) -> None:
    """Use an identifier for an account; raise ``IdentifierRefusedError`` if it is not theirs.

    An unknown identifier and one that somebody else has used are answered alike. Of two people who
    give the same one at the same moment, the row's lock lets one in.
    """
    known = AuthorisedIdentifier.objects.filter(
        community=community, digest=digest(community, typed)
    )
    reusable = Community.objects.values_list("identifiers_reusable", flat=True).get(pk=community.pk)
    if not reusable:
        known = known.filter(Q(used_at__isnull=True) | Q(used_by=account))
    if not normalise(typed) or not known.update(used_at=timezone.now(), used_by=account):
        raise IdentifierRefusedError(tries_left=tries_left(account, community))
    IdentifierTry.objects.filter(account=account, community=community).delete()


# --- the file -------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Rows:
    """What a file holds."""

    digests: list[str] = field(default_factory=list)
    repeated: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def identifiers_import(
    *, community: Community, content: bytes, by: Account | None, replace: bool = False
) -> IdentifierImport:
    """Take a file of authorised identifiers (CSV or text, one a row) and return its report.

    The first column counts, others are not kept. Encoding (UTF-8, else Windows-1252) and separator
    (« ; », « , » or tabulation) are found out; a heading is passed over. Good rows are taken
    whatever the others are. With ``replace``, identifiers that the file does not hold and that
    nobody has used are withdrawn. Sent twice, it adds nothing. Raises
    ``IdentifiersUnreadableError``.
    """
    rows = _read(community, content)
    with transaction.atomic():
        # One import at a time in one community: the report's numbers are true.
        Community.objects.select_for_update(no_key=True).get(pk=community.pk)
        own = AuthorisedIdentifier.objects.filter(community=community)
        there = set(own.values_list("digest", flat=True))
        new = [one for one in rows.digests if one not in there]
        AuthorisedIdentifier.objects.bulk_create(
            (AuthorisedIdentifier(community=community, digest=one) for one in new),
            batch_size=5000,
        )
        withdrawn = 0
        if replace:
            kept = set(rows.digests)
            gone = [one for one in there if one not in kept]
            withdrawn, _by_model = own.filter(digest__in=gone, used_at__isnull=True).delete()
        return IdentifierImport.objects.create(
            community=community,
            imported_at=timezone.now(),
            imported_by=by,
            added=len(new),
            known=len(rows.digests) - len(new),
            repeated=rows.repeated,
            withdrawn=withdrawn,
            refused=[list(one) for one in rows.refused[:REPORTED]],
        )


def _read(community: Community, content: bytes) -> _Rows:
    if len(content) > MAX_BYTES:
        raise IdentifiersUnreadableError(_("This file weighs more than 5 MB."))
    text = _decoded(content)
    lines = text.splitlines()
    separator = max(";,\t", key=lambda one: sum(one in line for line in lines[:50]))
    found, seen = _Rows(), set()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        for number, row in enumerate(reader, start=1):
            if not any(cell.strip() for cell in row):
                continue
            if number > MAX_ROWS + 1:
                raise IdentifiersUnreadableError(_("This file has more than 50,000 rows."))
            said = normalise(row[0])
            if number == 1 and said in _HEADERS:
                continue
            if not said or len(said) > MAX_LENGTH:
                found.refused.append((number, "long" if said else "empty"))
                continue
            one = digest(community, said)
            if one in seen:
                found.repeated += 1
                continue
            seen.add(one)
            found.digests.append(one)
    except csv.Error:
        raise IdentifiersUnreadableError(_("This file cannot be read as a table.")) from None
    if not found.digests:
        raise IdentifiersUnreadableError(_("This file holds no identifier."))
    return found


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")  # type: ignore[assignment]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise IdentifiersUnreadableError(
        _("This file is no text: save it as CSV from your spreadsheet.")
    )

"""Secured validation: authorised identifiers, kept as keyed hashes, given by who wants to join.

The key of the hash follows from the installation's secret, the region and the community, so a copy
of the table cannot be tried out elsewhere. Tries are counted in the database: five in a quarter of
an hour for one account in one community, whatever the number of processes or windows.
"""

from __future__ import annotations

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
from core.sheets.errors import SheetUnreadableError
from core.sheets.reading import detect, rows
from tenants.context import current_scope

TRIES: Final = 5
TRIES_FOR: Final = timedelta(minutes=15)
MAX_LENGTH: Final = 100
"""Characters of one identifier."""
REPORTED: Final = 500
"""So many refused rows are named in a report; all are counted."""
_HEADERS: Final = frozenset({"IDENTIFIANT", "IDENTIFIANTS", "IDENTIFIER", "ID", "MATRICULE"})

REASONS: Final[dict[str, str | Promise]] = {
    "empty": _("No identifier in the first column."),
    "long": _("Longer than 100 characters."),
    "characters": _("Characters that cannot be read."),
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
    # The try that was right does not count; those before it do, or an identifier of one's own would
    # buy five more guesses at those of others, again and again.
    tries = IdentifierTry.objects.filter(account=account, community=community)
    tries.filter(pk__in=tries.order_by("-tried_at", "-pk").values("pk")[:1]).delete()


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
    """Take a file of authorised identifiers (CSV, XLSX or text, one a row); return its report.

    The first column counts, others are not kept. Encoding and separator are found out
    (``core.sheets``); a heading is passed over. Good rows are taken
    whatever the others are. With ``replace``, identifiers that the file does not hold and that
    nobody has used are withdrawn. Sent twice, it adds nothing. Raises
    ``IdentifiersUnreadableError``.
    """
    found = _read(community, content)
    with transaction.atomic():
        # One import at a time in one community: the report's numbers are true.
        Community.objects.select_for_update(no_key=True).get(pk=community.pk)
        own = AuthorisedIdentifier.objects.filter(community=community)
        there = set(own.values_list("digest", flat=True))
        new = [one for one in found.digests if one not in there]
        AuthorisedIdentifier.objects.bulk_create(
            (AuthorisedIdentifier(community=community, digest=one) for one in new),
            batch_size=5000,
        )
        withdrawn = 0
        if replace:
            kept = set(found.digests)
            gone = [one for one in there if one not in kept]
            withdrawn, _by_model = own.filter(digest__in=gone, used_at__isnull=True).delete()
        return IdentifierImport.objects.create(
            community=community,
            imported_at=timezone.now(),
            imported_by=by,
            added=len(new),
            known=len(found.digests) - len(new),
            repeated=found.repeated,
            withdrawn=withdrawn,
            refused=[list(one) for one in found.refused[:REPORTED]],
        )


def _read(community: Community, content: bytes) -> _Rows:
    found = _Rows()
    seen: set[str] = set()
    try:
        for row in rows(content, detect(content)):
            said = normalise(row.cells[0])
            if said in _HEADERS and not (seen or found.refused):
                continue
            if not said or len(said) > MAX_LENGTH or "\ufffd" in said:
                found.refused.append((row.number, _why_not(said)))
                continue
            one = digest(community, said)
            if one in seen:
                found.repeated += 1
                continue
            seen.add(one)
            found.digests.append(one)
    except SheetUnreadableError as error:
        raise IdentifiersUnreadableError(error.message) from error
    if not found.digests:
        raise IdentifiersUnreadableError(_("This file holds no identifier."))
    return found


def _why_not(said: str) -> str:
    if not said:
        return "empty"
    return "characters" if len(said) <= MAX_LENGTH else "long"

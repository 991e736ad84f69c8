"""Rows of « Import d'usagers »: what each asks for, its verdict, and doing it.

The verdict never tells whether an address has an account: somebody who is not in the community
« will be invited or added », and only the person concerned learns which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from communities.communities.adding import members_add
from communities.communities.errors import LastModeratorError, MembershipChangedError
from communities.communities.memberships import (
    is_last_moderator,
    membership_refuse,
    membership_role_set,
    membership_wait,
)
from communities.communities.models import Community, Membership
from communities.imports.columns import standing_of
from communities.imports.invitations import Invited, invitations_make, left_alone
from communities.imports.models import Import, ImportRow
from core.accounts.managers import normalise_email
from core.accounts.models import Account

NAME_LENGTH: Final = 80
Verdict, Outcome = ImportRow.Verdict, ImportRow.Outcome
Status, Role = Membership.Status, Membership.Role


class Said(NamedTuple):
    """A verdict with its reason."""

    verdict: str
    reason: str = ""
    detail: str = ""


# --- what a row asks for --------------------------------------------------------------------------
def row_read(number: int, cells: Mapping[str, str]) -> ImportRow:
    """Return a row as it will be kept; refused already when nobody could ever be told from it."""
    email = normalise_email(cells.get("email", "").removeprefix("mailto:"))
    typed = cells.get("standing", "")
    standing = standing_of(typed)
    names = [" ".join(cells.get(name, "").split()) for name in ("first_name", "last_name")]
    row = ImportRow(
        number=number,
        email=email[:254],
        first_name=names[0][:NAME_LENGTH],
        last_name=names[1][:NAME_LENGTH],
        standing=standing or "",
        data={"identifier": cells["identifier"][:100]} if cells.get("identifier") else {},
        verdict=Verdict.NEW,
    )
    said = _wrong(email, typed, standing, names)
    if said is not None:
        row.verdict, row.reason, row.detail = said
    return row


def _wrong(email: str, typed: str, standing: str | None, names: Sequence[str]) -> Said | None:
    if not email:
        return Said(Verdict.REFUSED, "no_email")
    if "\ufffd" in email + "".join(names):
        return Said(Verdict.REFUSED, "characters")
    try:
        validate_email(email)
    except ValidationError:
        return Said(Verdict.REFUSED, "bad_email", email[:120])
    if len(email) > 254:
        return Said(Verdict.REFUSED, "bad_email", email[:120])
    if standing is None:
        return Said(Verdict.REFUSED, "bad_standing", typed[:120])
    if any(len(name) > NAME_LENGTH for name in names):
        return Said(Verdict.REFUSED, "long_name")
    return None


# --- its verdict ----------------------------------------------------------------------------------
@dataclass(slots=True)
class Known:
    """What the community knows of the addresses of some rows."""

    accounts: dict[str, Account] = field(default_factory=dict)
    """By verified address."""
    memberships: dict[int, Membership] = field(default_factory=dict)
    """By account."""

    def membership_of(self, email: str) -> Membership | None:
        """Return the row that the address has in the community, whatever its status."""
        account = self.accounts.get(email)
        return self.memberships.get(account.pk) if account else None


def known_of(community: Community, emails: Iterable[str]) -> Known:
    """Read what is known of these addresses, in two statements."""
    addresses = EmailAddress.objects.filter(email__in=set(emails), verified=True)
    found = Known({one.email.lower(): one.user for one in addresses.select_related("user")})
    rows = Membership.objects.filter(
        community=community, account__in=[one.pk for one in found.accounts.values()]
    )
    found.memberships = {row.account_id: row for row in rows}
    return found


def judge(of: Import, rows: Sequence[ImportRow], seen: dict[str, int]) -> None:
    """Give each row its verdict. ``seen`` remembers the row of each address of the whole file."""
    assert of.community is not None
    open_rows = [row for row in rows if row.verdict != Verdict.REFUSED]
    known = known_of(of.community, (row.email for row in open_rows))
    for row in open_rows:
        first = seen.setdefault(row.email, row.number)
        if first != row.number:
            said = Said(Verdict.REPEATED, "same_row", str(first))
        else:
            said = verdict_of(row.standing, known.membership_of(row.email), of.by_id)
        row.verdict, row.reason, row.detail = said


def verdict_of(standing: str, membership: Membership | None, by: int | None) -> Said:
    """Return what becomes of somebody whom a file puts at a status (empty: it does not say)."""
    if membership is None or membership.status == Status.LEFT:
        if standing == "refused":
            return Said(Verdict.OUTSIDE, "refused_outside")
        return Said(Verdict.NEW)
    now = membership.role if membership.is_accepted else membership.status
    if standing in {"", now} and now != Status.PENDING and now != Status.REFUSED:
        return Said(Verdict.MEMBER)
    if standing == now:
        return Said(Verdict.MEMBER)
    if membership.is_moderator:
        if membership.account_id == by:
            return Said(Verdict.MEMBER, "oneself")  # a list of colleagues names its sender too
        if is_last_moderator(membership):
            return Said(Verdict.REFUSED, "last_moderator")
    return Said(Verdict.CHANGE, _change(standing, now))


def _change(standing: str, now: str) -> str:
    if standing in {"pending", "refused"}:
        return "waits" if standing == "pending" else "refuses"
    if standing == "moderator":
        return "promotes"
    return {"pending": "accepts", "refused": "restores"}.get(now, "demotes")


# --- doing it -------------------------------------------------------------------------------------
def apply(of: Import, rows: Sequence[ImportRow]) -> list[int]:
    """Do what the rows say and give each its outcome; call it under the community's lock.

    Returns the new memberships whose people are still to be told. Verdicts are taken anew: the
    file may have been looked at an hour ago. What happens to people is what a moderator's click
    does, with its mail and its line of history.
    """
    assert of.community is not None
    waiting = [row for row in rows if row.verdict not in {Verdict.REFUSED, Verdict.REPEATED}]
    known = known_of(of.community, (row.email for row in waiting))
    people: dict[int, str] = {}
    invited: list[Invited] = []
    for row in rows:
        if row.verdict == Verdict.REPEATED:
            row.outcome = Outcome.NOTHING
            continue
        if row.verdict == Verdict.REFUSED:
            row.outcome = Outcome.REFUSED
            continue
        membership = known.membership_of(row.email)
        said = verdict_of(row.standing, membership, of.by_id)
        if said.verdict == Verdict.REFUSED:
            row.verdict, row.reason, row.detail = said
            row.outcome = Outcome.REFUSED
        elif said.verdict == Verdict.CHANGE:
            assert membership is not None
            _do_change(of, row, membership)
        elif said.verdict == Verdict.NEW:
            row.outcome = Outcome.DONE
            account = known.accounts.get(row.email)
            standing = row.standing or "member"
            if account is None or left_alone(membership):
                invited.append(Invited(row.email, row.first_name, row.last_name, standing))
            elif account.is_active:
                people[account.pk] = standing
        else:
            row.outcome = Outcome.NOTHING
    invitations_make(community=of.community, people=invited, by=of.by)
    return members_add(community=of.community, people=people, by=of.by, batch=of.batch)


def _do_change(of: Import, row: ImportRow, membership: Membership) -> None:
    by, batch = of.by, of.batch
    try:
        with transaction.atomic():
            if row.standing == "refused":
                membership_refuse(membership=membership, by=by, batch=batch)
            elif row.standing == "pending":
                membership_wait(membership=membership, by=by, batch=batch)
            else:
                role = Role.MODERATOR if row.standing == "moderator" else Role.MEMBER
                membership_role_set(membership=membership, role=role, by=by, batch=batch)
    except (LastModeratorError, MembershipChangedError) as error:
        row.verdict, row.outcome = Verdict.REFUSED, Outcome.REFUSED
        row.reason = "last_moderator" if isinstance(error, LastModeratorError) else "changed"
        row.detail = ""
    else:
        row.outcome = Outcome.DONE

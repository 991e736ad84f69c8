"""What a member allows those who run one community: to write to them, to see their address.

Dated facts, one by one, asked when joining and changed by the member alone, at any time. They end
with the membership; nothing else of the region follows from them, and they from nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from communities.communities.models import MemberConsent, Membership

Kind = MemberConsent.Kind


def consents_held(membership_ids: Iterable[int]) -> dict[int, set[str]]:
    """Return what each of those memberships allows now; nothing: absent. One query."""
    held: dict[int, set[str]] = {}
    rows = MemberConsent.objects.filter(membership__in=list(membership_ids), withdrawn_at=None)
    for membership, kind in rows.order_by().values_list("membership_id", "kind"):
        held.setdefault(membership, set()).add(kind)
    return held


def allowing(kind: str) -> QuerySet[MemberConsent, Any]:
    """Return a subquery of the memberships that allow it now, for ``pk__in``."""
    rows = MemberConsent.objects.filter(kind=Kind(kind), withdrawn_at=None).order_by()
    return rows.values("membership_id")


@transaction.atomic
def consents_set(*, membership: Membership, mails: bool, address: bool) -> None:
    """Give or withdraw what differs; twice is once, and what holds keeps its date."""
    Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    held = consents_held([membership.pk]).get(membership.pk, set())
    said = ((Kind.MAILS, mails), (Kind.ADDRESS, address))
    wanted = {str(kind) for kind, allowed in said if allowed}
    _end(membership, timezone.now(), held - wanted)
    _give(membership, wanted - held)


def consents_end(memberships: Collection[int], now: datetime) -> None:
    """Withdraw all at the end of memberships; call it with the rows locked."""
    rows = MemberConsent.objects.filter(membership__in=memberships, withdrawn_at=None)
    rows.update(withdrawn_at=now)


def consents_restore(ended: Mapping[int, datetime | None]) -> None:
    """Give again what ended with memberships (with when) that have just been brought back."""
    since = {key: at for key, at in ended.items() if at is not None}
    rows = MemberConsent.objects.filter(membership__in=since, withdrawn_at__isnull=False)
    given: dict[int, set[str]] = {}
    for key, kind, withdrawn_at in rows.order_by().values_list(
        "membership_id", "kind", "withdrawn_at"
    ):
        if withdrawn_at is not None and withdrawn_at >= since[key]:
            given.setdefault(key, set()).add(kind)
    held = consents_held(given)
    now = timezone.now()
    MemberConsent.objects.bulk_create(
        (
            MemberConsent(membership_id=key, kind=kind, given_at=now)
            for key, kinds in given.items()
            for kind in sorted(kinds - held.get(key, set()))
        ),
        batch_size=1000,
    )


def _give(membership: Membership, kinds: set[str]) -> None:
    now = timezone.now()
    MemberConsent.objects.bulk_create(
        MemberConsent(membership=membership, kind=kind, given_at=now) for kind in sorted(kinds)
    )


def _end(membership: Membership, now: datetime, kinds: set[str]) -> None:
    rows = MemberConsent.objects.filter(membership=membership, kind__in=kinds, withdrawn_at=None)
    rows.update(withdrawn_at=now)

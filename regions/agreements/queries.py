"""Reads of agreements: a region's own for its console, all of them for the platform.

``reach`` asks the database, which finds out by itself which region asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from regions.agreements.models import Act, Agreement, Party
from regions.territories.queries import departement_names
from tenants.context import current_tenant, platform_scope, registry_scope
from tenants.models import Tenant

REASON: Final = "a region reads its own agreements"


class Reach(NamedTuple):
    """What the current region and a partner share now, all their agreements applied."""

    partner: int
    """Primary key of the partner's tenant."""
    fields: list[str]
    departments: list[str] | None
    """None: everywhere; empty: agreements that have no département in common."""


def reach(what: str) -> list[Reach]:
    """Return what is shared with whom now; between the same regions, the stricter terms hold."""
    current_tenant()
    with connection.cursor() as cursor:
        cursor.execute("SELECT partner, fields, departments FROM agreements_reach(%s)", [what])
        return [Reach._make(row) for row in cursor.fetchall()]


def parted(what: str) -> dict[int, datetime]:
    """Return the regions (keys of tenants) that agreements about something bind to ours no more.

    With the instant at which the last one ended; one that is suspended has not.
    """
    region = current_tenant()
    alive: set[int] = set()
    ended: dict[int, datetime] = {}
    with platform_scope(reason=REASON):
        rows = Agreement.objects.filter(parties__tenant=region, pools__contains=[what])
        signed = rows.exclude(state=Agreement.State.PROPOSED)
        for row in signed.prefetch_related("parties"):
            parties = list(row.parties.all())
            partners = {party.tenant_id for party in parties} - {region.pk}
            if row.state != Agreement.State.ENDED:
                alive |= partners
            elif row.ended_at and all(one.signed_version == row.version for one in parties):
                for partner in partners:
                    ended[partner] = max(row.ended_at, ended.get(partner, row.ended_at))
    return {partner: at for partner, at in ended.items() if partner not in alive}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another agreement between some of the same regions, about the same things."""

    other: Agreement
    regions: tuple[str, ...]
    """Names of the regions that are parties to both."""
    fields: tuple[str, ...]
    """What both allow."""
    departments: tuple[str, ...] | None
    """Where both hold; None: everywhere."""


def agreements_of_region() -> list[Agreement]:
    """Return the current region's agreements, the latest first, with their parties."""
    region = current_tenant()
    with platform_scope(reason=REASON):
        return list(_with_parties(Agreement.objects.filter(parties__tenant=region)))


def agreement_of_region(public_id: UUID) -> Agreement | None:
    """Return one of the current region's agreements, with its parties and its log."""
    region = current_tenant()
    with platform_scope(reason=REASON):
        return _with_log(Agreement.objects.filter(parties__tenant=region), public_id)


def overlaps(agreement: Agreement) -> list[Overlap]:
    """Return the agreements of the current region that bind some of the same regions otherwise."""
    if agreement.state == Agreement.State.ENDED:
        return []
    found = []
    for other in agreements_of_region():
        if other.pk == agreement.pk or other.state == Agreement.State.ENDED:
            continue
        if other.fields == agreement.fields and other.departments == agreement.departments:
            continue
        names = _names(other) & _names(agreement)
        if (
            len(names) < 2
            or not set(other.pools) & set(agreement.pools)
            or _apart(other, agreement)
        ):
            continue
        found.append(
            Overlap(
                other,
                tuple(sorted(names)),
                tuple(name for name in agreement.fields if name in other.fields),
                _common(agreement.departments, other.departments),
            )
        )
    return found


def _names(agreement: Agreement) -> set[str]:
    return {party.tenant.name for party in agreement.parties.all()}


def _apart(one: Agreement, other: Agreement) -> bool:
    """Whether one ends before the other begins."""
    return (one.ends_on is not None and one.ends_on < other.starts_on) or (
        other.ends_on is not None and other.ends_on < one.starts_on
    )


def _common(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...] | None:
    if not one or not other:
        return tuple(one or other) or None
    return tuple(code for code in one if code in other)


def other_regions() -> list[Tenant]:
    """Return the live regions that the current one may propose an agreement to, by name."""
    region = current_tenant()
    with registry_scope():
        rows = Tenant.objects.filter(state=Tenant.State.LIVE).exclude(pk=region.pk)
        return list(rows.order_by("name"))


def territory_words(codes: Sequence[str]) -> list[str]:
    """Return départements by name, « Ille-et-Vilaine (35) »."""
    names = departement_names()
    return [f"{names.get(code, code)} ({code})" for code in codes]


def agreements_all() -> list[Agreement]:
    """Return every agreement, the latest first, with its parties. Needs the platform's scope."""
    return list(_with_parties(Agreement.objects.all()))


def agreement_with_log(public_id: UUID) -> Agreement | None:
    """Return any agreement, with its parties and its log. Needs the platform's scope."""
    return _with_log(Agreement.objects.all(), public_id)


def starting_today(today: date | None = None) -> list[str]:
    """Return the regions (short names) whose agreements start today. Needs the platform's scope."""
    parties = Party.objects.filter(
        agreement__starts_on=today or timezone.localdate(),
        agreement__state=Agreement.State.IN_FORCE,
    )
    return sorted(set(parties.values_list("tenant__slug", flat=True)))


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A region, and what it shares with each other one, in the order of the lines."""

    tenant: Tenant
    cells: tuple[tuple[str, tuple[Agreement, ...]], ...]
    """(the other region's name, agreements that both are in and that have not ended)."""


def matrix(agreements: Sequence[Agreement]) -> list[MatrixLine]:
    """Return who shares with whom: live regions by name, each against each."""
    tenants = list(Tenant.objects.filter(state=Tenant.State.LIVE).order_by("name"))
    current = [one for one in agreements if one.state != Agreement.State.ENDED]
    parties = {one.pk: {party.tenant_id for party in one.parties.all()} for one in current}
    return [
        MatrixLine(
            line,
            tuple(
                (
                    other.name,
                    ()
                    if other == line
                    else tuple(one for one in current if {line.pk, other.pk} <= parties[one.pk]),
                )
                for other in tenants
            ),
        )
        for line in tenants
    ]


def _with_parties(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    parties = Prefetch("parties", Party.objects.select_related("tenant").order_by("tenant__name"))
    return rows.prefetch_related(parties).order_by("-created_at", "-pk")


def _with_log(rows: QuerySet[Agreement], public_id: UUID) -> Agreement | None:
    acts = Prefetch("acts", Act.objects.select_related("tenant"))
    return _with_parties(rows).prefetch_related(acts).filter(public_id=public_id).first()

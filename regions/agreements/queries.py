"""Reads of agreements: a region's own for its console, all of them for the platform.

``reach`` asks the database, which finds out by itself which region asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Prefetch, QuerySet

from regions.agreements.models import Act, Agreement, Field, Party, Pooled, paris_today
from regions.territories.queries import departement_names
from tenants.context import current_tenant, platform_scope, registry_scope
from tenants.models import Tenant

REASON: Final = "a region reads its own agreements"
_FIELDS: Final = {
    Pooled.ADVERTS: (Field.CONTRIBUTION, Field.WHEELCHAIR, Field.COMMUNITIES),
    Pooled.COMMUNITIES: (Field.MODERATORS,),
    Pooled.STATISTICS: (),
}
_STAGE: Final = Agreement.Stage
_ORDER: Final = {
    _STAGE.IN_FORCE: 0,
    _STAGE.SUSPENDED: 0,
    _STAGE.UPCOMING: 1,
    _STAGE.PROPOSED: 1,
    _STAGE.DECLINED: 2,
    _STAGE.WITHDRAWN: 2,
    _STAGE.ENDED: 2,
}
"""Which agreements come first in lists."""


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
            partners = {party.tenant_id for party in row.parties.all()} - {region.pk}
            if row.state != Agreement.State.ENDED:
                alive |= partners
            elif row.ended_at and row.all_signed:
                for partner in partners:
                    ended[partner] = max(row.ended_at, ended.get(partner, row.ended_at))
    return {partner: at for partner, at in ended.items() if partner not in alive}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another agreement between some of the same regions, about the same things."""

    other: Agreement
    regions: tuple[str, ...]
    """Names of the regions that are parties to both."""
    pools: tuple[str, ...]
    """What both pool."""
    fields: tuple[str, ...]
    """What both allow, of what both pool."""
    left_out: tuple[str, ...]
    """What one of them alone allows."""
    departments: tuple[str, ...] | None
    """Where both hold; None: everywhere."""
    not_signed: bool
    """Whether one of them awaits signatures: nothing changes before."""


def agreements_of_region() -> list[Agreement]:
    """Return the current region's agreements: to sign, in force, awaited, closed; latest first."""
    region = current_tenant()
    with platform_scope(reason=REASON):
        rows = list(_listed(Agreement.objects.filter(parties__tenant=region)))
    return sorted(rows, key=lambda one: -1 if awaits(one, region) else _ORDER[one.stage])


def awaits(agreement: Agreement, region: Tenant) -> bool:
    """Whether the signature of one of its parties is awaited."""
    return agreement.stage == Agreement.Stage.PROPOSED and any(
        party.tenant_id == region.pk and party.signed_version != agreement.version
        for party in agreement.parties.all()
    )


def signatures_awaited() -> int:
    """Count the agreements that the current region has not signed; one query."""
    region = current_tenant()
    with platform_scope(reason=REASON):
        rows = Party.objects.filter(tenant=region, agreement__state=Agreement.State.PROPOSED)
        rows = rows.exclude(agreement__ends_on__lt=paris_today())
        return rows.exclude(signed_version=F("agreement__version")).count()


def agreement_of_region(public_id: UUID) -> Agreement | None:
    """Return one of the current region's agreements, with its parties and its log."""
    region = current_tenant()
    with platform_scope(reason=REASON):
        return _with_log(Agreement.objects.filter(parties__tenant=region), public_id)


def overlaps(agreement: Agreement) -> list[Overlap]:
    """Return the agreements of the current region that bind some of the same regions otherwise."""
    if agreement.is_closed:
        return []
    found = []
    for other in agreements_of_region():
        if other.pk == agreement.pk or other.is_closed:
            continue
        names = _names(other) & _names(agreement)
        pools = set(other.pools) & set(agreement.pools)
        fields = fields_of(pools)
        ours, theirs = fields & set(agreement.fields), fields & set(other.fields)
        if (
            len(names) < 2
            or not pools
            or (ours == theirs and other.departments == agreement.departments)
            or _apart(other, agreement)
        ):
            continue
        found.append(
            Overlap(
                other,
                tuple(sorted(names)),
                tuple(name for name in Pooled.values if name in pools),
                tuple(sorted(ours & theirs)),
                tuple(sorted(ours ^ theirs)),
                _common(agreement.departments, other.departments),
                not (agreement.all_signed and other.all_signed),
            )
        )
    return found


def fields_of(pools: Collection[str]) -> set[str]:
    """Return the fields that say something of what is pooled."""
    return {name for pooled, names in _FIELDS.items() if pooled in pools for name in names}


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
    """Return every agreement, those in force first. Needs the platform's scope."""
    return sorted(_listed(Agreement.objects.all()), key=lambda one: _ORDER[one.stage])


def agreement_with_log(public_id: UUID) -> Agreement | None:
    """Return any agreement, with its parties and its log. Needs the platform's scope."""
    return _with_log(Agreement.objects.all(), public_id)


def starting_today(today: date | None = None) -> list[str]:
    """Return the regions (short names) whose agreements start today. Needs the platform's scope."""
    parties = Party.objects.filter(
        agreement__starts_on=today or paris_today(),
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
    current = [one for one in agreements if not one.is_closed]
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


def _listed(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """With what tells the stage of each: its parties, and its acts without what versions said."""
    return _with_parties(rows).prefetch_related(Prefetch("acts", Act.objects.defer("content")))


def _with_parties(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    parties = Prefetch("parties", Party.objects.select_related("tenant").order_by("tenant__name"))
    return rows.prefetch_related(parties).order_by("-created_at", "-pk")


def _with_log(rows: QuerySet[Agreement], public_id: UUID) -> Agreement | None:
    acts = Prefetch("acts", Act.objects.select_related("tenant"))
    return _with_parties(rows).prefetch_related(acts).filter(public_id=public_id).first()

"""Reads of pooled communities: through functions of the database, or of the region's own acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from regions.agreements.queries import reach
from regions.pooled.models import ListedCommunity, PoolAct, PoolMember, Proposal
from regions.territories.names import fold
from tenants.context import current_tenant, platform_scope
from tenants.memory import Remembered
from tenants.middleware import absolute_url
from tenants.models import Tenant

REASON: Final = "a region reads what concerns its own pooled communities"


class Findable(NamedTuple):
    """A partner's community that may be asked to be one with one's own."""

    slug: str
    """Short name of the region."""
    region: str
    accent: str
    logo: str
    community: UUID
    name: str
    kind: str
    municipality_code: str
    pooled: bool
    """It is in a pool already: one's own community would join that one."""


class PoolPart(NamedTuple):
    """A community of a pool, as the asking region may see it."""

    pool: UUID
    pool_name: str
    own: bool
    region: str
    region_slug: str
    accent: str
    logo: str
    """Key in the public storage; empty for none."""
    name: str
    slug: str
    host: str | None
    members: int | None
    """Registrations of active accounts; None: not told yet."""
    moderators: list[str]

    @property
    def url(self) -> str:
        """The community's page on its own region's site; empty where it has no host."""
        return absolute_url(self.host, f"/communautes/{self.slug}/") if self.host else ""


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool as one of its regions sees it now; partners are never none."""

    pool: UUID
    name: str
    own: PoolPart
    partners: list[PoolPart]

    @property
    def is_counted(self) -> bool:
        """Whether every region has told how many it counts: a pool just made waits for it."""
        return all(part.members is not None for part in (self.own, *self.partners))

    @property
    def members(self) -> int:
        """Registrations in all: a person with an account in two regions counts twice."""
        return sum(part.members or 0 for part in (self.own, *self.partners))


class ProposalLine(NamedTuple):
    """A proposal that waits for an answer, as one of its two regions reads it."""

    public_id: UUID
    received: bool
    region: str
    """The other region."""
    name: str
    """The other community."""
    pool_name: str
    at: dt.datetime
    community: UUID
    """The other community's public id."""


class ActLine(NamedTuple):
    """A line of a pool's log."""

    at: dt.datetime
    region: str
    what: str
    said: str


def find(department: str, text: str) -> list[Findable]:
    """Partners' communities whose names have every word, for one's own in that département."""
    words = fold(text).split()[:8]
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pooled_find(%s, %s)", [department, words])
        return [Findable._make(row) for row in cursor.fetchall()]


def pool_view(community: UUID) -> PoolView | None:
    """Return the pool of one of the region's communities, if agreements let it see a partner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pooled_view(%s)", [community])
        parts = [PoolPart._make(row) for row in cursor.fetchall()]
    if not parts or not parts[0].own or len(parts) < 2:
        return None
    return PoolView(parts[0].pool, parts[0].pool_name, parts[0], parts[1:])


def pools_of_region() -> dict[UUID, UUID]:
    """Return the pool of each of the region's communities that is in one, seen or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT community, pool FROM pooled_own()")
        return dict(cursor.fetchall())


def listed_of_region() -> set[UUID]:
    """Return the communities of the region that partners may be told of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT community FROM pooled_listed()")
        return {community for (community,) in cursor.fetchall()}


def pools_communities() -> bool:
    """Whether an agreement in force pools communities, as remembered for seconds."""
    return _POOLS.get()


def has_pools() -> bool:
    """Whether a community of the region is in a pool, as remembered for seconds."""
    return _HELD.get()


def _pools() -> bool:
    return bool(reach("communities"))


def _held() -> bool:
    return bool(pools_of_region())


_POOLS: Final = Remembered(_pools)
_HELD: Final = Remembered(_held)


def forget_on_commit() -> None:
    """Read both again once the present transaction has ended well."""
    _POOLS.forget_on_commit()
    _HELD.forget_on_commit()


def proposals_of(community: UUID) -> list[ProposalLine]:
    """Return the proposals to and by one of the region's communities that await an answer.

    Those that an agreement in force covers: nothing is said of another region than that.
    """
    region = current_tenant()
    terms = {one.partner: one.departments for one in reach("communities")}
    with platform_scope(reason=REASON):
        rows = list(
            Proposal.objects.filter(
                Q(by_tenant=region, by_community=community)
                | Q(to_tenant=region, to_community=community),
                state=Proposal.State.WAITS,
            ).select_related("by_tenant", "to_tenant")
        )
        listed = _listed([community, *(_other(one, region)[1] for one in rows)])
    own = listed.get((region.pk, community))
    lines = []
    for one in rows:
        received = one.to_tenant_id == region.pk
        there, key = _other(one, region)
        theirs = listed.get((there.pk, key))
        within = {known.department for known in (own, theirs) if known is not None}
        if there.pk not in terms or not _holds(terms[there.pk], within):
            continue
        name = theirs.name if theirs is not None else ""
        lines.append(
            ProposalLine(one.public_id, received, there.name, name, one.name, one.created_at, key)
        )
    return lines


def region_seen(community: UUID, partner: int, theirs: UUID) -> str | None:
    """Return the name of a region (key) where agreements in force cover its community and ours."""
    terms = {one.partner: one.departments for one in reach("communities")}
    if partner not in terms:
        return None
    region = current_tenant()
    with platform_scope(reason=REASON):
        listed = _listed([community, theirs])
        known = (listed.get((region.pk, community)), listed.get((partner, theirs)))
        if not _holds(terms[partner], {one.department for one in known if one is not None}):
            return None
        return str(Tenant.objects.get(pk=partner).name)


def acts_of(community: UUID) -> list[ActLine]:
    """Return what was done to the pools that one of the region's communities is or was in.

    And what became of proposals. By the region itself, and by those that agreements let it see:
    others of a pool may share with a third one only. Of a pool it has left, until it left.
    """
    region = current_tenant()
    terms = {one.partner: one.departments for one in reach("communities")}
    everywhere = {partner for partner, where in terms.items() if where is None}
    view = pool_view(community)
    seen = {part.region_slug for part in view.partners} if view is not None else set()
    with platform_scope(reason=REASON):
        member = PoolMember.objects.filter(tenant=region, community=community).first()
        now = member.pool_id if member is not None else None
        own = PoolAct.objects.filter(tenant=region, community=community)
        last = {one.pool_id: one for one in own}
        rows = PoolAct.objects.filter(pool_id__in=[now, *last]).select_related("tenant")
        lines = [
            ActLine(one.at, by.name, one.get_what_display(), one.said)
            for one in rows
            if (by := one.tenant) is not None
            and (by.pk in {region.pk, *everywhere} or (one.pool_id == now and by.slug in seen))
            and (one.pool_id == now or not _after(one, last[one.pool_id]))
        ]
        settled = list(
            Proposal.objects.filter(
                Q(by_tenant=region, by_community=community)
                | Q(to_tenant=region, to_community=community),
                state__in=[Proposal.State.DECLINED, Proposal.State.WITHDRAWN],
            ).select_related("by_tenant", "to_tenant")
        )
        listed = _listed([community, *(_other(one, region)[1] for one in settled)])
    for row in settled:
        there, key = _other(row, region)
        places = (listed.get((region.pk, community)), listed.get((there.pk, key)))
        within = {known.department for known in places if known is not None}
        if there.pk in terms and _holds(terms[there.pk], within):
            lines.extend(_proposal_lines(row))
    return sorted(lines, key=lambda line: line.at)


def _after(act: PoolAct, last: PoolAct) -> bool:
    """Whether an act of a former pool came after one's own community had left it."""
    return last.what != PoolAct.What.JOINED and (act.at, act.pk) > (last.at, last.pk)


def _proposal_lines(row: Proposal) -> list[ActLine]:
    """A proposal that came to nothing: who made it, and what became of it."""
    made = ActLine(row.created_at, row.by_tenant.name, gettext("proposed to pool"), row.name)
    at = row.settled_at or row.created_at
    if row.state == Proposal.State.DECLINED:
        return [made, ActLine(at, row.to_tenant.name, gettext("declined the proposal"), row.name)]
    return [made, ActLine(at, "", gettext("The proposal holds no more"), row.name)]


def _other(proposal: Proposal, region: Tenant) -> tuple[Tenant, UUID]:
    """The other region of a proposal, and its community."""
    if proposal.to_tenant_id == region.pk:
        return proposal.by_tenant, proposal.by_community
    return proposal.to_tenant, proposal.to_community


def _holds(departments: list[str] | None, within: set[str]) -> bool:
    return departments is None or bool(within & set(departments))


def _listed(communities: Iterable[UUID]) -> dict[tuple[int, UUID], ListedCommunity]:
    rows = ListedCommunity.objects.filter(community__in=set(communities))
    return {(one.tenant_id, one.community): one for one in rows}

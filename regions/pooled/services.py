"""Acts on pools: communities of regions proposed to be one, accepted, renamed, detached.

Each is an act of the current region on a community of its own, which the caller has checked; other
regions that it concerns are told by a task. Acts are few: one at a time, under one lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.agreements.models import Party, Pooled
from regions.agreements.queries import Reach, reach
from regions.agreements.receipts import agreements_about, receipts_write
from regions.pooled import queries, tasks
from regions.pooled.errors import PooledError
from regions.pooled.hooks import Said
from regions.pooled.listing import department_of
from regions.pooled.models import ListedCommunity, Pool, PoolAct, PoolMember, Proposal
from regions.pooled.settling import ALIVE, log, pool_settle
from tenants.context import current_tenant, platform_scope
from tenants.models import Tenant

REASON: Final = "a region acts on its own pooled communities"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('pooled communities'))"


class Own(NamedTuple):
    """A community of the current region."""

    community: UUID
    name: str
    municipality_code: str


def pool_propose(*, own: Own, region: str, other: UUID, name: str = "") -> Proposal:
    """Ask a partner's community (of the region of that short name) to be one with one's own.

    ``name``: of the pool that is made; one that either is in already keeps its own.
    Raises ``PooledError``: ``with_itself``, ``no_agreement``, ``unknown_community``,
    ``already_pooled``, ``already_together``, ``region_already_in``, ``already_proposed``.
    """
    here, terms = current_tenant(), _terms()
    name = _checked(name or own.name)
    with _alone():
        there = Tenant.objects.filter(slug=region, state=Tenant.State.LIVE).first()
        if there is not None and there.pk == here.pk:
            raise PooledError(
                _("A community is pooled with another region’s, not with its own."),
                code="with_itself",
            )
        _check_agreed(terms, there)
        assert there is not None
        listed = ListedCommunity.objects.filter(tenant=there, community=other).first()
        if listed is None or not _covers(terms[there.pk], own.municipality_code, listed.department):
            raise PooledError(
                _("This region has no such community that yours could be pooled with."),
                code="unknown_community",
            )
        mine, theirs = _member(here.pk, own.community), _member(there.pk, other)
        _check_joinable(here.pk, mine, there.pk, theirs)
        joined = mine or theirs
        both = Q(by_tenant=here, by_community=own.community, to_tenant=there, to_community=other)
        both |= Q(by_tenant=there, by_community=other, to_tenant=here, to_community=own.community)
        if Proposal.objects.filter(both, state=Proposal.State.WAITS).exists():
            raise PooledError(
                _("A proposal between these two communities awaits an answer already."),
                code="already_proposed",
            )
        made = Proposal.objects.create(
            name=joined.pool.name if joined is not None else name,
            by_tenant_id=here.pk,
            by_community=own.community,
            to_tenant=there,
            to_community=other,
        )
        tasks.tell.enqueue(communities=[(there.pk, str(other))], what="proposed")
    return made


def proposal_accept(*, own: Own, proposal: UUID) -> Pool:
    """Say yes: both communities are one from the commit on. Returns the pool.

    Raises ``PooledError``: ``not_waiting``, ``no_agreement``, ``already_pooled``,
    ``already_together``, ``region_already_in``.
    """
    here, terms = current_tenant(), _terms()
    with _alone():
        row = _waiting(proposal, to_tenant_id=here.pk, to_community=own.community)
        _check_agreed(terms, row.by_tenant)
        theirs_listed = ListedCommunity.objects.filter(
            tenant=row.by_tenant, community=row.by_community
        ).first()
        if theirs_listed is None or not _covers(
            terms[row.by_tenant_id], own.municipality_code, theirs_listed.department
        ):
            raise PooledError(_("Their community is not there any more."), code="unknown_community")
        mine = _member(here.pk, own.community)
        theirs = _member(row.by_tenant_id, row.by_community)
        _check_joinable(here.pk, mine, row.by_tenant_id, theirs)
        known = mine or theirs
        pool = known.pool if known is not None else Pool.objects.create(name=row.name)
        for member, tenant, community, name in (
            (theirs, row.by_tenant_id, row.by_community, theirs_listed.name),
            (mine, here.pk, own.community, own.name),
        ):
            if member is None:
                PoolMember.objects.create(pool=pool, tenant_id=tenant, community=community)
                log(pool, tenant, PoolAct.What.JOINED, name, community=community)
        _settle(row, Proposal.State.ACCEPTED)
        _tell_act(here.pk, own, Said.ACCEPTED, pool.name, [_asker(row)])
        _tell(pool)
    return pool


def proposal_decline(*, own: Own, proposal: UUID) -> None:
    """Say no. Raises ``PooledError`` (``not_waiting``)."""
    here = current_tenant()
    with _alone():
        row = _waiting(proposal, to_tenant_id=here.pk, to_community=own.community)
        _settle(row, Proposal.State.DECLINED)
        _tell_act(here.pk, own, Said.DECLINED, row.name, [_asker(row)])


def proposal_withdraw(*, own: Own, proposal: UUID) -> None:
    """Take one's own proposal back. Raises ``PooledError`` (``not_waiting``)."""
    here = current_tenant()
    with _alone():
        row = _waiting(proposal, by_tenant_id=here.pk, by_community=own.community)
        _settle(row, Proposal.State.WITHDRAWN)
        asked = (row.to_tenant_id, str(row.to_community))
        _tell_act(here.pk, own, Said.WITHDRAWN, row.name, [asked])


def pool_rename(*, own: Own, name: str) -> Pool:
    """Give the pool another name, for all its regions.

    Raises ``PooledError``: ``not_pooled``, ``name_invalid``.
    """
    here = current_tenant()
    name = _checked(name)
    with _alone():
        pool = _own_member(here.pk, own.community).pool
        if pool.name != name:
            pool.name = name
            pool.save(update_fields=["name"])
            log(pool, here.pk, PoolAct.What.RENAMED, name)
            _tell(pool)
            _tell_act(here.pk, own, Said.RENAMED, name, _places(pool))
    return pool


def pool_leave(*, own: Own) -> None:
    """Detach one's own community, which stays as it is; a pool of one is no pool.

    Raises ``PooledError`` (``not_pooled``).
    """
    here = current_tenant()
    with _alone():
        member = _own_member(here.pk, own.community)
        _tell(member.pool)
        _tell_act(here.pk, own, Said.LEFT, member.pool.name, _places(member.pool))
        _remove(member, PoolAct.What.LEFT, own.name)


def region_leave(tenant: Tenant) -> None:
    """Take all of a region out of pools: it is about to be removed from the platform."""
    with _alone():
        for member in PoolMember.objects.filter(tenant_id=tenant.pk).select_related("pool"):
            others = [one for one in _places(member.pool) if one[0] != tenant.pk]
            tasks.tell.enqueue(communities=others, what="changed")
            _remove(member, PoolAct.What.LEFT, "")


def pooled_purge(tenant: Tenant) -> int:
    """Remove what no agreement of a region covers: its list, its places in pools, its proposals.

    Each ended agreement that pooled communities gets a receipt. Returns the places removed.
    """
    with _alone():
        alive = agreements_about(tenant, Pooled.COMMUNITIES).filter(state__in=ALIVE)
        partners = set(
            Party.objects.filter(agreement__in=alive)
            .exclude(tenant_id=tenant.pk)
            .values_list("tenant_id", flat=True)
        )
        pools = 0
        for member in PoolMember.objects.filter(tenant_id=tenant.pk).select_related("pool"):
            places = _places(member.pool)
            if not member.pool.members.filter(tenant_id__in=partners).exists():
                _remove(member, PoolAct.What.REMOVED, "")
                pools += 1
            elif not pool_settle(member.pool):
                continue
            tasks.tell.enqueue(communities=places, what="changed")
        waiting = Proposal.objects.filter(state=Proposal.State.WAITS)
        for own, other in (("by_tenant", "to_tenant"), ("to_tenant", "by_tenant")):
            rows = waiting.filter(**{own: tenant.pk}).exclude(**{f"{other}__in": partners})
            rows.update(state=Proposal.State.WITHDRAWN, settled_at=timezone.now())
        removed = 0
        if not partners:
            removed, _kinds = ListedCommunity.objects.filter(tenant_id=tenant.pk).delete()
        receipts_write(tenant, Pooled.COMMUNITIES, {"communities": removed, "detached": pools})
    return pools


@contextmanager
def _alone() -> Iterator[None]:
    """The platform's scope, in a transaction that no other act on pools crosses."""
    queries.forget_on_commit()
    with platform_scope(reason=REASON), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        yield


def _terms() -> dict[int, Reach]:
    return {one.partner: one for one in reach("communities")}


def _covers(terms: Reach, municipality: str, department: str) -> bool:
    """Whether one of the two communities lies where the agreements hold."""
    if terms.departments is None:
        return True
    return bool({department_of(municipality), department} & set(terms.departments))


def _check_agreed(terms: dict[int, Reach], there: Tenant | None) -> None:
    if there is None or there.pk not in terms:
        raise PooledError(
            _("No agreement in force with this region pools communities."), code="no_agreement"
        )


def _check_joinable(
    here: int, mine: PoolMember | None, there: int, theirs: PoolMember | None
) -> None:
    """At most one is in a pool, and the other's region has no community there."""
    if mine is not None and theirs is not None:
        if mine.pool_id == theirs.pool_id:
            raise PooledError(_("These communities are one already."), code="already_together")
        raise PooledError(
            _("Both communities are pooled with others: one has to be detached first."),
            code="already_pooled",
        )
    for known, joining in ((mine, there), (theirs, here)):
        if known is not None and known.pool.members.filter(tenant_id=joining).exists():
            raise PooledError(
                _("A region has one community in a pool, and there is one already."),
                code="region_already_in",
            )


def _member(tenant: int, community: UUID) -> PoolMember | None:
    rows = PoolMember.objects.select_related("pool")
    return rows.filter(tenant_id=tenant, community=community).first()


def _own_member(tenant: int, community: UUID) -> PoolMember:
    found = _member(tenant, community)
    if found is None:
        raise PooledError(
            _("The community is not pooled with any other any more."), code="not_pooled"
        )
    return found


def _waiting(proposal: UUID, **whose: object) -> Proposal:
    rows = Proposal.objects.select_related("by_tenant").filter(
        public_id=proposal, state=Proposal.State.WAITS, **whose
    )
    found = rows.first()
    if found is None:
        raise PooledError(
            _("This proposal has been answered or taken back meanwhile."), code="not_waiting"
        )
    return found


def _settle(proposal: Proposal, state: Proposal.State) -> None:
    proposal.state, proposal.settled_at = state, timezone.now()
    proposal.save(update_fields=["state", "settled_at"])


def _checked(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not 3 <= len(name) <= 100:
        raise PooledError(_("A name of 3 to 100 characters."), code="name_invalid")
    return name


def _remove(member: PoolMember, what: PoolAct.What, name: str) -> None:
    """Take a community out of its pool, and whoever was tied to the others by it alone."""
    log(member.pool, member.tenant_id, what, name, community=member.community)
    member.delete()
    pool_settle(member.pool)


def _places(pool: Pool) -> list[tuple[int, str]]:
    """The communities of a pool: keys of their regions, and public ids."""
    members: Iterable[PoolMember] = pool.members.order_by("pk")
    return [(one.tenant_id, str(one.community)) for one in members]


def _tell(pool: Pool) -> None:
    """Let every region of the pool act upon it once this is committed."""
    tasks.tell.enqueue(communities=_places(pool), what="changed")


def _asker(proposal: Proposal) -> tuple[int, str]:
    return proposal.by_tenant_id, str(proposal.by_community)


def _tell_act(
    here: int, own: Own, said: Said, name: str, places: Iterable[tuple[int, str]]
) -> None:
    """Let the others of those places hear of a region's act, once it is committed."""
    tasks.tell_act.enqueue(
        communities=[one for one in places if one[0] != here],
        by=(here, str(own.community)),
        said=said,
        name=name,
    )

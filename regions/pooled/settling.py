"""What holds a pool together: agreements between its regions, be they suspended for the moment.

A region left in a pool without a tie to any other leaves it, and parts that no agreement ties go on
as two pools: what no agreement covers must not even share a name. Called under the lock of acts
(``services``), in the platform's scope.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final
from uuid import UUID

from django.utils import timezone

from regions.agreements.models import Agreement, Party, Pooled
from regions.pooled.models import Pool, PoolAct, PoolMember

ALIVE: Final = (Agreement.State.IN_FORCE, Agreement.State.SUSPENDED)


def pool_settle(pool: Pool) -> bool:
    """Detach, or put into a pool of their own, those whom nothing ties to the rest.

    The largest part keeps the pool, of equal ones that which has been in it the longest. Where no
    two are tied the pool has ended. Returns whether anything changed.
    """
    members = list(pool.members.order_by("pk"))
    parts = _parts(members)
    if len(members) > 1 and len(parts) == 1:
        return False
    kept, *others = parts or [[]]
    if len(kept) < 2:
        pool.members.all().delete()
        pool.ended_at = timezone.now()
        pool.save(update_fields=["ended_at"])
        return True
    for part in others:
        if len(part) == 1:
            log(pool, part[0].tenant_id, PoolAct.What.REMOVED, community=part[0].community)
            part[0].delete()
            continue
        own = Pool.objects.create(name=pool.name)
        keys = [member.tenant_id for member in part]
        PoolMember.objects.filter(pk__in=[member.pk for member in part]).update(pool=own)
        PoolAct.objects.filter(pool=pool, tenant_id__in=keys).update(pool=own)
    return True


def log(
    pool: Pool, tenant: int, what: PoolAct.What, said: str = "", *, community: UUID | None = None
) -> None:
    """Write a line of a pool's log."""
    PoolAct.objects.create(
        pool=pool, tenant_id=tenant, community=community, what=what, said=said[:100]
    )


def _parts(members: list[PoolMember]) -> list[list[PoolMember]]:
    """Who is tied to whom, in one step or several: the largest part first, then the oldest."""
    keys = {member.tenant_id for member in members}
    tied: dict[int, set[int]] = {}
    rows = Party.objects.filter(
        tenant_id__in=keys,
        agreement__state__in=ALIVE,
        agreement__pools__contains=[Pooled.COMMUNITIES],
    )
    for agreement, tenant in rows.order_by("agreement_id").values_list("agreement_id", "tenant_id"):
        tied.setdefault(agreement, set()).add(tenant)
    part = {key: {key} for key in keys}
    for parties in tied.values():
        for one, other in combinations(parties, 2):
            together = part[one] | part[other]
            for key in together:
                part[key] = together
    found: dict[int, list[PoolMember]] = {}
    for member in members:
        found.setdefault(min(part[member.tenant_id]), []).append(member)
    return sorted(found.values(), key=lambda part: (-len(part), part[0].pk))

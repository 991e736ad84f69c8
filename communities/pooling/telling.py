"""Bringing what partners hold of the region's communities to what it should be.

The tables of communities are the truth: what tells that one has changed may be lost, the clock
looks at all of them every minute.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction

from communities.pooling.models import Told
from communities.pooling.payloads import payloads_of
from regions.agreements.queries import reach
from regions.pooled.listing import communities_tell, communities_withdraw
from regions.pooled.queries import listed_of_region
from regions.pooled.services import pooled_purge
from tenants.context import current_tenant

BATCH: Final = 200


def communities_sync(communities: Collection[UUID], *, again: bool = False) -> int:
    """Tell partners of these communities (public ids) what has changed; returns how many.

    Nothing is told while no agreement pools communities. Counting is under the lock of ``Told``:
    two changes at once are counted one after the other, and the last event says both.
    """
    if not communities or not reach("communities"):
        return 0
    with transaction.atomic():
        Told.objects.bulk_create(
            [Told(community=one) for one in communities], ignore_conflicts=True
        )
        rows = list(
            Told.objects.select_for_update().filter(community__in=communities).order_by("community")
        )
        wanted = payloads_of(communities)
        tell = {
            row.community: wanted[row.community]
            for row in rows
            if row.community in wanted and (again or row.said != wanted[row.community])
        }
        communities_tell(tell)
        for row in rows:
            if row.community in tell:
                row.said = dict(tell[row.community])
        Told.objects.bulk_update([row for row in rows if row.community in tell], ["said"])
        gone = [row for row in rows if row.community not in wanted]
        communities_withdraw([row.community for row in gone if row.said])
        Told.objects.filter(community__in=[row.community for row in gone]).delete()
    return len(tell) + len(gone)


def region_sync(*, again: bool = False) -> int:
    """The same for the whole region: what no act told, or (``again``) everything anew.

    What was still on its way when the last agreement ended is removed once it has arrived.
    """
    if not reach("communities"):
        if listed_of_region():
            pooled_purge(current_tenant())
        return 0
    wanted = payloads_of()
    said = dict(Told.objects.values_list("community", "said"))
    keys = sorted(
        one
        for one in {*wanted, *said}
        if again or one not in wanted or said.get(one) != wanted[one]
    )
    return sum(
        communities_sync(keys[start : start + BATCH], again=again)
        for start in range(0, len(keys), BATCH)
    )


def region_rebuild() -> int:
    """Tell partners everything anew, and take back what they should not hold; returns how many."""
    if not reach("communities"):
        return 0
    moved = region_sync(again=True)
    with transaction.atomic():
        known = set(Told.objects.values_list("community", flat=True))
        strangers = listed_of_region() - known
        communities_withdraw(sorted(strangers))
    return moved + len(strangers)

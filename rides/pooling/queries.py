"""What leaves the region of one member's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.accounts.models import Account
from regions.pool.queries import partner_names, pool_own
from rides.adverts.models import Advert
from rides.pooling.models import PoolingRefusal, SharedAdvert, pooling_enabled


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One advert that partners hold, or are about to."""

    advert: Advert
    agreed_at: dt.datetime
    since: dt.datetime | None
    """None: it is on its way."""
    regions: list[str]


@dataclass(frozen=True)
class SharedBy:
    """All that leaves of one member's."""

    lines: list[SharedLine]
    enabled: bool
    partners: list[str]
    refused: bool


def shared_by(account: Account) -> SharedBy:
    """Return what partners hold of an account's adverts, in a fixed number of queries."""
    rows = SharedAdvert.objects.filter(advert__author=account, withdrawn_at__isnull=True)
    shared = list(rows.filter(shared=True).select_related("advert").order_by("agreed_at", "pk"))
    held = {row.advert: row for row in pool_own()} if shared else {}
    lines = []
    for row in shared:
        own = held.get(row.pool_id)
        lines.append(
            SharedLine(
                row.advert,
                row.agreed_at,
                own.since if own else None,
                own.regions if own else [],
            )
        )
    return SharedBy(
        lines=lines,
        enabled=pooling_enabled(),
        partners=partner_names(),
        refused=PoolingRefusal.objects.filter(account=account).exists(),
    )

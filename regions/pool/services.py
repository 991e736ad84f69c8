"""The pool's upkeep: cards of regions, and what nobody may read any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from branding.themes.models import Theme
from regions.agreements.models import Pooled, Term
from regions.agreements.receipts import agreements_about, receipts_write
from regions.pool.models import PooledAdvert, RegionCard
from tenants.context import current_tenant, platform_scope
from tenants.models import Tenant

KEPT: Final = timedelta(days=2)
"""Rides that are over stay this long: clocks of regions differ."""


def card_copy(theme: Theme, using: str) -> None:
    """Copy what others show of a region, in the transaction that publishes its theme."""
    tenant = current_tenant()
    said = {"name": theme.name, "accent": theme.accent, "logo": theme.logo}
    with platform_scope(reason="a region's card, for the others"):
        RegionCard.objects.using(using).update_or_create(tenant_id=tenant.pk, defaults=said)


def pool_purge(tenant: Tenant) -> int:
    """Remove a region's adverts when no agreement of its own may share them again.

    Each ended agreement gets a receipt: what was removed, or 0 where another one still shares it.
    Returns how many were removed.
    """
    with platform_scope(reason="what no agreement covers leaves the pool"), transaction.atomic():
        removed = 0
        alive = ["in_force", "suspended"]
        if not agreements_about(tenant, Pooled.ADVERTS).filter(state__in=alive).exists():
            removed, _kinds = PooledAdvert.objects.filter(tenant_id=tenant.pk).delete()
        receipts_write(tenant, Pooled.ADVERTS, {"removed": removed})
    return removed


def partners_of(region: int) -> list[Tenant]:
    """Return the live regions with which a region (key) shares adverts. Needs the platform's scope.

    A hint for whom to wake: what they may read, the functions of the pool decide.
    """
    terms = Term.objects.filter(partner=region, what=Pooled.ADVERTS)
    rows = Tenant.objects.filter(pk__in=terms.values("asker"), state=Tenant.State.LIVE)
    return list(rows.order_by("pk"))


def pool_forget_past() -> int:
    """Remove adverts whose last ride is over (nightly). Needs the platform's scope."""
    limit = timezone.localdate() - KEPT
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pool_pooledadvert WHERE valid_until < %(limit)s "
            "OR (date < %(limit)s AND coalesce(return_date, date) < %(limit)s)",
            {"limit": limit},
        )
        return int(cursor.rowcount)

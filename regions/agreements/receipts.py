"""Receipts: what was removed of a region once an agreement of its own had ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet

from regions.agreements.models import Act, Agreement, Pooled
from tenants.models import Tenant


def agreements_about(tenant: Tenant, pooled: Pooled) -> QuerySet[Agreement]:
    """Return a region's agreements about something, whatever their state. Platform's scope."""
    return Agreement.objects.filter(parties__tenant_id=tenant.pk, pools__contains=[pooled])


def receipts_due(
    tenant: Tenant, pooled: Pooled, name: str, *, before: datetime | None = None
) -> QuerySet[Agreement]:
    """Return the ended agreements about something that have no receipt with this first name yet.

    Those that every party had signed, ended before an instant where one is given. Platform's scope.
    """
    done = Act.objects.filter(
        what=Act.What.PURGED, tenant_id=tenant.pk, content__has_key=name
    ).values("agreement")
    ended = agreements_about(tenant, pooled).filter(state=Agreement.State.ENDED)
    if before is not None:
        ended = ended.filter(ended_at__lte=before)
    return ended.exclude(parties__signed_version__lt=F("version")).exclude(pk__in=done)


def receipt_write(agreement: Agreement, tenant: Tenant, removed: Mapping[str, int]) -> None:
    """Note in the log of an agreement what a region has removed. Platform's scope."""
    Act.objects.create(
        agreement=agreement,
        tenant_id=tenant.pk,
        what=Act.What.PURGED,
        version=agreement.version,
        content=dict(removed),
    )


def receipts_write(tenant: Tenant, pooled: Pooled, removed: Mapping[str, int]) -> None:
    """Note in the log of each ended agreement what was removed: one receipt for each thing pooled.

    ``removed`` are counts by name, 0 where another agreement still shares it; the first name tells
    receipts of one thing from those of another. Needs the platform's scope and a transaction.
    """
    for agreement in receipts_due(tenant, pooled, next(iter(removed))):
        receipt_write(agreement, tenant, removed)

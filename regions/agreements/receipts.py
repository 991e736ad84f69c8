"""Receipts: what was removed of a region once an agreement of its own had ended."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, QuerySet

from regions.agreements.models import Act, Agreement, Pooled
from tenants.models import Tenant


def agreements_about(tenant: Tenant, pooled: Pooled) -> QuerySet[Agreement]:
    """Return a region's agreements about something, whatever their state. Platform's scope."""
    return Agreement.objects.filter(parties__tenant_id=tenant.pk, pools__contains=[pooled])


def receipts_write(tenant: Tenant, pooled: Pooled, removed: Mapping[str, int]) -> None:
    """Note in the log of each ended agreement what was removed: one receipt for each thing pooled.

    ``removed`` are counts by name, 0 where another agreement still shares it; the first name tells
    receipts of one thing from those of another. Needs the platform's scope and a transaction.
    """
    done = Act.objects.filter(
        what=Act.What.PURGED, tenant_id=tenant.pk, content__has_key=next(iter(removed))
    )
    ended = agreements_about(tenant, pooled).filter(state=Agreement.State.ENDED)
    signed = ended.exclude(parties__signed_version__lt=F("version"))
    for agreement in signed.exclude(pk__in=done.values("agreement")):
        Act.objects.create(
            agreement=agreement,
            tenant_id=tenant.pk,
            what=Act.What.PURGED,
            version=agreement.version,
            content=dict(removed),
        )

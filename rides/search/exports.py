"""What the platform holds about a person in alerts: for their export, and before they leave."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from core.accounts.models import Account
from rides.search.models import SavedSearch


def alerts_export(account: Account) -> list[dict[str, Any]]:
    """All of the account's alerts, with the adverts they found."""
    rows = SavedSearch.objects.filter(account=account).prefetch_related(
        "hits__advert", "pooled_hits"
    )
    return [
        {
            "id": str(alert.public_id),
            "origin": alert.origin_code,
            "destination": alert.destination_code,
            "question": alert.question,
            "active": alert.is_active,
            "made_at": alert.created_at.isoformat(),
            "mailed_at": alert.mailed_at.isoformat() if alert.mailed_at else None,
            "found": [str(hit.advert.public_id) for hit in alert.hits.all()],
            "found_in_partner_regions": [str(hit.pooled) for hit in alert.pooled_hits.all()],
        }
        for alert in rows
    ]


def alerts_summary(account: Account) -> list[str]:
    """« 2 alertes »."""
    count = SavedSearch.objects.filter(account=account, is_active=True).count()
    if not count:
        return []
    return [ngettext("%(count)d ride alert", "%(count)d ride alerts", count) % {"count": count}]

"""What an alert's mail says, looked up as it leaves: what was taken back meanwhile is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from core.notifications.hosts import site_url
from regions.pool.queries import PooledRow
from rides.adverts.models import Advert
from rides.adverts.queries import adverts_public
from rides.relay.adverts import partner_adverts
from rides.search.alerts import address, pooled_finds, token
from rides.search.models import SavedSearch

SHOWN: Final = 5
"""Adverts named in one mail; the others are behind its link."""


def alert_mail(queued: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The context of ``search/mails/alert`` now; None once nothing is left to tell.

    ``queued``: keys of the alert and of the region's own adverts, names of partners'.
    """
    alert = SavedSearch.objects.select_related("account").filter(pk=queued["alert"]).first()
    if alert is None or not alert.is_active or not alert.account.is_active:
        return None
    own = adverts_public(alert.account).filter(pk__in=queued["adverts"]).order_by("pk")
    pooled = pooled_finds(alert, {UUID(name) for name in queued["pooled"]}, timezone.now())
    lines = [*map(_line, own), *_partner_lines(pooled)]
    if not lines:
        return None
    return {
        "trip": str(alert),
        "count": len(lines),
        "adverts": lines[:SHOWN],
        "search_url": site_url(address(alert)),
        "stop_url": site_url(f"/recherche/alertes/arreter/{token(alert)}/"),
    }


def _line(advert: Advert) -> dict[str, str]:
    """An advert in a mail; ``via`` names the region of a partner's."""
    return {"label": str(advert), "url": site_url(f"/annonces/{advert.public_id}/"), "via": ""}


def _partner_lines(rows: Sequence[PooledRow]) -> list[dict[str, str]]:
    adverts = partner_adverts(rows) if rows else {}
    return [
        {
            "label": str(adverts[-row.pk]),
            "url": site_url(f"/recherche/via/{row.advert}/"),
            "via": row.region,
        }
        for row in rows
    ]

"""What the platform holds about a person in journeys: for their export."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from core.accounts.models import Account
from rides.journeys.access import journeys_of
from rides.journeys.models import CalendarFeed, Journey


def journeys_export(account: Account) -> dict[str, Any]:
    """All journeys of the account, and whether it has a calendar address."""
    return {
        "journeys": [_journey(one, account) for one in journeys_of(account)],
        "calendar_address": CalendarFeed.objects.filter(account=account).exists(),
    }


def _journey(one: Journey, account: Account) -> dict[str, Any]:
    drives = one.drives(account)
    partner = one.partner(account)
    return {
        "id": str(one.public_id),
        "role": "driver" if drives else "passenger",
        "with": partner.display_name if partner else None,
        "departs_at": one.departs_at.isoformat(),
        "arrives_at": one.arrives_at.isoformat(),
        "origin": one.origin_label,
        "destination": one.destination_label,
        "seats": one.seats,
        "metres": one.metres,
        "price_cents": one.price_cents,
        "status": one.status,
        "said": one.said(account),
        "thanks": one.thanks(account)[0],
    }


def journeys_summary(account: Account) -> list[str]:
    """« 12 trajets effectués »."""
    count = journeys_of(account).count()
    if not count:
        return []
    return [ngettext("%(count)d shared ride", "%(count)d shared rides", count) % {"count": count}]

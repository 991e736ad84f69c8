"""What the platform holds about a person in adverts: for their export, and before they leave."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from core.accounts.models import Account
from rides.adverts.models import Advert, AdvertDraft
from rides.adverts.queries import adverts_of


def adverts_export(account: Account) -> list[dict[str, Any]]:
    """All of the account's adverts, deleted ones included, with the author's own exact points."""
    rows = Advert.objects.filter(author=account).prefetch_related(
        "schedules", "communities", "stops", "exceptions"
    )
    return [_advert(advert) for advert in rows]


def _advert(advert: Advert) -> dict[str, Any]:
    def end(name: str) -> dict[str, Any]:
        own = getattr(advert, f"{name}_own_lat"), getattr(advert, f"{name}_own_lon")
        return {
            "municipality": getattr(advert, f"{name}_code"),
            "label": getattr(advert, f"{name}_label"),
            "shown_point": [getattr(advert, f"{name}_lat"), getattr(advert, f"{name}_lon")],
            "own_point": list(own) if own[0] is not None else None,
        }

    def text(value: Any) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "id": str(advert.public_id),
        "role": advert.role,
        "kind": advert.kind,
        "status": advert.status,
        "origin": end("origin"),
        "destination": end("destination"),
        "stops": [
            {
                "municipality": stop.code,
                "label": stop.label,
                "shown_point": [stop.lat, stop.lon],
                "own_point": list(stop.own_point) if stop.own_point else None,
            }
            for stop in advert.stops.all()
        ],
        "seats": advert.seats,
        "cents_per_km": advert.cents_per_km,
        "school_holidays": advert.school_holidays,
        "public_holidays": advert.public_holidays,
        "wheelchair": advert.wheelchair,
        "same_gender": advert.same_gender,
        "zone": advert.zone,
        "date": text(advert.date),
        "time": text(advert.time),
        "return_date": text(advert.return_date),
        "return_time": text(advert.return_time),
        "valid_from": text(advert.valid_from),
        "valid_until": text(advert.valid_until),
        "days": [
            {
                "weekday": slot.weekday,
                "time": text(slot.time),
                "return_time": text(slot.return_time),
            }
            for slot in advert.schedules.all()
        ],
        "exceptions": [
            {
                "day": text(one.day),
                "return": one.backwards,
                "usual_time": text(one.usual),
                "time": text(one.time),
            }
            for one in advert.exceptions.all()
        ],
        "comment": advert.comment,
        "communities": [community.name for community in advert.communities.all()],
        "published_at": text(advert.created_at),
    }


def drafts_export(account: Account) -> list[dict[str, Any]]:
    """What the account typed of adverts that are not published, or not changed, yet."""
    return [
        {
            "advert": str(draft.advert.public_id) if draft.advert else None,
            "typed": draft.data.get("steps", {}),
            "changed_at": draft.updated_at.isoformat(),
        }
        for draft in AdvertDraft.objects.filter(account=account).select_related("advert")
    ]


def adverts_summary(account: Account) -> list[str]:
    """« 3 annonces »."""
    count = adverts_of(account).count()
    if not count:
        return []
    return [ngettext("%(count)d advert", "%(count)d adverts", count) % {"count": count}]

"""What the platform holds about a person in bookings: for their export, and before they leave."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from core.accounts.models import Account
from rides.bookings.access import bookings_of
from rides.bookings.models import LIVE, Booking


def bookings_export(account: Account) -> list[dict[str, Any]]:
    """All bookings of the account; of the other person, the name that is shown to all."""
    rows = bookings_of(account).prefetch_related("rides", "weeks", "events")
    return [_booking(row, account) for row in rows]


def _booking(row: Booking, account: Account) -> dict[str, Any]:
    rides = row.passenger_id == account.pk
    own = [row.pickup_own_lat, row.pickup_own_lon]
    own_end = [row.dropoff_own_lat, row.dropoff_own_lon]
    asked = row.asker_id == account.pk
    return {
        "id": str(row.public_id),
        "advert": str(row.advert.public_id),
        "role": "passenger" if rides else "driver",
        "with": row.other(account).display_name,
        "status": row.status,
        "ending": row.ending,
        "seats": row.seats,
        "pickup": row.pickup_label,
        "pickup_own_point": own if rides and own[0] is not None else None,
        "dropoff": row.dropoff_label,
        "dropoff_own_point": own_end if rides and own_end[0] is not None else None,
        "meeting_point": row.meeting_label,
        "price_cents": row.price_cents,
        "message": row.message if asked else "",
        "asked_at": row.created_at.isoformat(),
        "rides": [
            {
                "day": one.day.isoformat(),
                "backwards": one.backwards,
                "time": one.time.isoformat(),
                "status": one.status,
            }
            for one in row.rides.all()
        ],
        "weeks": [
            {
                "weekday": one.weekday,
                "backwards": one.backwards,
                "time": one.time.isoformat(),
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
            }
            for one in row.weeks.all()
        ],
        "events": [
            {"kind": one.kind, "at": one.at.isoformat(), "text": one.text}
            for one in row.events.all()
            if one.actor_id == account.pk
        ],
    }


def bookings_summary(account: Account) -> list[str]:
    """« 2 réservations en cours »."""
    count = bookings_of(account).filter(status__in=LIVE).count()
    if not count:
        return []
    return [
        ngettext("%(count)d booking to come", "%(count)d bookings to come", count)
        % {"count": count}
    ]

"""What bookings bring to statistics: asking for a ride, or answering, is being active."""

from __future__ import annotations

from typing import Final

from regions.statistics.catalogue import ACTIVITIES, Activity

_ASKED: Final = """
SELECT (b.created_at AT TIME ZONE %(zone)s)::date AS day,
       CASE WHEN b.asked_by_driver THEN b.driver_id ELSE b.passenger_id END AS person
  FROM bookings_booking b
UNION ALL
SELECT (b.answered_at AT TIME ZONE %(zone)s)::date,
       CASE WHEN b.asked_by_driver THEN b.passenger_id ELSE b.driver_id END
  FROM bookings_booking b WHERE b.answered_at IS NOT NULL
"""


def register() -> None:
    """Put requests among the reasons to count as active."""
    ACTIVITIES.register(Activity(name="bookings", records=_ASKED))

"""How far behind the projection is: for health, and for operators."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Min, Sum
from django.utils import timezone

from regions.projection.models import Backlog, Parked


class Lag(NamedTuple):
    """The whole projection in a few figures."""

    lag_seconds: int
    """Age of the oldest event that waited when last seen; 0 when none did."""
    waiting: int
    parked: int
    letters_lag_seconds: int
    """Age of the oldest letter that a region had not read; 0 when there was none."""
    letters_waiting: int
    letters_parked: int
    seen_seconds_ago: int
    """Since a projector last looked at anything; -1: never."""


def lag(now: datetime | None = None) -> Lag:
    """Return how far behind the projection is, over all regions. Needs the platform's scope."""
    now = now or timezone.now()
    seen = Backlog.objects.aggregate(
        oldest=Min("oldest_at"),
        waiting=Sum("waiting"),
        parked=Sum("parked"),
        letters_oldest=Min("letters_oldest_at"),
        letters_waiting=Sum("letters_waiting"),
        letters_parked=Sum("letters_parked"),
        seen=Max("seen_at"),
    )

    def age(name: str, none: int) -> int:
        return int((now - seen[name]).total_seconds()) if seen[name] else none

    return Lag(
        lag_seconds=age("oldest", 0),
        waiting=seen["waiting"] or 0,
        parked=seen["parked"] or 0,
        letters_lag_seconds=age("letters_oldest", 0),
        letters_waiting=seen["letters_waiting"] or 0,
        letters_parked=seen["letters_parked"] or 0,
        seen_seconds_ago=age("seen", -1),
    )


def backlogs() -> list[Backlog]:
    """Return every region's backlog, by its name."""
    return list(Backlog.objects.select_related("tenant").order_by("tenant__name"))


def parked_waiting(limit: int = 100) -> list[Parked]:
    """Return the events and letters that wait for somebody, the latest first."""
    rows = Parked.objects.filter(outcome=Parked.Outcome.WAITS)
    return list(rows.select_related("tenant")[:limit])

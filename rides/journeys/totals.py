"""What a person has shared: kilometres, contributions, CO₂. The definitions are published.

Only rides that took place count: ``validated`` journeys, each day of a weekly ride for itself. A
ride with one passenger counts once for the driver and once for the passenger.

* kilometres: road kilometres of the rides, each passenger's for themself;
* CO₂ avoided = kilometres × seats × the region's grams per kilometre (``RidesSettings``): every
  seat taken is a car that stayed at home;
* contributions: what passengers gave, what drivers received, in cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from core.accounts.models import Account
from rides.adverts.settings import RidesSettings
from rides.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class Totals:
    """A person's own figures."""

    journeys: int
    metres: int
    received_cents: int
    given_cents: int
    co2_grams: int


def totals_of(account: Account, rules: RidesSettings) -> Totals:
    """The figures of one person; one statement."""
    mine = Journey.objects.filter(
        Q(driver=account) | Q(passenger=account), status=Journey.Status.VALIDATED
    )
    found: dict[str, Any] = mine.aggregate(
        number=Count("pk"),
        shared=Coalesce(Sum("metres"), 0),
        seat_metres=Coalesce(Sum(F("metres") * F("seats")), 0),
        received=Coalesce(Sum("price_cents", filter=Q(driver=account)), 0),
        given=Coalesce(Sum("price_cents", filter=Q(passenger=account)), 0),
    )
    return Totals(
        journeys=found["number"],
        metres=found["shared"],
        received_cents=found["received"],
        given_cents=found["given"],
        co2_grams=co2_grams(found["seat_metres"], rules.co2_grams_per_km),
    )


def co2_grams(seat_metres: int, grams_per_km: int) -> int:
    """Grams of CO₂ that ``seat_metres`` (metres × seats) avoided, to the nearest gram."""
    return round(seat_metres * grams_per_km / 1000)

"""What a passenger contributes: integer cents, from metres of road and cents per kilometre.

The one rule of rounding: down to a multiple of five cents, which people can pay in coins. Down,
because sharing costs must never become earning money: no price is above the rate times the way.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from rides.adverts.models import Advert
from rides.adverts.routes import way_of
from rides.matching.figures import ROAD_FACTOR
from rides.matching.geometry import Point, distance

STEP_CENTS: Final = 5


def price_cents(metres: float, cents_per_km: int) -> int:
    """Cents that one passenger contributes for ``metres`` of road, at ``cents_per_km``.

    Rounded down to a multiple of five; 0 is free, as is a way too short to cost five cents.
    Metres are first cut to whole ones, so that the same way always costs the same.
    """
    return int(metres) * cents_per_km // 1000 // STEP_CENTS * STEP_CENTS


def road_metres(*places: Point) -> int:
    """Whole metres of road along places in order: an estimate from straight lines."""
    return int(sum(distance(*leg) for leg in pairwise(places)) * ROAD_FACTOR)


def advert_metres(advert: Advert) -> int:
    """Whole metres of road of an advert's whole route."""
    return road_metres(*way_of(advert))


def advert_price(advert: Advert) -> int:
    """Cents that one passenger contributes for the whole route."""
    return price_cents(advert_metres(advert), advert.cents_per_km)

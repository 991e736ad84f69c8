"""Where a passenger gets in and out, checked: a place that exists, as others may see it."""

from __future__ import annotations

from rides.adverts.inputs import Place
from rides.adverts.models import Advert
from rides.adverts.prices import advert_metres, road_metres
from rides.adverts.route_rules import CheckedPlace, Message, checked_place
from rides.bookings.inputs import Request

ENDS = {"pickup": "origin", "dropoff": "destination"}
"""Where the two meet and part unless they say otherwise."""


def checked_end(
    place: Place | None, advert: Advert, name: str, fields: dict[str, Message]
) -> CheckedPlace:
    """Return the passenger's end, or the advert's where none was said; ``fields`` gets errors."""
    end = ENDS[name]
    found = checked_place(place, name, fields) if place is not None else None
    return found or CheckedPlace(
        getattr(advert, f"{end}_code"),
        getattr(advert, f"{end}_label"),
        getattr(advert, end),
        None,
    )


def shared_metres(
    advert: Advert, request: Request, pickup: CheckedPlace, dropoff: CheckedPlace
) -> int:
    """Metres of road of one shared ride: the advert's whole route, unless other ends were said."""
    if request.pickup is None and request.dropoff is None and not any(request.ends):
        return advert_metres(advert)
    return road_metres(pickup.shown, dropoff.shown)

"""Where a passenger gets in and out, checked: a place that exists, as others may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.territories.queries import municipality_get
from rides.adverts.inputs import Place
from rides.adverts.models import LABEL_LENGTH, Advert
from rides.adverts.prices import advert_metres, road_metres
from rides.bookings.inputs import Request
from rides.matching.geometry import Point, distance, snapped

OWN_POINT_M: Final = 100_000.0
"""A person's own point is this near to its municipality's centre."""

Fields = dict[str, str | Promise]


@dataclass(frozen=True, slots=True)
class End:
    """One end of the shared ride."""

    label: str
    shown: Point
    own: Point | None


def end_of(advert: Advert, name: str) -> End:
    """The advert's own ``origin`` or ``destination``, as others see it."""
    point = advert.origin if name == "origin" else advert.destination
    return End(getattr(advert, f"{name}_label"), point, None)


def checked_end(place: Place | None, advert: Advert, name: str, fields: Fields) -> End:
    """Return the passenger's end, or the advert's where none was said; ``fields`` gets errors."""
    own_end = end_of(advert, "origin" if name == "pickup" else "destination")
    if place is None:
        return own_end
    town = municipality_get(place.code)
    if town is None or town.lat is None or town.lon is None:
        fields[name] = _("Choose the municipality from the list.")
        return own_end
    detail = " ".join(place.detail.split())
    label = f"{town.name}, {detail}" if detail else town.name
    if len(label) > LABEL_LENGTH:
        fields[f"{name}_detail"] = _("Say where in fewer words.")
    centre, own = Point(town.lat, town.lon), place.own_point
    if own is None:
        return End(label, centre, None)
    inside = -90 <= own.lat <= 90 and -180 <= own.lon <= 180
    if not inside or distance(own, centre) > OWN_POINT_M:
        fields[name] = _("This point is not in %(town)s.") % {"town": town.name}
        return own_end
    return End(label, snapped(own), own)


def shared_metres(advert: Advert, request: Request, pickup: End, dropoff: End) -> int:
    """Metres of road of one shared ride: the advert's whole route, unless other ends were said."""
    if request.pickup is None and request.dropoff is None:
        return advert_metres(advert)
    return road_metres(pickup.shown, dropoff.shown)

"""What the places of an advert must be: known, in order, and neither too near nor too far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.territories.models import Municipality
from regions.territories.queries import municipality_get
from rides.adverts.inputs import Place
from rides.adverts.models import LABEL_LENGTH, MAX_STOPS
from rides.matching.figures import MAX_TRIP_M, MIN_TRIP_M
from rides.matching.geometry import Point, distance, nearest, snapped, vectors
from rides.places.queries import place_open

OWN_POINT_M: Final = 100_000.0
"""A member's own point is this near to its municipality's centre: even Guyane's are no larger."""
APART_M: Final = 100.0
"""Two places nearer than this are one."""
BACK_M: Final = 2_000.0
"""A stop may lie this far behind the one before it: roads wind."""
LONGEST: Final = 2.0
"""A route through its stops is at most so many times the direct line."""

Message = str | Promise


@dataclass(frozen=True, slots=True)
class CheckedPlace:
    """A place that exists."""

    code: str
    label: str
    shown: Point
    """What others see and what matching uses: the municipality's centre, or a grid cell's."""
    own: Point | None
    carpool_place: int | None = None


def checked_place(place: Place, name: str, fields: dict[str, Message]) -> CheckedPlace | None:
    """The place as it will be kept; None when something is wrong, said in ``fields``."""
    municipality = municipality_get(place.code)
    if municipality is None or municipality.lat is None or municipality.lon is None:
        fields[name] = _("Choose a municipality from the list.")
        return None
    centre = Point(municipality.lat, municipality.lon)
    detail = " ".join(place.detail.split())
    label = f"{municipality.name}, {detail}" if detail else municipality.name
    if len(label) > LABEL_LENGTH:
        fields[f"{name}_detail"] = _("Describe the place in fewer words.")
    own = place.own_point
    if place.carpool_place is not None:
        found = place_open(place.carpool_place)
        if found is None or found.code != municipality.code:
            fields[name] = _("This carpool place is not there any more: choose another one.")
            return None
        return CheckedPlace(municipality.code, label, found.point, None, found.pk)
    if own is None:
        return CheckedPlace(municipality.code, label, centre, None)
    if not (-90 <= own.lat <= 90 and -180 <= own.lon <= 180):
        fields[name] = _("This point does not exist.")
        return None
    if distance(own, centre) > OWN_POINT_M:
        fields[name] = _("This point is far from %(municipality)s.") % {
            "municipality": municipality.name
        }
        return None
    return CheckedPlace(municipality.code, label, snapped(own), own)


def detail_of(municipality: Municipality | None, label: str) -> str:
    """What an author wrote beside the municipality's name: « Gare sud » of « Rennes, Gare sud »."""
    if municipality is None or label == municipality.name:
        return ""
    return label.removeprefix(f"{municipality.name}, ")


def check_route(
    start: CheckedPlace,
    stops: Sequence[CheckedPlace],
    end: CheckedPlace,
    fields: dict[str, Message],
) -> None:
    """Say what is wrong with the way from start to end through the stops."""
    direct = distance(start.shown, end.shown)
    if direct < MIN_TRIP_M:
        fields["destination"] = _("Departure and arrival are the same place.")
        return
    places = (start, *stops, end)
    metres = sum(distance(one.shown, other.shown) for one, other in pairwise(places))
    if max(direct, metres) > MAX_TRIP_M:
        fields["destination"] = _("This is more than 1,500 km away: too far for carpooling.")
    if not stops:
        return
    if len(stops) > MAX_STOPS:
        fields["stops"] = _("At most %(most)d stops.") % {"most": MAX_STOPS}
        return
    for index, (before, stop) in enumerate(pairwise((start, *stops))):
        if distance(before.shown, stop.shown) < APART_M:
            fields[f"stops.{index}"] = _("This is the same place as the one before it.")
    if distance(stops[-1].shown, end.shown) < APART_M:
        fields[f"stops.{len(stops) - 1}"] = _("This is the same place as the arrival.")
    order = in_order(start.shown, [stop.shown for stop in stops], end.shown)
    ahead = along(start.shown, [stop.shown for stop in stops], end.shown)
    for index, (behind, here) in enumerate(pairwise(ahead), start=1):
        if here < behind - BACK_M and order != list(range(len(stops))):
            fields.setdefault(
                f"stops.{index}", _("This stop comes before the previous one: change their order.")
            )
    if metres > LONGEST * direct and not any(name.startswith("stops") for name in fields):
        fields["stops"] = _(
            "With these stops the way is more than twice as long as the direct one: check them."
        )


def along(start: Point, stops: Sequence[Point], end: Point) -> list[float]:
    """Metres from the start, along the direct line, at which each stop lies nearest to it."""
    if not stops:
        return []
    first, last = vectors(np.array([start, end], dtype=np.float64))
    found: list[float] = nearest(vectors(np.array(stops)), first, last).along.tolist()
    return found


def in_order(start: Point, stops: Sequence[Point], end: Point) -> list[int]:
    """Indexes of the stops in the order in which the direct line passes them; ties as they are."""
    ahead = along(start, stops, end)
    return sorted(range(len(stops)), key=lambda index: (ahead[index], index))

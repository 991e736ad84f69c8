"""Carpool places follow their municipalities when these merge or split (MR-07)."""

from __future__ import annotations

from regions.territories.moves import Kind, Move
from rides.places.models import CarpoolPlace


def places_move(move: Move) -> int:
    """Put carpool places under the new codes; of a split municipality, where they lie."""
    if move.kind != Kind.MUNICIPALITY:
        return 0
    moved = []
    for place in CarpoolPlace.objects.filter(code__in=list(move.codes)).order_by("pk"):
        was = place.code
        place.code = move.code_at(was, place.lat, place.lon)
        if place.code != was:
            moved.append(place)
    CarpoolPlace.objects.bulk_update(moved, ["code"], batch_size=500)
    return len(moved)

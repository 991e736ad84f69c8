"""Journeys follow the municipality that they left when it merges or splits (MR-07)."""

from __future__ import annotations

from typing import Final

from regions.territories.moves import Kind, Move
from rides.journeys.models import Journey

BATCH: Final = 500


def journeys_move(move: Move) -> int:
    """Put journeys under the new codes; of a split municipality, where people got in.

    Those whose booking is no longer there stay under the old code: nobody knows where they began.
    Months that are published stay as they were told.
    """
    if move.kind != Kind.MUNICIPALITY:
        return 0
    moved = []
    found = Journey.objects.filter(origin_code__in=list(move.codes)).select_related("booking")
    for journey in found.order_by("pk").iterator(chunk_size=BATCH):
        was, booking = journey.origin_code, journey.booking
        if len(move.codes_for(was)) == 1:
            journey.origin_code = move.codes_for(was)[0]
        elif booking is not None:
            start = booking.dropoff if journey.backwards else booking.pickup
            journey.origin_code = move.code_at(was, start.lat, start.lon)
        if journey.origin_code != was:
            moved.append(journey)
    Journey.objects.bulk_update(moved, ["origin_code"], batch_size=BATCH)
    return len(moved)

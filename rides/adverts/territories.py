"""Adverts follow the municipalities of their ends when these merge or split (MR-07)."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from regions.territories.moves import Kind, Move
from rides.adverts.models import Advert

BATCH: Final = 500
FIELDS: Final = ("origin_code", "destination_code")


def adverts_move(move: Move) -> int:
    """Put the ends of adverts under the new codes; of a split municipality, where they lie.

    Partners read codes too: ``manage.py rebuild_pool`` tells them.
    """
    if move.kind != Kind.MUNICIPALITY:
        return 0
    old = list(move.codes)
    found = Advert.objects.filter(Q(origin_code__in=old) | Q(destination_code__in=old))
    moved = []
    for advert in found.order_by("pk").iterator(chunk_size=BATCH):
        was = advert.origin_code, advert.destination_code
        advert.origin_code = move.code_at(was[0], advert.origin_lat, advert.origin_lon)
        advert.destination_code = move.code_at(
            was[1], advert.destination_lat, advert.destination_lon
        )
        if was != (advert.origin_code, advert.destination_code):
            moved.append(advert)
    Advert.objects.bulk_update(moved, FIELDS, batch_size=BATCH)
    return len(moved)

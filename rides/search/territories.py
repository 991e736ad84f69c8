"""Alerts follow the municipalities of their trips when these merge or split (MR-07)."""

from __future__ import annotations

from typing import Final

from regions.territories.moves import Kind, Move
from regions.territories.queries import municipalities_get
from rides.matching.figures import DEFAULT_RADIUS_M
from rides.search.alerts import fingerprint_of, trip_box
from rides.search.models import SavedSearch
from rides.search.rules import point_of

FIELDS: Final = ["origin_code", "destination_code", "fingerprint", "south", "west", "north", "east"]


def alerts_move(move: Move) -> int:
    """Ask alerts from and to the new municipalities; their author still reads the name they chose.

    Of a municipality that was split nobody knows which part was meant: the one in which its centre
    lies, or the first where the register knows the old one no more. Two that are now the same
    question are one.
    """
    if move.kind != Kind.MUNICIPALITY:
        return 0
    old = list(move.codes)
    found = SavedSearch.objects.filter(origin_code__in=old) | SavedSearch.objects.filter(
        destination_code__in=old
    )
    codes_held = found.values_list("origin_code", "destination_code")
    known = municipalities_get(
        sorted(
            {*move.codes.keys(), *(one for parts in move.codes.values() for one in parts)}
            | {code for pair in codes_held for code in pair}
        )
    )

    def now(code: str) -> str:
        place = known.get(code)
        if place is None or place.lat is None or place.lon is None:
            return move.codes_for(code)[0]
        return move.code_at(code, place.lat, place.lon)

    moved = 0
    for alert in found.order_by("pk"):
        was = alert.origin_code, alert.destination_code
        alert.origin_code, alert.destination_code = map(now, was)
        if was == (alert.origin_code, alert.destination_code):
            continue
        codes = alert.origin_code, alert.destination_code
        alert.fingerprint = fingerprint_of(*codes, alert.question)
        moved += 1
        same = SavedSearch.objects.filter(account=alert.account_id, fingerprint=alert.fingerprint)
        twin = same.exclude(pk=alert.pk).first()
        if twin is not None:
            if alert.is_active and not twin.is_active:
                twin.is_active = True
                twin.save(update_fields=["is_active"])
            alert.delete()
            continue
        ends = [point_of(known[code]) for code in codes if code in known and known[code].is_located]
        if len(ends) == 2:
            radius = float(alert.question.get("radius", DEFAULT_RADIUS_M))
            box = trip_box(ends[0], ends[1], radius)
            alert.south, alert.west, alert.north, alert.east = (
                box.south,
                box.west,
                box.north,
                box.east,
            )
        alert.save(update_fields=FIELDS)
    return moved

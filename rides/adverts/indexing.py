"""What the search's index holds of an advert: ``keys`` and ``week``, always made together.

Whoever writes an advert, its slots or its exceptions calls ``index_fill`` before saving, or
``advert_reindex`` after. ``adverts_reindex`` makes them anew for a whole region (the command
``reindex_adverts``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from django.db import transaction

from rides.adverts.inputs import Slot
from rides.adverts.models import Advert, AdvertException
from rides.adverts.routes import line_points
from rides.matching.keys import Leaving, Run, driver_keys, passenger_keys, runs
from rides.matching.timing import DAY_S

BATCH: Final = 500
TOLD_EVERY: Final = 10_000

Crossed = dict[tuple[float, ...], tuple[list[Run], float]]
"""The cells of routes already looked at: many adverts of one load share theirs."""


def index_fill(
    advert: Advert,
    slots: Sequence[Slot],
    exceptions: Iterable[AdvertException] = (),
    known: Crossed | None = None,
) -> None:
    """Set ``keys`` and ``week`` from the advert's own fields, its slots and its exceptions.

    ``line`` must be set. Nothing is saved.
    """
    leaving = list(_leaving(advert, slots, exceptions))
    line = tuple(advert.line)
    points = line_points(line)
    keys: set[int] = set()
    if advert.role != Advert.Role.PASSENGER:
        crossed = known.get(line) if known is not None else None
        if crossed is None:
            crossed = runs(points)
            if known is not None:
                known[line] = crossed
        keys |= driver_keys(*crossed, leaving)
    if advert.role != Advert.Role.DRIVER:
        keys |= passenger_keys(points, leaving)
    advert.keys = sorted(keys)
    advert.week = sorted(
        packed
        for slot in slots
        for backwards, at in ((False, slot.time), (True, slot.return_time))
        if at is not None
        for packed in (week_pack(slot.weekday, at, backwards=backwards),)
    )


def week_pack(weekday: int, at: dt.time, *, backwards: bool) -> int:
    """A weekly departure in one number: twice the second of the week, plus 1 for a return."""
    return (weekday * DAY_S + second_of_day(at)) << 1 | backwards


def second_of_day(at: dt.time) -> int:
    """Whole seconds since midnight on the clock."""
    return at.hour * 3600 + at.minute * 60 + at.second


def _leaving(
    advert: Advert, slots: Sequence[Slot], exceptions: Iterable[AdvertException]
) -> Iterator[Leaving]:
    """Every departure that the index must know, each once."""
    weekly = {(False, slot.time) for slot in slots}
    weekly |= {(True, slot.return_time) for slot in slots if slot.return_time is not None}
    for backwards, at in weekly:
        yield Leaving(backwards, second_of_day(at))
    dated = [(False, advert.date, advert.time), (True, advert.return_date, advert.return_time)]
    dated += [(one.backwards, one.day, one.time) for one in exceptions]
    for backwards, day, time in dated:
        if day is not None and time is not None:
            yield Leaving(backwards, second_of_day(time), day)


def advert_reindex(advert: Advert) -> None:
    """Make an advert's index anew from its rows: its slots, its stops or a single day changed."""
    _refill([advert.pk], {})


def adverts_reindex(progress: Callable[[int, int], None] | None = None) -> int:
    """Make the index of every advert of the region anew; returns how many.

    For when the keys' form has changed. Searches and authors go on meanwhile. ``progress`` is told
    how many of how many are done, every 10,000.
    """
    known: Crossed = {}
    keys = list(Advert.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        if start and start % TOLD_EVERY == 0 and progress is not None:
            progress(start, len(keys))
        _refill(keys[start : start + BATCH], known)
    return len(keys)


@transaction.atomic
def _refill(keys: Sequence[int], known: Crossed) -> None:
    """Locks the adverts: their authors may be changing them."""
    rows = Advert.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    filled = []
    for advert in rows.prefetch_related("schedules", "exceptions"):
        slots = [Slot(one.weekday, one.time, one.return_time) for one in advert.schedules.all()]
        index_fill(advert, slots, advert.exceptions.all(), known)
        filled.append(advert)
    Advert.objects.bulk_update(filled, ["keys", "week"])

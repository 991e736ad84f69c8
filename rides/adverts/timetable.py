"""The days and times of an advert in lines that people read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.shell import humanise
from rides.adverts.models import Advert


@dataclass(frozen=True, slots=True)
class Line:
    """Days that share their times."""

    days: str
    """« du lundi au jeudi », or a date."""
    outward: dt.time | None
    back: dt.time | None
    back_day: dt.date | None = None
    """The day of the return when it is not the outward one's."""


def timetable(advert: Advert) -> list[Line]:
    """One line per different pair of times, the first day first."""
    if advert.kind == Advert.Kind.ONE_OFF:
        assert advert.date is not None
        other = advert.return_date if advert.return_date != advert.date else None
        return [Line(humanise.day(advert.date), advert.time, advert.return_time, other)]
    together: dict[tuple[dt.time, dt.time | None], list[int]] = {}
    for slot in advert.slots:
        together.setdefault((slot.time, slot.return_time), []).append(slot.weekday + 1)
    return [
        Line(humanise.weekdays(days), outward, back) for (outward, back), days in together.items()
    ]

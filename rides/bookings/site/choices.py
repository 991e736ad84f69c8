"""The rides of an advert as boxes to tick."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.shell import humanise
from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.occurrences import slots_of
from rides.bookings.dates import Groups
from rides.bookings.inputs import WeekKey


@dataclass(frozen=True, slots=True)
class Box:
    """One ride that may be chosen."""

    value: str
    label: str
    note: str = ""
    checked: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A day, and its rides."""

    label: str
    boxes: list[Box]


DAY: Final = "jour"
"""Parameter of addresses: the day and direction of an advert that a search found."""


def day_value(day: dt.date | None, backwards: bool) -> str:
    """« 2026-11-27_0 »; empty for every week."""
    return f"{day.isoformat()}_{int(backwards)}" if day else ""


def day_asked(given: QueryDict) -> str:
    """What an address says of a day; empty where it says none."""
    said = given.get(DAY, "")
    return said if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}_[01]", said) else ""


def boxes_of(found: Groups, day: str) -> list[str]:
    """The boxes of a day and direction; none where the advert does not run then."""
    keys = [one.key for group in found.values() for one in group] if day else []
    return [key_value(key) for key in keys if day_value(key.day, key.backwards) == day]


def key_value(key: RideKey) -> str:
    """A ride as the value of a box."""
    return f"{key.day.isoformat()}_{int(key.backwards)}_{key.usual:%H%M}"


def parse_key(value: str) -> RideKey | None:
    """The ride that a box names; None when it names none."""
    day, _bar, rest = value.partition("_")
    parsed = _direction(rest)
    try:
        return RideKey(dt.date.fromisoformat(day), *parsed) if parsed else None
    except ValueError:
        return None


def week_value(key: WeekKey) -> str:
    """A weekly ride as the value of a box."""
    return f"{key.weekday}_{int(key.backwards)}_{key.time:%H%M}"


def parse_week(value: str) -> WeekKey | None:
    """The weekly ride that a box names; None when it names none."""
    weekday, _bar, rest = value.partition("_")
    parsed = _direction(rest)
    if not parsed or weekday not in set("0123456"):
        return None
    return WeekKey(int(weekday), *parsed)


def _direction(value: str) -> tuple[bool, dt.time] | None:
    backwards, _bar, clock = value.partition("_")
    if backwards not in {"0", "1"} or len(clock) != 4 or not (clock.isascii() and clock.isdigit()):
        return None
    try:
        return backwards == "1", dt.time(int(clock[:2]), int(clock[2:]))
    except ValueError:
        return None


def _label(backwards: bool, at: dt.time) -> str:
    words = _("Return %(time)s") if backwards else _("Outward %(time)s")
    return words % {"time": humanise.clock(at)}


def ride_rows(
    found: Groups,
    left: Mapping[RideKey, int],
    now: dt.datetime,
    chosen: set[str],
    *,
    everything: bool,
    counted: bool = True,
) -> list[Row]:
    """The rides still to come, by day; ``everything``: all ticked, where there is room.

    ``counted``: whether seats are known here; a partner region tells of its own when it answers.
    """
    rows: dict[dt.date, list[Box]] = {}
    for (day, backwards), group in sorted(found.items()):
        for one in group:
            if one.cancelled or one.departs_at <= now:
                continue
            seats = left.get(one.key, 0)
            value = key_value(one.key)
            note = (
                ngettext("%(count)d seat left", "%(count)d seats left", seats) % {"count": seats}
                if seats
                else _("full: waiting list")
            )
            if not counted:
                note = ""
            box = Box(
                value,
                _label(backwards, one.time),
                note,
                value in chosen or (everything and seats > 0),
                not seats,
            )
            rows.setdefault(day, []).append(box)
    return [Row(humanise.day(day), boxes) for day, boxes in sorted(rows.items())]


def week_rows(advert: Advert, chosen: set[str] | None) -> list[Row]:
    """The slots of a regular advert, by weekday; all ticked when nothing was ``chosen`` yet."""
    rows: dict[int, list[Box]] = {}
    for slot in sorted(slots_of(advert), key=lambda one: (one.weekday, one.time)):
        for backwards, at in ((False, slot.time), (True, slot.return_time)):
            if at is None:
                continue
            value = week_value(WeekKey(slot.weekday, backwards, at))
            box = Box(value, _label(backwards, at), "", chosen is None or value in chosen)
            rows.setdefault(slot.weekday, []).append(box)
    return [
        Row(humanise.weekday_name(weekday + 1).capitalize(), boxes)
        for weekday, boxes in sorted(rows.items())
    ]

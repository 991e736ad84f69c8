"""What an event of kind ``advert`` must say to be shown among rides.

One that makes no sense would break each search of a partner that finds it: it is parked instead.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from regions.projection.handlers import UselessError

ALIAS: Final = re.compile(r"[0-9a-f]{12}")
DAY_S: Final = 86_400
WEEK_S: Final = 7 * DAY_S
MOST_SEATS: Final = 8
LAST_DAY: Final = 80_000
"""Of exceptions, since 1970: a day of 2189."""


class SenselessAdvertError(UselessError):
    """Its words are not those of an advert. Says which, never what was said."""


def check_advert(said: dict[str, Any]) -> None:
    """Raise ``SenselessAdvertError`` unless a payload can be read as an advert."""
    try:
        wrong = [name for name, right in _looked_at(said) if not right]
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # of a zone too
        raise SenselessAdvertError from error
    if wrong:
        raise SenselessAdvertError(", ".join(wrong))


def _looked_at(said: dict[str, Any]) -> list[tuple[str, bool]]:
    ZoneInfo(said["zone"])
    line, packed, once = said["line"], said["exceptions"], said["kind"] == "one_off"
    days = {name: _day(said[name]) for name in ("date", "return_date", "valid_from", "valid_until")}
    times = {name: _time(said[name]) for name in ("time", "return_time")}
    return [
        ("alias", ALIAS.fullmatch(said["alias"]) is not None),
        ("role", said["role"] in {"driver", "passenger", "either"}),
        ("kind", once or said["kind"] == "regular"),
        ("seats", 0 <= said["seats"] <= MOST_SEATS),
        ("cents_per_km", said["cents_per_km"] >= 0),
        ("line", len(line) >= 4 and len(line) % 2 == 0),
        ("line", all(abs(lat) <= 90 for lat in line[::2])),
        ("line", all(abs(lon) <= 180 for lon in line[1::2])),
        ("week", all(0 <= one < 2 * WEEK_S for one in said["week"])),
        ("exceptions", len(packed) % 4 == 0),
        ("exceptions", all(0 <= day <= LAST_DAY for day in packed[::4])),
        ("exceptions", all(0 <= at < DAY_S for at in packed[2::4])),
        ("exceptions", all(-1 <= at < DAY_S for at in packed[3::4])),
        ("date", (days["date"] is not None) == (times["time"] is not None) == once),
        ("valid", (days["valid_from"] is None) == (days["valid_until"] is None) == once),
        ("return", (days["return_date"] is None) == (times["return_time"] is None)),
    ]


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _time(text: str | None) -> dt.time | None:
    return None if text is None else dt.time.fromisoformat(text)

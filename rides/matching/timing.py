"""Wall clocks and zones: when a ride leaves, and how near that is to what was asked.

A ride is stored as people say it: « le mardi à 7 h 40 », and a zone. Instants are computed from
that, never the other way round: a ride at 7:40 leaves at 7:40 in summer and in winter. Two nights
a year the clock jumps: a time that does not exist is taken with the offset before the jump (2:30
becomes 3:30 on the clock people see), a time that occurs twice is its first occurrence.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from rides.matching.figures import DRIVE_STEPS, ROAD_FACTOR

DAY_S = 86_400
WEEK_S = 7 * DAY_S


def drive_seconds(metres: float) -> float:
    """Seconds by car over ``metres`` as the crow flies: slow at first, faster on long drives."""
    seconds = 0.0
    done = 0.0
    for limit, speed in DRIVE_STEPS:
        part = min(metres, limit) - done
        if part <= 0:
            break
        seconds += part * ROAD_FACTOR / speed
        done += part
    return seconds


def instant(day: date, at: time, zone: str) -> datetime:
    """The instant (UTC) of a wall-clock time on a day in a zone."""
    return datetime.combine(day, at.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def wall_clock(moment: datetime, zone: str) -> datetime:
    """What clocks show in ``zone`` at an instant; aware."""
    return moment.astimezone(ZoneInfo(zone))


def second_of_week(weekday: int, at: time) -> float:
    """Seconds since Monday 0:00 of a wall-clock time."""
    return weekday * DAY_S + at.hour * 3600 + at.minute * 60 + at.second

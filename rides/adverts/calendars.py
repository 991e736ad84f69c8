"""School holidays and public holidays: on which days an advert that avoids them does not run.

Two open data sets inside packages: the ministry's school calendar for zones A, B and C, and public
holidays by département. Where they say nothing (Corse and overseas have school calendars of their
own; years that are not published yet), a day counts as an ordinary one, and ``school_calendar``
says so, so that pages can.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from importlib import resources
from typing import Final

_ZONES: Final = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 "
    "87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 "
    "60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
"""Départements of each zone (by académie; order of 2015, in force)."""
_ZONE_OF: Final = {code: zone for zone, codes in _ZONES.items() for code in codes.split()}

_ALSACE_MOSELLE: Final = {"57": "57", "67": "6AE", "68": "6AE"}
_OVERSEAS: Final = {
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}


# Both calendars below are remembered by the process: facts about the country, the same in every
# region, which cost too much to work out for each advert of a list.


class _SchoolDays:
    """The ministry's calendar, read when it is first asked for."""

    def __init__(self) -> None:
        self._days: dict[str, frozenset[dt.date]] = {}

    def of(self, zone: str) -> frozenset[dt.date]:
        """Days of school holidays in zone A, B or C."""
        if not self._days:
            self._read()
        return self._days[zone]

    def _read(self) -> None:
        source = resources.files("vacances_scolaires_france") / "data" / "data.csv"
        found: dict[str, set[dt.date]] = {zone: set() for zone in _ZONES}
        with source.open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                for zone, days in found.items():
                    if row[f"vacances_zone_{zone.lower()}"] == "True":
                        days.add(dt.date.fromisoformat(row["date"]))
        self._days = {zone: frozenset(days) for zone, days in found.items()}


class _PublicDays:
    """Public holidays, worked out when a year is first asked for."""

    def __init__(self) -> None:
        self._days: dict[tuple[str, int], frozenset[dt.date]] = {}

    def of(self, area: str, year: int) -> frozenset[dt.date]:
        """Public holidays of a year in a département."""
        subdivision = _OVERSEAS.get(area) or _ALSACE_MOSELLE.get(area) or ""
        days = self._days.get((subdivision, year))
        if days is None:
            # Imported here: a fifth of a second, which no other command needs to pay.
            import holidays

            days = frozenset(
                holidays.country_holidays("FR", subdiv=subdivision or None, years=year)
            )
            self._days[subdivision, year] = days
        return days


_SCHOOL: Final = _SchoolDays()
_PUBLIC: Final = _PublicDays()


def department(code: str) -> str:
    """The département (« 35 », « 2A », « 974 ») of a municipality's INSEE code."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def school_zone(code: str) -> str:
    """« A », « B » or « C » for a municipality's INSEE code; empty where no zone holds."""
    return _ZONE_OF.get(department(code), "")


def school_calendar(zone: str) -> tuple[dt.date, dt.date] | None:
    """First and last day that the calendar of a zone knows; None where there is none."""
    if zone not in _ZONES:
        return None
    days = _SCHOOL.of(zone)
    return min(days), max(days)


def is_school_holiday(day: dt.date, zone: str) -> bool:
    """Whether schools of a zone are closed for holidays; never, for a zone or a year unknown.

    A holiday begins on the day the calendar gives, usually the Saturday.
    """
    return zone in _ZONES and day in _SCHOOL.of(zone)


def public_holidays(first: dt.date, last: dt.date, code: str) -> frozenset[dt.date]:
    """Public holidays from one day to another where a municipality (INSEE code) lies."""
    area = department(code)
    return frozenset(
        day
        for year in range(first.year, last.year + 1)
        for day in _PUBLIC.of(area, year)
        if first <= day <= last
    )


def days_without(
    first: dt.date, last: dt.date, *, code: str, zone: str, school: bool, public: bool
) -> frozenset[dt.date]:
    """Days between two, both included, on which a ride that avoids holidays does not run.

    ``school`` and ``public`` say which holidays it avoids; ``code`` is where it leaves, ``zone``
    the school zone that holds (see ``settings.school_zone_of``).
    """
    out: set[dt.date] = set()
    if school:
        out.update(day for day in _days(first, last) if is_school_holiday(day, zone))
    if public:
        out.update(public_holidays(first, last, code))
    return frozenset(out)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for ahead in range((last - first).days + 1):
        yield first + dt.timedelta(days=ahead)

"""The adverts that may suit, read in one statement through the index of their keys.

A superset, always: ``rides.matching.keys`` guarantees that an advert that suits has a key in both
sets asked for, and every other condition here is exact. Written in SQL because building it costs
as much as running it; keys travel as one text each, for the same reason.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, cast

from django.db import connections
from django.db.backends.utils import CursorWrapper

from rides.adverts.hiding import SEEN_BY_READER
from rides.adverts.models import Advert
from rides.bookings.models import Booking
from rides.matching.geometry import sine_of, unit
from rides.matching.keys import corridor, near_keys
from rides.matching.match import Wish
from rides.matching.timing import wall_clock
from rides.search.inputs import LookingFor, SearchQuery
from tenants.backend.base import DatabaseWrapper

ROLES: Final = {
    LookingFor.DRIVERS: (Advert.Role.DRIVER.value, Advert.Role.EITHER.value),
    LookingFor.PASSENGERS: (Advert.Role.PASSENGER.value, Advert.Role.EITHER.value),
}


class Candidate(NamedTuple):
    """One advert that may suit. Days are numbers since 1970, times seconds of the day."""

    pk: int
    public_id: uuid.UUID
    zone: str
    line: list[float]
    week: list[int]
    date: int | None
    time: int | None
    return_date: int | None
    return_time: int | None
    valid_from: int | None
    valid_until: int | None
    school_holidays: bool
    public_holidays: bool
    origin_code: str
    cents_per_km: int
    exceptions: list[int] | None
    """Four numbers each: day, 1 for a return, usual second, the second of that day or -1."""
    seats: int
    booked: list[int] | None
    """Four numbers each: day (of a weekly wish: weekday, 0 Monday), 1 for a return, usual second,
    seats taken (``CLOSED``: all)."""


_COLUMNS: Final = """
WITH near AS MATERIALIZED (
SELECT a.id, a.public_id, a.zone, a.line, a.week,
       a.date - DATE '1970-01-01' AS date, extract(epoch FROM a.time)::int AS time,
       a.return_date - DATE '1970-01-01' AS return_date,
       extract(epoch FROM a.return_time)::int AS return_time,
       a.valid_from - DATE '1970-01-01' AS valid_from,
       a.valid_until - DATE '1970-01-01' AS valid_until,
       a.school_holidays, a.public_holidays, a.origin_code, a.cents_per_km,
       a.author_id, a.same_gender, a.status, a.seats
  FROM adverts_advert a
 WHERE a.keys && %(here)s::bigint[] AND a.keys && %(there)s::bigint[]
   AND a.role = ANY(%(roles)s)
"""
# The status is looked at here: a partial index of adverts online would be another way in.
_AUTHORS: Final = """)
SELECT a.id, a.public_id, a.zone, a.line, a.week, a.date, a.time, a.return_date, a.return_time,
       a.valid_from, a.valid_until, a.school_holidays, a.public_holidays, a.origin_code,
       a.cents_per_km, {exceptions}, a.seats, {booked}
  FROM near a
  JOIN LATERAL (SELECT u.is_active, u.title FROM accounts_account u
                 WHERE u.id = a.author_id OFFSET 0) author ON author.is_active
 WHERE a.status = 'active'
"""
_EXCEPTIONS: Final = """
       ARRAY(SELECT unnest(ARRAY[e.day - DATE '1970-01-01', e.backwards::int,
                                 extract(epoch FROM e.usual)::int,
                                 coalesce(extract(epoch FROM e.time)::int, -1)])
               FROM adverts_advertexception e
              WHERE e.advert_id = a.id AND e.day >= %(first)s AND e.day <= %(last)s)
"""
CLOSED: Final = 99
"""Seats taken on a ride that nobody can join: its author is a passenger, or has found theirs."""
_BOOKED: Final = """
       CASE WHEN EXISTS (SELECT FROM bookings_booking k
                          WHERE k.advert_id = a.id AND k.status = ANY(%(hold)s)) THEN
       ARRAY(SELECT unnest(ARRAY[taken.day, taken.backwards::int,
                                 extract(epoch FROM taken.time)::int, sum(taken.seats)::int])
               FROM ({rides}) AS taken
              GROUP BY taken.day, taken.backwards, taken.time) END
"""
_RIDES_ON_DAYS: Final = """
                     SELECT k.id, r.day - DATE '1970-01-01' AS day, r.backwards, r.time,
                            {seats} AS seats
                       FROM bookings_bookedride r
                       JOIN bookings_booking k ON k.id = r.booking_id
                      WHERE k.advert_id = a.id AND k.status = ANY(%(hold)s)
                        AND r.day >= %(first)s AND r.day <= %(last)s AND r.status = 'booked'
                      UNION
                     SELECT k.id, d.day - DATE '1970-01-01', w.backwards, w.time, {seats}
                       FROM bookings_bookedweek w
                       JOIN bookings_booking k ON k.id = w.booking_id
                       JOIN unnest(%(days)s::date[]) AS d (day)
                         ON w.weekday = extract(isodow FROM d.day) - 1
                        AND d.day BETWEEN w.first AND w.last
                      WHERE k.advert_id = a.id AND k.status = ANY(%(hold)s)
                        AND NOT EXISTS (SELECT FROM bookings_bookedride r
                                         WHERE r.booking_id = k.id AND r.day = d.day
                                           AND r.backwards = w.backwards AND r.time = w.time
                                           AND r.status = 'cancelled')
"""
# A day given back is no seat of every week.
_RIDES_OF_WEEKS: Final = """
                     SELECT w.weekday::int AS day, w.backwards, w.time, {seats} AS seats
                       FROM bookings_bookedweek w
                       JOIN bookings_booking k ON k.id = w.booking_id
                      WHERE k.advert_id = a.id AND k.status = ANY(%(hold)s)
                        AND w.first <= %(week_ahead)s AND w.last >= %(week_ahead)s
"""
_SEATS: Final = {
    LookingFor.DRIVERS: f"""CASE WHEN k.driver_id = a.author_id THEN k.seats
        WHEN k.status = 'confirmed' THEN {CLOSED} ELSE 0 END""",
    LookingFor.PASSENGERS: f"CASE WHEN k.status = 'confirmed' THEN {CLOSED} ELSE 0 END",
}
_ON_DAYS: Final = """
   AND (a.kind = 'one_off' AND (a.date = ANY(%(days)s) OR a.return_date = ANY(%(days)s))
     OR a.kind = 'regular' AND a.valid_from <= %(last)s AND a.valid_until >= %(first)s)
"""
_EVERY_WEEK: Final = " AND a.kind = 'regular' AND a.valid_until >= %(first)s"
_PLANE: Final = """
   AND abs(a.plane_x * %(ax)s + a.plane_y * %(ay)s + a.plane_z * %(az)s) <= %(sine)s
   AND abs(a.plane_x * %(bx)s + a.plane_y * %(by)s + a.plane_z * %(bz)s) <= %(sine)s
"""
_COMMUNITY: Final = """
   AND EXISTS (SELECT FROM adverts_advertcommunity p
                 JOIN communities_membership m ON m.community_id = p.community_id
                  AND m.account_id = a.author_id AND m.status = 'accepted'
                WHERE p.advert_id = a.id AND p.community_id = %(community)s)
"""


def _short(text: str) -> str:
    """The same on one line: the driver reads texts beyond 4,096 characters anew each time."""
    return f" {' '.join(text.split())} "


def _read(looking_for: LookingFor, *, weekly: bool) -> str:
    rides = (_RIDES_OF_WEEKS if weekly else _RIDES_ON_DAYS).format(seats=_SEATS[looking_for])
    exceptions = "NULL" if weekly else _EXCEPTIONS
    return _short(_AUTHORS.format(exceptions=exceptions, booked=_BOOKED.format(rides=rides)))


_READ: Final = {
    (looking_for, weekly): _read(looking_for, weekly=weekly)
    for looking_for in LookingFor
    for weekly in (False, True)
}
_NEAR: Final = _short(_COLUMNS)
_SEEN: Final = _short(SEEN_BY_READER)


def statement(query: SearchQuery, wish: Wish, radius: float) -> tuple[str, dict[str, Any]]:
    """The statement that reads the candidates, and its parameters."""
    asked: dict[str, Any] = {
        "roles": list(ROLES[query.looking_for]) if not query.role else [query.role],
        "seats": query.seats,
    }
    parts = [_NEAR]
    here, there = keys_for(query, wish, radius)
    asked |= {"here": _array(here), "there": _array(there)}
    if query.looking_for == LookingFor.DRIVERS:
        parts += [" AND a.seats >= %(seats)s", _PLANE]
        asked["sine"] = sine_of(radius)
        asked |= zip(("ax", "ay", "az"), unit(query.origin), strict=True)
        asked |= zip(("bx", "by", "bz"), unit(query.destination), strict=True)
    else:
        parts.append(" AND a.seats <= %(seats)s")
    if wish.day is None:
        parts.append(_EVERY_WEEK)
        today = wall_clock(wish.now, wish.zone).date()
        asked |= {"first": today, "week_ahead": today + dt.timedelta(days=6)}
    else:
        parts.append(_ON_DAYS)
        days = wish.days()
        asked |= {"days": list(days), "first": days[0], "last": days[-1]}
    _filters(query, parts, asked)
    parts.append(_READ[query.looking_for, wish.day is None])
    asked["hold"] = [Booking.Status.WAITING.value, Booking.Status.CONFIRMED.value]
    parts.append(_SEEN)
    asked["reader"] = query.reader
    _authors(query, parts, asked)
    return "".join(parts), asked


def candidates(
    query: SearchQuery, wish: Wish, radius: float, *, advert: int | None = None
) -> list[Candidate]:
    """The adverts that may pass within ``radius`` metres: a superset, in no order.

    With ``advert``, that one alone (its primary key), if it may.
    """
    with _cursor() as cursor:
        text, asked = statement(query, wish, radius)
        if advert is not None:
            text, asked = f"{text} AND a.id = %(advert)s", {**asked, "advert": advert}
        cursor.execute(text, asked)
        return list(map(Candidate._make, cursor.fetchall()))


def _cursor() -> CursorWrapper:
    return cast("DatabaseWrapper", connections["default"]).prepared_cursor()


def keys_for(query: SearchQuery, wish: Wish, radius: float) -> tuple[list[int], list[int]]:
    """What a suitable advert has one key of each of: where it begins to suit, and where it ends."""
    when = wish.window()
    if query.looking_for == LookingFor.DRIVERS:
        return (
            near_keys(query.origin, radius, when),
            near_keys(query.destination, radius, when.any_time()),
        )
    along = corridor((query.origin, query.destination), radius)
    return along.keys(when), along.ends(when)


def _filters(query: SearchQuery, parts: list[str], asked: dict[str, Any]) -> None:
    """The reader's own conditions on adverts: each exact."""
    if query.free:
        parts.append(" AND a.cents_per_km = 0")
    if query.wheelchair:
        parts.append(" AND a.wheelchair")
    if query.community is not None:
        parts.append(_COMMUNITY)
        asked["community"] = query.community
    if query.without:
        parts.append(" AND a.author_id <> ALL(%(without)s)")
        asked["without"] = sorted(query.without)


def _authors(query: SearchQuery, parts: list[str], asked: dict[str, Any]) -> None:
    """Conditions on who published: some travel with people of their own civil title only."""
    if not query.title:
        parts.append(" AND NOT a.same_gender")
        if query.same_gender:
            parts.append(" AND false")
        return
    asked["title"] = query.title
    parts.append(" AND (NOT a.same_gender OR author.title = %(title)s)")
    if query.same_gender:
        parts.append(" AND author.title = %(title)s")


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def day_of(number: int) -> dt.date:
    """The day of a number since 1970."""
    return dt.date.fromordinal(number + _EPOCH)


_EPOCH: Final = dt.date(1970, 1, 1).toordinal()

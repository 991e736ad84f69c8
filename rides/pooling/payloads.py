"""What partners may know of an advert: rounded places, days, times, seats. Nobody's name."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac

from regions.pool.adverts import AdvertPayload
from rides.adverts.indexing import second_of_day
from rides.adverts.models import Advert
from rides.bookings.dates import groups, today_of
from rides.bookings.seats import seats_left
from rides.matching.timing import DAY_S
from tenants.context import current_tenant

AHEAD: Final = 28
"""Days over which seats are counted: the fewest left on any ride is what partners see."""
_EPOCH: Final = dt.date(1970, 1, 1).toordinal()


def payload_of(
    advert: Advert, *, booked: bool, withheld: list[int], pools: list[UUID]
) -> AdvertPayload:
    """The event's payload; slots and exceptions should be prefetched.

    ``booked``: whether anybody has asked for a ride of it, so that seats must be counted.
    ``withheld``: regions from which its author keeps it. ``pools``: pooled communities that it
    is published in.
    """
    today = today_of(advert, timezone.now())
    return {
        "alias": alias_of(advert.author_id),
        "role": advert.role,
        "kind": advert.kind,
        "seats": _seats(advert, today) if booked else advert.seats,
        "zone": advert.zone,
        "origin_code": advert.origin_code,
        "destination_code": advert.destination_code,
        "departments": sorted({department_of(advert.origin_code), _arrival(advert)}),
        "line": advert.line,
        "keys": advert.keys,
        "week": advert.week,
        "plane_x": advert.plane_x,
        "plane_y": advert.plane_y,
        "plane_z": advert.plane_z,
        "date": _iso(advert.date),
        "time": _iso(advert.time),
        "return_date": _iso(advert.return_date),
        "return_time": _iso(advert.return_time),
        "valid_from": _iso(advert.valid_from),
        "valid_until": _iso(advert.valid_until),
        "school_holidays": advert.school_holidays,
        "public_holidays": advert.public_holidays,
        "cents_per_km": advert.cents_per_km,
        "wheelchair": advert.wheelchair,
        "exceptions": [
            number
            for one in advert.exceptions.all()
            if one.day >= today
            for number in (
                one.day.toordinal() - _EPOCH,
                int(one.backwards),
                second_of_day(one.usual),
                second_of_day(one.time) if one.time is not None else -1,
            )
        ],
        "pools": [str(pool) for pool in pools],
        "withheld": withheld,
    }


def alias_of(account: int) -> str:
    """Always the same for one person of one region, and nothing that leads back to them."""
    return salted_hmac(f"pool-alias:{current_tenant().schema_name}", str(account)).hexdigest()[:12]


def department_of(code: str) -> str:
    """The département of a municipality's INSEE code; three characters overseas."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _arrival(advert: Advert) -> str:
    return department_of(advert.destination_code)


def _iso(moment: dt.date | dt.time | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _seats(advert: Advert, today: dt.date) -> int:
    """The fewest seats left on a ride of the next weeks; those that are asked, for a passenger."""
    if advert.role == Advert.Role.PASSENGER:
        return advert.seats
    left = seats_left(advert, groups(advert, today, today + dt.timedelta(days=AHEAD)))
    return min(left.values(), default=advert.seats)


def week_times(week: list[int]) -> dict[tuple[int, bool], list[dt.time]]:
    """The departures of a week by weekday (0 Monday) and direction, from their packed form."""
    found: dict[tuple[int, bool], list[dt.time]] = {}
    for packed in sorted(week):
        weekday, second = divmod(packed >> 1, DAY_S)
        at = dt.time(second // 3600, second // 60 % 60, second % 60)
        found.setdefault((weekday, bool(packed & 1)), []).append(at)
    return found

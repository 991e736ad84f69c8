"""Adverts of partners: made from what the pool tells, to be shown; kept once a member asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from regions.pool.queries import Card, PooledRow, pool_get, pool_home
from regions.territories.queries import municipalities_get
from rides.adverts.inputs import Slot
from rides.adverts.models import Advert, AdvertException, Schedule
from rides.adverts.routes import line_points, route_columns
from rides.adverts.shown import Via
from rides.bookings.errors import AdvertUnavailableError
from rides.matching.match import clock
from rides.pooling.payloads import week_times
from rides.relay.errors import ForgedLetterError
from rides.relay.guests import guest_get

_EPOCH = dt.date(1970, 1, 1).toordinal()


def partner_adverts(rows: Iterable[PooledRow]) -> dict[int, Advert]:
    """The adverts, to be shown and never saved, by their candidates' keys; one query."""
    held = list(rows)
    codes = {code for row in held for code in (row.origin_code, row.destination_code)}
    names = {code: one.label for code, one in municipalities_get(sorted(codes)).items()}
    return {-row.pk: _advert(row, names) for row in held}


def mirror_refresh(advert: UUID) -> Advert:
    """Keep a partner's advert here as the pool tells it now, and return it.

    Raises ``AdvertUnavailableError`` when the pool no longer has it for us.
    """
    row, card = pool_get(advert), pool_home(advert)
    if row is None or card is None:
        raise gone()
    return _keep(row, card)


def gone() -> AdvertUnavailableError:
    """Say that a partner's advert is no longer there."""
    from django.utils.translation import gettext_lazy as _

    return AdvertUnavailableError(
        _("This advert is no longer online: nothing was booked. Look for another ride.")
    )


@transaction.atomic
def _keep(row: PooledRow, card: Card) -> Advert:
    author = guest_get(region=card.region, name=card.name, alias=row.alias).account
    known = (
        Advert.objects.select_for_update(no_key=True, of=("self",))
        .filter(public_id=row.advert)
        .first()
    )
    if known is not None and (not known.elsewhere or known.author_id != author.pk):
        raise ForgedLetterError("advert")  # an identifier of one of ours
    told = partner_adverts([row])[-row.pk]
    told.pk = known.pk if known is not None else None
    told.author = author
    points = line_points(row.line)
    for name, value in route_columns(points[0], points[-1], points[1:-1]).items():
        setattr(told, name, value)
    told.seats = max(1, row.seats)  # none left on some day, perhaps; that region says on which
    told.week, told.keys = [], []  # no search finds it here: the pool is searched
    if known is not None:
        told.created_at = known.created_at
    told.save()
    told.schedules.all().delete()
    told.exceptions.all().delete()
    Schedule.objects.bulk_create(
        Schedule(advert=told, weekday=slot.weekday, time=slot.time, return_time=slot.return_time)
        for slot in (told.slots if told.kind == Advert.Kind.REGULAR else ())
    )
    AdvertException.objects.bulk_create(_exceptions(told, row.exceptions))
    return told


def _exceptions(advert: Advert, packed: list[int]) -> list[AdvertException]:
    fours = zip(packed[::4], packed[1::4], packed[2::4], packed[3::4], strict=True)
    return [
        AdvertException(
            advert=advert,
            day=dt.date.fromordinal(number + _EPOCH),
            backwards=bool(backwards),
            usual=clock(usual),
            time=clock(at) if at >= 0 else None,
        )
        for number, backwards, usual, at in fours
    ]


def _advert(row: PooledRow, names: dict[str, str]) -> Advert:
    points = line_points(row.line)
    advert = Advert(
        public_id=row.advert,
        status=Advert.Status.PARTNER,
        role=row.role,
        kind=row.kind,
        seats=row.seats,
        zone=row.zone,
        origin_code=row.origin_code,
        origin_label=names.get(row.origin_code, row.origin_code),
        origin_lat=points[0].lat,
        origin_lon=points[0].lon,
        destination_code=row.destination_code,
        destination_label=names.get(row.destination_code, row.destination_code),
        destination_lat=points[-1].lat,
        destination_lon=points[-1].lon,
        line=row.line,
        week=row.week,
        date=_day(row.date),
        time=_time(row.time),
        return_date=_day(row.return_date),
        return_time=_time(row.return_time),
        valid_from=_day(row.valid_from),
        valid_until=_day(row.valid_until),
        school_holidays=row.school_holidays,
        public_holidays=row.public_holidays,
        cents_per_km=row.cents_per_km if row.cents_per_km is not None else 0,
        wheelchair=bool(row.wheelchair),
    )
    advert.slots = _slots(row.week)
    advert.via = [Via("", point) for point in points[1:-1]]
    advert.shown_in = []
    return advert


def _slots(week: list[int]) -> list[Slot]:
    """The week's slots; on a day with several, each outward ride has the first return after it."""
    times = week_times(week)
    found = []
    for (weekday, backwards), outward in sorted(times.items()):
        if backwards:
            continue
        back = list(times.get((weekday, True), []))
        for at in outward:
            after = next((one for one in back if one > at), None)
            if after is not None:
                back.remove(after)
            found.append(Slot(weekday, at, after))
    return found


def _day(number: int | None) -> dt.date | None:
    return dt.date.fromordinal(number + _EPOCH) if number is not None else None


def _time(second: int | None) -> dt.time | None:
    return clock(second) if second is not None else None

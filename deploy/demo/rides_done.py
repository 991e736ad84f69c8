"""Fifteen months of rides that took place, shared by the crowd: what the observatory shows.

Fewer in August, about a fifth more from one year to the next. Their bookings are long over and no
longer there: like those of people who have deleted their adverts, the journeys stand alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db import connection
from django.utils import timezone

from core.accounts.models import Account
from deploy.demo import cast
from deploy.demo.bulk import insert
from deploy.demo.places import Draw
from regions.projection.services import region_project
from regions.statistics.facts import facts_refresh
from regions.statistics.services import months_release
from rides.adverts.models import Advert, Schedule
from rides.journeys.models import Journey
from rides.matching.geometry import distance
from tenants.context import registry_scope, tenant_scope
from tenants.models import Tenant

DAYS: Final = 460
PUBLISHED: Final = 430
"""Days back to the first month that was published: the last one has its twin of a year before."""
STARTED: Final = 0.85
"""Of those who share rides, so many did before these months, and had their first one then."""
EARLIER: Final = 500
"""Days before these months in which they had it."""
STOPPED: Final = 0.3
"""So many of them have stopped since."""
SETTLED: Final = 8
"""Days after which nobody may object any more."""


def fill(slug: str, *, adverts: int) -> None:
    """Let the authors of every other one of so many adverts have had company for months."""
    draw = Draw(f"{slug}:rides")
    crowd = Account.objects.exclude(email__in=[one.email for one in cast.ACCOUNTS])
    near: dict[str, list[Account]] = {}
    for account in crowd.order_by("pk"):
        near.setdefault(account.residence_code, []).append(account)
    offers = list(
        Advert.objects.filter(
            kind=Advert.Kind.REGULAR, status=Advert.Status.ACTIVE, author__in=crowd
        )
        .exclude(role=Advert.Role.PASSENGER)
        .select_related("author")
        .order_by("pk")[:adverts]
    )
    slots: dict[int, list[Schedule]] = {}
    for slot in Schedule.objects.filter(advert__in=offers).order_by("pk"):
        slots.setdefault(slot.advert_id, []).append(slot)
    everyone = [account for there in near.values() for account in there]
    rows: list[Journey] = []
    for advert in offers[::2]:
        around = near.get(advert.origin_code, []) or near.get(advert.author.residence_code, [])
        for _guest in range(draw.random.choice([1, 1, 2])):
            guest = draw.random.choice(around if len(around) > 1 else everyone)
            if guest.pk != advert.author_id:
                rows.extend(_shared(draw, advert, guest, slots.get(advert.pk, [])))
    insert(rows)


def _shared(draw: Draw, advert: Advert, guest: Account, slots: list[Schedule]) -> Iterator[Journey]:
    """The rides of one passenger with one driver: from some day on, on one or two weekdays."""
    today = timezone.localdate()
    opening = today - dt.timedelta(days=DAYS)
    met = max(advert.author.created_at, guest.created_at).date()
    last = today - dt.timedelta(days=SETTLED)
    started = met < opening and draw.chance(STARTED)
    first = opening if started else max(met, last - dt.timedelta(days=draw.random.randrange(DAYS)))
    if started and draw.chance(STOPPED):
        last = first + dt.timedelta(days=draw.random.randrange(DAYS))
    metres = round(distance(advert.origin, advert.destination) * 1.3)
    if started and slots:
        before = max(met, opening - dt.timedelta(days=draw.random.randrange(1, EARLIER)))
        yield _journey(advert, guest, before, False, slots[0].time, metres)
    for slot in draw.random.sample(slots, min(len(slots), draw.random.choice([1, 1, 2]))):
        day = first + dt.timedelta(days=(slot.weekday - first.weekday()) % 7)
        while day <= last:
            if draw.chance(0.35 if day.month == 8 else 0.8):
                for backwards, time in ((False, slot.time), (True, slot.return_time)):
                    if time is not None:
                        yield _journey(advert, guest, day, backwards, time, metres)
            day += dt.timedelta(days=7)


def _journey(
    advert: Advert,
    guest: Account,
    day: dt.date,
    backwards: bool,
    time: dt.time,
    metres: int,
) -> Journey:
    ends = (
        (advert.origin_label, advert.origin_code),
        (
            advert.destination_label,
            advert.destination_code,
        ),
    )
    start, stop = reversed(ends) if backwards else ends
    leaves = timezone.make_aware(dt.datetime.combine(day, time))
    return Journey(
        driver=advert.author,
        passenger=guest,
        status=Journey.Status.VALIDATED,
        day=day,
        backwards=backwards,
        time=time,
        departs_at=leaves,
        arrives_at=leaves + dt.timedelta(minutes=metres / 1000),
        origin_label=start[0],
        destination_label=stop[0],
        origin_code=start[1],
        seats=1,
        metres=metres,
        price_cents=metres * 6 // 1000,
        driver_says=Journey.Says.DONE,
        passenger_says=Journey.Says.DONE,
    )


def publish() -> None:
    """Count, and publish the months of a year and a quarter, as the nightly task would have done.

    A few seconds: once the demo answers, and nothing the next time.
    """
    since = timezone.localdate() - dt.timedelta(days=PUBLISHED)
    try:
        with registry_scope():
            tenants = list(Tenant.objects.filter(slug__in=[one.slug for one in cast.REGIONS]))
        for tenant in tenants:
            with tenant_scope(tenant):
                facts_refresh(everything=True)
                months_release(since=since)
            region_project(tenant)
    finally:
        connection.close()  # this thread's own, which nobody asks again

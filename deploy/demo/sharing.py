"""What the cast share: bookings, conversations, rides that took place; made by the services.

A few people of the crowd ask the cast and are asked by them, so that « Mes trajets », « Mes
messages » and the console have life in them from the first minute.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from django.utils import timezone

from core.accounts.models import Account
from deploy.demo import cast
from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.occurrences import Occurrence, occurrences
from rides.bookings.errors import BookingError
from rides.bookings.inputs import Request, Wanted, WeekKey
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept, booking_request
from rides.conversations.models import Notice, Thread
from rides.conversations.services import message_send, report_create, thread_read
from rides.journeys.models import Journey

WEEKS_BACK: Final = 4
ASKS: Final = (
    "Bonjour, je fais le même trajet tous les jours. On partage la route ?",
    "Bonjour ! Auriez-vous une place ? Je peux marcher jusqu’à la gare.",
    "Bonjour, je commence un nouveau travail là-bas, ce serait parfait.",
)
TALK: Final = (
    "Avec plaisir ! Je vous prends devant la mairie ?",
    "Parfait pour moi, merci beaucoup.",
    "À lundi alors. Je pars à l’heure, c’est une Zoé bleue.",
)


def fill(slug: str) -> None:
    """Make the bookings of a region's cast; nothing when there are some."""
    if Booking.objects.exists():
        return
    mine = [one for one in cast.ACCOUNTS if one.region == slug and one.role != cast.ADMINISTRATOR]
    people = [Account.objects.get(email=one.email) for one in mine]
    for number, account in enumerate(people):
        _as_passenger(slug, account, number)
        _as_driver(slug, account, number, people)
    # What is told here was never meant to be mailed.
    Notice.objects.update(sent_at=timezone.now())


def _adverts(**said: Any) -> list[Advert]:
    rows = Advert.objects.filter(
        kind=Advert.Kind.REGULAR, status=Advert.Status.ACTIVE, seats__gte=2, **said
    ).exclude(role=Advert.Role.PASSENGER)
    return list(rows.select_related("author").order_by("pk")[:12])


def _as_passenger(slug: str, account: Account, number: int) -> None:
    """One ride every week for a month already, one asked for, one on which words were exchanged."""
    near = _adverts(origin_code=account.residence_code)
    offers = [one for one in near if one.author_id != account.pk] or [
        one for one in _adverts() if one.author_id != account.pk
    ]
    for place, advert in enumerate(offers[number * 3 :][: 1 if number else 3]):
        booking = _ask(slug, account, advert, ASKS[place], weekly=place == 0)
        if booking is None:
            continue
        if place == 0:
            booking = booking_accept(booking=booking, account=advert.author)
            _talk(booking)
            _took_place(booking)
        if place == 2:
            booking_accept(booking=booking, account=advert.author)


def _as_driver(slug: str, account: Account, number: int, people: list[Account]) -> None:
    """On their own advert: one who comes along, one who awaits an answer."""
    own = _adverts(author=account)
    if not own:
        return
    crowd = Account.objects.filter(is_active=True).exclude(pk__in=[one.pk for one in people])
    guests = [*crowd.order_by("pk")[number * 4 : number * 4 + (1 if number else 2)]]
    for place, guest in enumerate(guests):
        booking = _ask(slug, guest, own[0], ASKS[place], weekly=place == 0)
        if booking is None:
            continue
        if place == 0:
            booking = booking_accept(booking=booking, account=account)
            _took_place(booking)
        elif number == 0:
            thread = Thread.objects.get(advert=own[0], other=guest)
            message_send(thread=thread, sender=guest, body="Mon numéro : 06 12 34 56 78")
            report_create(
                thread=thread, reporter=account, reason="other", text="Exemple de signalement."
            )


def _ask(slug: str, asker: Account, advert: Advert, words: str, *, weekly: bool) -> Booking | None:
    """Ask for two weekdays of every week, or for the next day and its return."""
    now = timezone.now()
    coming = [one for one in _around(advert, now.date(), 8) if one.departs_at > now]
    if not coming:
        return None
    if weekly:
        days = sorted({one.day for one in coming})[:2]
        chosen = [one for one in coming if one.day in days]
        wanted = Wanted(weeks=[WeekKey(o.day.weekday(), o.backwards, o.usual) for o in chosen])
    else:
        chosen = [one for one in coming if one.day == coming[0].day]
        wanted = Wanted(rides=[RideKey(one.day, one.backwards, one.usual) for one in chosen])
    try:
        return booking_request(
            asker=asker,
            advert=advert,
            request=Request(wanted, message=words),
            key=uuid.uuid5(uuid.NAMESPACE_URL, f"{slug}/{advert.public_id}/{asker.email}"),
        )
    except BookingError:
        return None


def _around(advert: Advert, first: dt.date, days: int) -> list[Occurrence]:
    found = occurrences(advert, first, first + dt.timedelta(days=days))
    return [one for one in found if not one.cancelled]


def _talk(booking: Booking) -> None:
    thread = Thread.objects.get(advert=booking.advert, other=booking.passenger)
    for place, words in enumerate(TALK):
        sender = booking.passenger if place == 1 else booking.driver
        message_send(thread=thread, sender=sender, body=words)
    thread_read(thread=Thread.objects.get(pk=thread.pk), account=booking.driver)


def _took_place(booking: Booking) -> None:
    """The weeks before: confirmed by both, but for the last days, which await a word."""
    now = timezone.now()
    weeks = list(booking.weeks.all())
    rows = []
    for back in range(WEEKS_BACK * 7, 0, -1):
        day = now.date() - dt.timedelta(days=back)
        for week in weeks:
            if week.weekday != day.weekday():
                continue
            start, stop = booking.pickup_label, booking.dropoff_label
            if week.backwards:
                start, stop = stop, start
            leaves = timezone.make_aware(dt.datetime.combine(day, week.time))
            recent = back <= 6
            rows.append(
                Journey(
                    booking=booking,
                    driver=booking.driver,
                    passenger=booking.passenger,
                    day=day,
                    backwards=week.backwards,
                    time=week.time,
                    departs_at=leaves,
                    arrives_at=leaves + dt.timedelta(minutes=booking.metres / 1000),
                    origin_label=start,
                    destination_label=stop,
                    origin_code=booking.advert.destination_code
                    if week.backwards
                    else booking.advert.origin_code,
                    seats=booking.seats,
                    metres=booking.metres,
                    price_cents=booking.price_cents,
                    status=Journey.Status.PENDING if recent else Journey.Status.VALIDATED,
                    driver_says="" if recent else Journey.Says.DONE,
                    passenger_says="" if recent else Journey.Says.DONE,
                    driver_thanks="" if recent else "Merci, à la semaine prochaine !",
                )
            )
    Journey.objects.bulk_create(rows)

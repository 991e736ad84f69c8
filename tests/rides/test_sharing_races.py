"""Conversations and journeys when two things happen at the same moment, on real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from rides.adverts.settings import RidesSettings
from rides.bookings.models import Booking
from rides.conversations.errors import TooManyContactsError
from rides.conversations.models import Message, Notice, Preferences, Thread
from rides.conversations.notices import notices_send
from rides.conversations.queries import unread_count
from rides.conversations.services import message_send, thread_start
from rides.journeys.models import Journey
from rides.journeys.services import journey_say, journeys_close, journeys_validate
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.communities.test_races import together
from tests.factories import make_account
from tests.rides.booking_help import agreed, every, ride
from tests.rides.situations import MONDAY, make_advert


@pytest.fixture
def region(committed_regions: Callable[..., Tenant]) -> Iterator[Tenant]:
    tenant = committed_regions("paroles")
    with tenant_scope(tenant):
        yield tenant


def test_many_windows_are_not_many_contacts(region: Tenant) -> None:
    RidesSettings.objects.create(new_contacts_per_day=2)
    nina, adverts = make_account(), [make_advert() for _ in range(5)]
    results = together(
        region,
        *[
            lambda advert=advert: thread_start(account=nina, advert=advert, body="Bonjour")
            for advert in adverts
        ],
    )
    assert sum(isinstance(one, Thread) for one in results) == 2, results
    assert sum(isinstance(one, TooManyContactsError) for one in results) == 3, results


def test_messages_at_once_are_all_counted(region: Tenant) -> None:
    advert, nina = make_advert(), make_account()
    thread = thread_start(account=nina, advert=advert, body="Bonjour")
    results = together(
        region,
        *[lambda: message_send(thread=thread, sender=nina, body="Encore")] * 4,
        lambda: message_send(thread=thread, sender=advert.author, body="Oui"),
    )
    assert not [one for one in results if not isinstance(one, Message)], results
    assert (unread_count(advert.author), unread_count(nina)) == (5, 1)


def test_a_mail_is_sent_once_by_two_workers(region: Tenant) -> None:
    advert = make_advert()
    Preferences.objects.create(account=advert.author, quiet=False)
    thread = thread_start(account=make_account(), advert=advert, body="Bonjour")
    Notice.objects.update(sent_at=None)
    mail.outbox.clear()
    results = together(region, *[notices_send] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert len(mail.outbox) == 1
    assert str(thread.public_id) in mail.outbox[0].body


def test_a_ride_becomes_one_journey_and_two_voices_are_both_heard(region: Tenant) -> None:
    booking = agreed(make_advert(), weeks=every(0))
    noon = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 12, tzinfo=ZoneInfo("Europe/Paris"))
    results = together(region, *[lambda: journeys_close(now=noon)] * 4)
    assert not [one for one in results if isinstance(one, Exception)], results
    journey = Journey.objects.get()
    later = noon + timedelta(hours=1)
    together(
        region,
        lambda: journey_say(journey=journey, account=booking.driver, says="done", now=later),
        lambda: journey_say(journey=journey, account=booking.passenger, says="done", now=later),
    )
    assert Journey.objects.get().status == "validated"


def test_the_last_two_rides_settled_at_once_validate_their_booking(region: Tenant) -> None:
    noon = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 23, tzinfo=ZoneInfo("Europe/Paris"))
    for _ in range(8):
        booking = agreed(make_advert(), ride(), ride(back=True))
        journeys_close(now=noon)
        journeys = list(Journey.objects.filter(booking=booking))
        for journey in journeys:
            journey_say(journey=journey, account=booking.driver, says="done", now=noon)
        results = together(
            region,
            *[
                lambda one=one, who=booking.passenger: journey_say(
                    journey=one, account=who, says="done", now=noon
                )
                for one in journeys
            ],
            lambda: journeys_validate(now=noon + timedelta(days=8)),
        )
        assert not [one for one in results if isinstance(one, Exception)], results
        assert Booking.objects.get(pk=booking.pk).status == "validated"

"""Conversations: one thread per contact, unread counts, limits, blocks, reports, mails."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from django.utils import timezone

from core.accounts import inventory
from rides.adverts.settings import RidesSettings
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept, booking_cancel, booking_refuse
from rides.conversations import access
from rides.conversations.errors import (
    MessageInvalidError,
    NotReachableError,
    TooManyContactsError,
)
from rides.conversations.lines import lines_of
from rides.conversations.models import Message, Notice, Preferences, Report, Thread
from rides.conversations.notices import loud_from, notices_send
from rides.conversations.queries import unread_count
from rides.conversations.services import (
    account_block,
    account_unblock,
    message_send,
    report_create,
    report_handle,
    thread_read,
    thread_start,
)
from tests.factories import make_account
from tests.rides.booking_help import agreed, ask
from tests.rides.situations import make_advert

pytestmark = pytest.mark.usefixtures("tenant")
NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # 23:30 in Paris


def awake(*accounts: Any) -> None:
    """No quiet hours: tests run at night too."""
    for account in accounts:
        Preferences.objects.update_or_create(account=account, defaults={"quiet": False})


def fresh(thread: Thread) -> Thread:
    return Thread.objects.get(pk=thread.pk)


# --- one thread per contact -----------------------------------------------------------------------
def test_a_conversation_tells_the_whole_story() -> None:
    advert, nina = make_advert(), make_account(first_name="Nina", last_name="Roux")
    thread = thread_start(account=nina, advert=advert, body="Bonjour !")
    booking = ask(advert, asker=nina, message="Une place lundi ?")
    booking_accept(booking=booking, account=advert.author)
    message_send(thread=thread, sender=advert.author, body="À lundi.")
    assert Thread.objects.get() == thread
    shown = lines_of(fresh(thread), nina)
    assert [(line.own, line.text, bool(line.event)) for line in shown] == [
        (True, "Bonjour !", False),
        (True, "Une place lundi ?", True),
        (False, "", True),
        (False, "À lundi.", False),
    ]
    assert "a accepté" in shown[2].event
    assert "Nina R. demande 1 place" in lines_of(fresh(thread), advert.author)[1].event


def test_unread_lines_are_counted_for_each() -> None:
    advert, nina = make_advert(), make_account()
    thread = thread_start(account=nina, advert=advert, body="Un")
    message_send(thread=thread, sender=nina, body="Deux")
    assert (unread_count(nina), unread_count(advert.author)) == (0, 2)
    thread_read(thread=fresh(thread), account=advert.author)
    message_send(thread=thread, sender=advert.author, body="Trois")
    assert (unread_count(nina), unread_count(advert.author)) == (1, 0)


def test_a_message_sent_twice_is_one() -> None:
    advert, nina, key = make_advert(), make_account(), uuid.uuid4()
    thread = thread_start(account=nina, advert=advert, body="Bonjour", key=key)
    assert thread_start(account=nina, advert=advert, body="Bonjour", key=key) == thread
    assert Message.objects.count() == 1


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 2001, "\x00"])
def test_a_message_says_something_and_not_too_much(body: str) -> None:
    advert, nina = make_advert(), make_account()
    with pytest.raises(MessageInvalidError):
        thread_start(account=nina, advert=advert, body=body)
    assert not Thread.objects.exists()


def test_only_the_two_read_it() -> None:
    advert, nina = make_advert(), make_account()
    thread = thread_start(account=nina, advert=advert, body="Bonjour")
    for person in (nina, advert.author):
        assert access.get_thread_for(person, thread.public_id) == thread
    with pytest.raises(Http404):
        access.get_thread_for(make_account(), thread.public_id)


# --- masked until they agree ----------------------------------------------------------------------
def test_numbers_show_once_both_have_agreed_and_hide_again_after() -> None:
    advert, nina = make_advert(), make_account()
    thread = thread_start(account=nina, advert=advert, body="Mon numéro : 06 12 34 56 78")
    for reader in (nina, advert.author):
        (line,) = lines_of(thread, reader)
        assert (line.text, line.hidden) == ("Mon numéro : •••", True)
    booking = booking_accept(booking=ask(advert, asker=nina), account=advert.author)
    assert "06 12 34 56 78" in lines_of(thread, advert.author)[0].text
    booking_cancel(booking=booking, account=nina)
    assert "06" not in lines_of(thread, advert.author)[0].text


# --- limits, blocks, reports ----------------------------------------------------------------------
def test_new_contacts_are_limited_per_day_bookings_included() -> None:
    RidesSettings.objects.create(new_contacts_per_day=2)
    nina = make_account()
    adverts = [make_advert() for _ in range(3)]
    first = thread_start(account=nina, advert=adverts[0], body="Bonjour")
    ask(adverts[1], asker=nina)
    with pytest.raises(TooManyContactsError) as caught:
        ask(adverts[2], asker=nina)
    assert caught.value.status == 429
    with pytest.raises(TooManyContactsError):
        thread_start(account=nina, advert=adverts[2], body="Bonjour")
    assert Booking.objects.count() == 1
    message_send(thread=first, sender=nina, body="Toujours là")
    ask(adverts[0], asker=nina)  # no new contact
    Thread.objects.update(created_at=timezone.now() - timedelta(hours=25))
    ask(adverts[2], asker=nina)


def test_a_block_holds_both_ways_and_says_nothing() -> None:
    advert, nina = make_advert(), make_account()
    thread = thread_start(account=nina, advert=advert, body="Bonjour")
    account_block(blocker=advert.author, blocked=nina)
    account_block(blocker=advert.author, blocked=nina)
    for person in (nina, advert.author):
        with pytest.raises(NotReachableError) as caught:
            message_send(thread=thread, sender=person, body="Encore")
        assert "bloqu" not in str(caught.value.message)
    with pytest.raises(NotReachableError):
        ask(advert, asker=nina)
    with pytest.raises(NotReachableError):
        ask(make_advert(author=nina), asker=advert.author)
    assert access.blocked_ids(nina) == {advert.author_id}
    assert access.blocked_ids(advert.author) == {nina.pk}
    account_unblock(blocker=nina, blocked=advert.author)
    assert access.blocked_ids(nina), "one cannot take the other's block back"
    account_unblock(blocker=advert.author, blocked=nina)
    message_send(thread=thread, sender=nina, body="Merci")


def test_a_report_keeps_what_was_said() -> None:
    advert, nina = make_advert(), make_account(first_name="Nina", last_name="Roux")
    thread = thread_start(account=nina, advert=advert, body="Des mots durs")
    report = report_create(thread=thread, reporter=advert.author, reason="rude", text="Voilà")
    assert report_create(thread=thread, reporter=advert.author, reason="rude") == report
    assert (report.reported, report.excerpt) == (nina, "Nina R.: Des mots durs")
    admin = make_account()
    report_handle(report=report, account=admin)
    report_handle(report=report, account=make_account())
    assert Report.objects.get().handled_by == admin


# --- mails ----------------------------------------------------------------------------------------
def test_one_mail_for_messages_not_read_yet_and_one_for_each_event() -> None:
    advert, nina = make_advert(), make_account(first_name="Nina", last_name="Roux")
    awake(advert.author, nina)
    thread = thread_start(account=nina, advert=advert, body="Appelez le 06 12 34 56 78")
    message_send(thread=thread, sender=nina, body="Ou par ici")
    assert notices_send() == 1
    (first,) = mail.outbox
    assert first.to == [advert.author.email]
    assert "Nina R. vous a écrit" in first.subject
    assert "•••" in first.body
    assert "34 56" not in first.body
    assert f"/messages/{thread.public_id}/" in first.body
    assert nina.email not in str(first.message())
    booking = ask(advert, asker=nina)
    booking_refuse(booking=booking, account=advert.author)
    assert notices_send() == 2
    assert [one.to for one in mail.outbox[1:]] == [[advert.author.email], [nina.email]]
    assert "demande 1 place" in mail.outbox[1].subject
    assert f"/reservations/{booking.public_id}/" in mail.outbox[2].body
    assert notices_send() == 0


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "stop", "now", "expected"),
    [
        # 23:30 in Paris, winter: until 7:00 the next morning.
        (time(21), time(7), NIGHT, utc(11, 24, 6)),
        (time(21), time(7), utc(11, 24, 2), utc(11, 24, 6)),
        (time(21), time(7), utc(11, 24, 12), utc(11, 24, 12)),
        (time(12), time(14), utc(7, 1, 10, 30), utc(7, 1, 12)),
        # The night on which clocks go forward: 7:00 is an hour nearer.
        (time(21), time(7), utc(3, 28, 22), utc(3, 29, 5)),
        (time(9), time(9), NIGHT, NIGHT),
    ],
)
def test_quiet_hours_are_wall_clock(
    start: time, stop: time, now: datetime, expected: datetime
) -> None:
    chosen = Preferences(quiet=True, quiet_from=start, quiet_until=stop)
    assert loud_from(chosen, now, "Europe/Paris") == expected


def test_a_mail_waits_for_the_end_of_quiet_hours() -> None:
    advert, nina = make_advert(), make_account()
    here = timezone.localtime()
    Preferences.objects.create(
        account=advert.author,
        quiet_from=(here - timedelta(hours=1)).time(),
        quiet_until=(here + timedelta(hours=1)).time(),
    )
    thread_start(account=nina, advert=advert, body="Bonjour")
    assert notices_send() == 0
    assert notices_send(now=timezone.now() + timedelta(hours=2)) == 1


def test_each_kind_may_be_switched_off() -> None:
    advert, nina = make_advert(), make_account()
    Preferences.objects.create(account=advert.author, messages=False, quiet=False)
    thread_start(account=nina, advert=advert, body="Bonjour")
    assert not Notice.objects.exists()
    ask(advert, asker=nina)
    assert Notice.objects.get().kind == "booking"


# --- a person's data ------------------------------------------------------------------------------
def test_the_export_has_one_s_own_words_and_deletion_ends_them() -> None:
    advert, nina = make_advert(), make_account()
    thread = thread_start(account=nina, advert=advert, body="Mes mots")
    message_send(thread=thread, sender=advert.author, body="Ses mots")
    agreed(advert, asker=nina)
    data = inventory.export(nina)
    assert data["conversations"]["messages"][0]["body"] == "Mes mots"
    assert "Ses mots" not in str(data)
    assert data["bookings"][0]["with"] == advert.author.display_name
    nina.delete()
    assert not Message.objects.exists()
    assert not Booking.objects.exists()

"""People of two regions: they write, book, answer, cancel, block; nothing else crosses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from core.accounts import inventory
from core.accounts.models import Account
from core.accounts.readers import reading
from core.accounts.services import account_suspend
from core.audit.models import AuditEntry
from regions.agreements.models import Agreement
from regions.agreements.services import agreement_suspend
from regions.letters.errors import LetterError
from regions.letters.models import Letter
from regions.letters.services import letter_send, letters_receive
from regions.projection.projector import drain
from regions.territories.queries import municipalities_get
from rides.adverts.models import Advert
from rides.adverts.services import advert_pause, ride_change
from rides.adverts.settings import RidesSettings
from rides.bookings.dates import all_rides
from rides.bookings.errors import AdvertUnavailableError
from rides.bookings.models import BookedRide, Booking
from rides.bookings.services import (
    booking_accept,
    booking_cancel,
    booking_propose_meeting,
    booking_refuse,
    booking_restore,
)
from rides.conversations.errors import NotReachableError, TooManyContactsError
from rides.conversations.lines import lines_of
from rides.conversations.models import Block, Message, Notice, Report, Thread
from rides.conversations.services import (
    account_block,
    message_send,
    report_create,
    thread_start,
)
from rides.pooling.services import advert_take_back, region_refuse
from rides.relay import bodies
from rides.relay.adverts import mirror_refresh
from rides.relay.endings import region_reconcile
from rides.relay.models import RelayedBooking
from rides.relay.tasks import reconcile_everywhere
from rides.search.queries import search_adverts
from rides.search.rules import filters_for, search_query
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.agreement_help import administrator
from tests.rides.booking_help import ask, ride
from tests.rides.relay_help import accept, asked, carry, here, offered, there
from tests.rides.situations import EVENING, MONDAY, MORNING, RENNES, VITRE


def test_a_ride_next_door_is_asked_for_accepted_and_cancelled(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """The whole way by pages, on both sides; names and telephones once both have agreed."""
    advert, pool_id = offered(pair.b, seats=2)
    with tenant_scope(pair.a):
        nolwenn = make_account(first_name="Nolwenn", last_name="Tanguy", phone="+33698765432")
    client = client_for(pair.a, nolwenn)
    page = client.get(f"/recherche/via/{pool_id}/").content.decode()
    assert "Réserver" in page and "Écrire à cette personne" in page
    way = client.post(f"/recherche/via/{pool_id}/reserver/")
    form = client.get(way["Location"]).content.decode()
    assert "Membre de Beta vous répond" in form and "Ludivine" not in form
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key
    sent = client.post(
        way["Location"],
        {
            "key": key[1],
            "when": "dates",
            "rides": f"{MONDAY.isoformat()}_0_0740",
            "seats": "1",
            "message": "Bonjour ! Je suis au 06 98 76 54 32.",
        },
    )
    assert sent.status_code == 302, sent.content.decode()
    mine = client.get(sent["Location"]).content.decode()
    assert "En attente de confirmation par Beta" in mine
    carry(*pair)
    mine = client.get(sent["Location"]).content.decode()
    assert "En attente de confirmation" not in mine
    assert "Membre de Beta n’a pas encore répondu" in mine

    # At Ludivine's: a request like any other, of somebody without a name.
    driver = client_for(pair.b, advert.author)
    inbox = driver.get("/messages/").content.decode()
    assert "Membre d’Alpha" in inbox and "Via Alpha" in inbox and "Nolwenn" not in inbox
    with tenant_scope(pair.b):
        booking = Booking.objects.get()
        assert Notice.objects.filter(account=advert.author).count() == 1
        assert booking.public_id == UUID(key[1])
    request = driver.get(f"/reservations/{booking.public_id}/").content.decode()
    assert "Membre d’Alpha attend votre réponse" in request
    assert "06 98 76 54 32" not in request and "•••" in request
    driver.post(f"/reservations/{booking.public_id}/accepter/")
    carry(*pair)
    mine = client.get(sent["Location"]).content.decode()
    assert "Ludivine D." in mine and "+33612345678" in mine and "Delattre" not in mine
    request = driver.get(f"/reservations/{booking.public_id}/").content.decode()
    assert "Nolwenn T." in request and "+33698765432" in request and "Tanguy" not in request
    assert "06 98 76 54 32" in driver.get(f"/messages/{_thread(pair.b)}/").content.decode()
    assert "example.org" not in mine + request, "addresses never cross"

    # Either of them cancels, and the other knows.
    client.post(f"{sent['Location']}annuler/", {"reason": "Je suis malade."})
    carry(*pair)
    assert (
        "Nolwenn T. a annulé la réservation"
        in driver.get(f"/reservations/{booking.public_id}/").content.decode()
    )
    assert there(pair, booking).status == Booking.Status.CANCELLED
    with tenant_scope(pair.a):
        assert not Account.objects.filter(first_name="Ludivine").exists(), "in no list of members"


def _thread(tenant: Tenant) -> UUID:
    with tenant_scope(tenant):
        return Thread.objects.get().public_id


def test_a_name_is_told_to_whom_it_was_given_and_to_nobody_else(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """Two members ask the same driver: one is accepted, the other reads no name anywhere."""
    advert, pool_id = offered(pair.b, seats=2)
    first = asked(pair, pool_id, ride())
    with tenant_scope(pair.a):
        erwan = make_account(first_name="Erwan", last_name="Le Goff")
    second = asked(pair, pool_id, ride(MONDAY + timedelta(days=7)), asker=erwan)
    accept(pair, first)
    client = client_for(pair.a, erwan)
    with tenant_scope(pair.a):
        thread = Thread.objects.get(other=erwan)
    pages = (
        f"/recherche/via/{pool_id}/",
        f"/reservations/{second.public_id}/",
        f"/reservations/{second.public_id}/annuler/",
        f"/messages/{thread.public_id}/",
        f"/messages/{thread.public_id}/signaler/",
        "/messages/",
        "/reservations/",
        "/api/v1/bookings/",
        "/compte/donnees/export/",
    )
    seen = 0
    for page in pages:
        answer = client.get(page, follow=True)
        words = answer.content.decode()
        assert "Ludivine" not in words, page
        seen += "Membre de Beta" in words
    assert seen >= 5, "they are the pages on which somebody is named"
    form = client.post(f"/recherche/via/{pool_id}/reserver/", follow=True).content.decode()
    assert "Membre de Beta" in form and "Ludivine" not in form
    nolwenn = client_for(pair.a, here(pair, first).passenger)
    assert "Ludivine D." in nolwenn.get(f"/reservations/{first.public_id}/").content.decode()
    # The same the other way: Erwan asks, and has no name for her either.
    driver = client_for(pair.b, advert.author)
    request = driver.get(f"/reservations/{there(pair, second).public_id}/").content.decode()
    assert "Membre d’Alpha attend votre réponse" in request and "Erwan" not in request
    inbox = driver.get("/messages/").content.decode()
    assert "Nolwenn T." in inbox and "Erwan" not in inbox and "Membre d’Alpha" in inbox


def test_what_they_write_follows_the_rules_of_both_regions(pair: Twins) -> None:
    """First contact, answer, masks, mails; one who is blocked writes no more, on either side."""
    advert, pool_id = offered(pair.b)
    with tenant_scope(pair.a):
        nolwenn = make_account(first_name="Nolwenn")
        mirror = mirror_refresh(pool_id)
        thread = thread_start(account=nolwenn, advert=mirror, body="Bonjour, au 0698765432 ?")
    carry(*pair)
    with tenant_scope(pair.b):
        theirs = Thread.objects.select_related("author", "other").get()
        assert (theirs.public_id, theirs.author_unread) == (thread.public_id, 1)
        guest = theirs.other
        assert guest.display_name == "Membre d’Alpha" and not guest.is_active
        assert lines_of(theirs, advert.author)[0].text == "Bonjour, au ••• ?"
        assert list(Notice.objects.values_list("account", flat=True)) == [advert.author_id]
        message_send(thread=theirs, sender=advert.author, body="Bonjour ! Oui.")
    carry(*pair)
    with tenant_scope(pair.a):
        assert [line.text for line in lines_of(thread, nolwenn)][-1] == "Bonjour ! Oui."
        assert list(Notice.objects.values_list("account", flat=True)) == [nolwenn.pk]
        assert Account.objects.filter(pk=mirror.author_id).count() == 0
        assert len(_found(nolwenn)) == 1
    with tenant_scope(pair.b):
        account_block(blocker=advert.author, blocked=guest)
    carry(*pair)
    with tenant_scope(pair.a):
        with pytest.raises(NotReachableError):
            message_send(thread=thread, sender=nolwenn, body="Et demain ?")
        assert _found(nolwenn) == [], "neither finds the other"


def _found(reader: Account) -> list[Any]:
    ends = municipalities_get([RENNES, VITRE])
    query = search_query(
        origin=ends[RENNES],
        destination=ends[VITRE],
        regular=True,
        weekdays=[0],
        at=MORNING,
        filters=filters_for(reader),
    )
    return list(search_adverts(query, partners=True).rides)


def test_new_contacts_are_counted_on_each_side(pair: Twins) -> None:
    """Somebody who passes the limit of their own region is stopped by the other's."""
    adverts = [offered(pair.b) for _one in range(3)]
    with tenant_scope(pair.b):
        RidesSettings.objects.update_or_create(pk=1, defaults={"new_contacts_per_day": 2})
    with tenant_scope(pair.a):
        nolwenn = make_account()
        for _advert, pool_id in adverts:
            thread_start(account=nolwenn, advert=mirror_refresh(pool_id), body="Bonjour")
    carry(*pair)
    with tenant_scope(pair.b):
        assert Thread.objects.count() == 2
    with tenant_scope(pair.a):
        assert list(Message.objects.order_by("pk").values_list("returned", flat=True)) == [
            *(False, False),
            True,
        ], "she sees which one was not delivered"
        RidesSettings.objects.update_or_create(pk=1, defaults={"new_contacts_per_day": 3})
        with pytest.raises(TooManyContactsError):
            thread_start(account=nolwenn, advert=mirror_refresh(offered(pair.b)[1]), body="!")


def test_a_report_reaches_the_moderators_of_both(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """Of somebody one wrote with, and of somebody one has only read the advert of."""
    rude, pool_id = offered(pair.b)
    fraud, other_id = offered(pair.b)
    with tenant_scope(pair.a):
        nolwenn = make_account()
        thread = thread_start(account=nolwenn, advert=mirror_refresh(pool_id), body="Bonjour")
    carry(*pair)
    with tenant_scope(pair.a):
        report_create(thread=thread, reporter=nolwenn, reason="rude", text="Des insultes.")
    client = client_for(pair.a, nolwenn)
    client.post(f"/recherche/via/{other_id}/signaler/", {"reason": "fraud", "block": "on"})
    carry(*pair)
    for tenant in pair:
        with tenant_scope(tenant):
            told = list(Report.objects.order_by("pk"))
            assert [row.reason for row in told] == ["rude", "fraud"]
        console = client_for(tenant, administrator(tenant)).get("/administration/signalements/")
        words = console.content.decode()
        assert "Membre d" in words and "guest.invalid" not in words
    with tenant_scope(pair.b):
        assert [row.reported_id for row in told] == [rude.author_id, fraud.author_id]
        assert "Membre d’Alpha: Bonjour" in told[0].excerpt, "from the region’s own copy"
        assert Block.objects.filter(blocked=fraud.author, blocker__guest_from="Alpha").exists()


def test_the_advert_s_region_decides_and_the_other_follows(pair: Twins) -> None:
    """Refused, full, another meeting point, one date of several, taken back: the same in both."""
    _advert, pool_id = offered(pair.b, seats=1)
    first = asked(pair, pool_id, ride(), ride(back=True))
    second = asked(pair, pool_id, ride())
    assert here(pair, second).ending == Booking.Ending.ELSEWHERE
    assert "Plus de place" in here(pair, second).reason, "the other region’s words"
    with tenant_scope(pair.b):
        mine = Booking.objects.get()
        booking_propose_meeting(booking=mine, account=mine.advert.author, label="Gare sud")
    carry(*pair)
    assert here(pair, first).awaits() == here(pair, first).passenger_id
    with tenant_scope(pair.a):
        nolwenn = Account.objects.get(pk=first.passenger_id)
        booking_accept(booking=first, account=nolwenn)
        assert RelayedBooking.objects.get(booking=first).awaited, "not yet confirmed over there"
        with reading(nolwenn):
            assert here(pair, first).driver.display_name == "Membre de Beta"
    carry(*pair)
    assert there(pair, first).status == here(pair, first).status == Booking.Status.CONFIRMED
    with tenant_scope(pair.a), reading(nolwenn):
        assert here(pair, first).driver.display_name == "Ludivine D."
    with tenant_scope(pair.a):
        booking_cancel(booking=first, account=nolwenn, ride=ride(back=True))
    carry(*pair)
    for tenant in pair:
        with tenant_scope(tenant):
            rows = BookedRide.objects.filter(booking__public_id=first.public_id)
            assert sorted(rows.values_list("backwards", "status")) == [
                (False, "booked"),
                (True, "cancelled"),
            ]
    with tenant_scope(pair.a):
        booking_cancel(booking=first, account=nolwenn)
    carry(*pair)
    third = asked(pair, pool_id, ride())  # somebody else takes the seat
    with tenant_scope(pair.a):
        booking_restore(booking=first, account=nolwenn)
        assert here(pair, first).status == Booking.Status.CONFIRMED, "as far as we know here"
    carry(*pair)
    assert there(pair, first).status == here(pair, first).status == Booking.Status.CANCELLED
    with tenant_scope(pair.b):
        mine = Booking.objects.get(public_id=third.public_id)
        booking_refuse(booking=mine, account=mine.advert.author, reason="Désolée.")
    carry(*pair)
    told = here(pair, third)
    assert (told.status, told.ending, told.reason) == ("cancelled", "refused", "Désolée.")
    with tenant_scope(pair.a):
        relays = RelayedBooking.objects.all()
        assert not any(relay.awaited for relay in relays)


def test_a_ride_that_its_author_moves_is_moved_in_both(pair: Twins) -> None:
    advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride(), ride(back=True))
    accept(pair, booking)
    with tenant_scope(pair.b):
        ride_change(advert=advert, ride=ride(), at=time(8, 10))
        ride_change(advert=advert, ride=ride(back=True), at=None)
    carry(*pair)
    for tenant in pair:
        with tenant_scope(tenant):
            held = all_rides(Booking.objects.get())
            assert [(one.time, one.cancelled) for one in held] == [
                (time(8, 10), False),
                (EVENING, True),
            ]


@pytest.mark.parametrize("how", ["agreement", "suspended", "deleted", "asker deleted"])
def test_what_is_pending_ends_with_its_reason_and_both_are_told(pair: Twins, how: str) -> None:
    advert, pool_id = offered(pair.b)
    pending, agreed_one = asked(pair, pool_id, ride()), asked(pair, pool_id, ride(back=True))
    accept(pair, agreed_one)
    asker = pending.passenger
    if how == "agreement":
        with platform_scope(reason="a test looks"):
            made = Agreement.objects.get(parties__tenant=pair.b)
        with tenant_scope(pair.b):
            agreement_suspend(agreement=made, actor=administrator(pair.b))
    with tenant_scope(pair.b):
        if how == "suspended":
            account_suspend(account=advert.author)
        if how == "deleted":
            with transaction.atomic():
                inventory.remove(advert.author)
                advert.author.delete()
    with tenant_scope(pair.a):
        if how == "asker deleted":
            with transaction.atomic():
                inventory.remove(asker)
                asker.delete()
    for tenant in pair:
        with tenant_scope(tenant):
            region_reconcile()
    carry(*pair)
    kept = {"agreement": "confirmed", "suspended": "confirmed"}.get(how, "cancelled")
    reasons = {"agreement": "n’échangent plus de trajets"}
    expected = reasons.get(how, "Cette personne n’est plus là")
    if how != "asker deleted":
        assert (here(pair, pending).status, here(pair, agreed_one).status) == ("cancelled", kept)
        assert expected in here(pair, pending).reason
        with tenant_scope(pair.a):
            assert Notice.objects.filter(account=asker, kind="booking").exists()
    if how != "deleted":
        assert there(pair, pending).status == "cancelled"
        assert expected in there(pair, pending).reason
        with tenant_scope(pair.b):
            assert Notice.objects.filter(account=advert.author, kind="booking").exists()
    if how == "agreement":  # what both had agreed is still cancelled across
        with tenant_scope(pair.a):
            booking_cancel(booking=agreed_one, account=agreed_one.passenger)
        carry(*pair)
        assert there(pair, agreed_one).status == "cancelled"
        with tenant_scope(pair.a), pytest.raises(LetterError):
            message_send(
                thread=Thread.objects.get(other=asker),
                sender=asker,
                body="Et alors ?",
            )
        with tenant_scope(pair.a):  # a report is heard at home, whatever the agreements
            thread = Thread.objects.get(other=asker)
            report_create(thread=thread, reporter=asker, reason="rude")
        carry(*pair)
        with tenant_scope(pair.b):
            assert not Report.objects.exists()
    if how == "deleted":
        with tenant_scope(pair.a):
            assert not Account.everybody.filter(first_name="Ludivine").exists(), "nor its telephone"
            assert not Account.everybody.filter(phone="+33612345678").exists()


def test_nobody_reaches_what_is_not_offered_to_their_region(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """Taken back, kept from this region, paused: a request that was under way is refused.

    Of somebody who had written before as well: that they know each other opens nothing.
    """
    changes: list[Callable[[Advert], object]] = [
        lambda advert: advert_take_back(advert=advert),
        lambda advert: region_refuse(account=advert.author, region=pair.a.pk),
        lambda advert: advert_pause(advert=advert),
    ]
    for change, wrote in product(changes, (False, True)):
        advert, pool_id = offered(pair.b)
        with tenant_scope(pair.a):
            asker = make_account()
            if wrote:
                thread_start(account=asker, advert=mirror_refresh(pool_id), body="Bonjour")
        carry(*pair)
        with tenant_scope(pair.a):
            booking = ask(mirror_refresh(pool_id), asker=asker)
            drain(pair.a)
        with tenant_scope(pair.b):
            change(advert)
        carry(*pair)
        assert here(pair, booking).ending == Booking.Ending.ELSEWHERE
        with tenant_scope(pair.b):
            assert not Booking.objects.filter(advert=advert).exists()
        with tenant_scope(pair.a), pytest.raises(AdvertUnavailableError):
            ask(Advert.objects.get(public_id=pool_id))
        address = f"/recherche/via/{pool_id}/"
        assert client_for(pair.a, asker).get(address).status_code == 410, "she knew it"
        assert client_for(pair.a).get(address).status_code == 404


def test_who_was_only_looked_at_is_forgotten_with_their_advert(pair: Twins) -> None:
    """Opened by somebody who did nothing, then deleted with its author: nothing is left here."""
    advert, pool_id = offered(pair.b)
    _other, kept = offered(pair.b)
    with tenant_scope(pair.a):
        mirror_refresh(pool_id)
        mirror_refresh(kept)
    with tenant_scope(pair.b), transaction.atomic():
        inventory.remove(advert.author)
        advert.author.delete()
    carry(*pair)
    reconcile_everywhere()
    with tenant_scope(pair.a):
        assert Advert.objects.get().public_id == kept
        assert Account.everybody.exclude(guest_from="").count() == 1


def test_the_region_that_decides_is_no_asker(pair: Twins) -> None:
    """Whose advert it is says what became of a request; it acts for nobody of the other region."""
    _advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id)
    act = {"booking": str(booking.public_id), "number": 1, "act": "accepted", "text": ""}
    with tenant_scope(pair.b), transaction.atomic():
        letter_send(to=pair.a.pk, kind=bodies.ACT, subject=uuid4(), body=act)
        again = {"booking": str(booking.public_id)}
        letter_send(to=pair.a.pk, kind=bodies.ASK, subject=uuid4(), body=again)
    drain(pair.b)
    with tenant_scope(pair.a):
        letters_receive()
        assert Letter.objects.filter(reason__startswith="ForgedLetterError").count() == 2
        relay = RelayedBooking.objects.get()
        assert (relay.version, relay.booking.status) == (1, Booking.Status.WAITING)


def test_a_region_speaks_for_its_own_people_alone(pair: Twins) -> None:
    """A forged letter about what others share changes nothing, and is parked."""
    advert, _pool_id = offered(pair.b)
    with tenant_scope(pair.b):
        booking = ask(advert)  # between two members of B
        thread = Thread.objects.get()
    with tenant_scope(pair.a), transaction.atomic():
        body = {"booking": str(booking.public_id), "number": 9, "act": "withdrawn", "text": ""}
        letter_send(to=pair.b.pk, kind=bodies.ACT, subject=uuid4(), body=body)
        told = {"key": str(uuid4()), "text": "Je suis elle."}
        letter_send(to=pair.b.pk, kind=bodies.MESSAGE, subject=thread.public_id, body=told)
        state = {"booking": str(booking.public_id), "version": 9, "status": "cancelled"}
        letter_send(to=pair.b.pk, kind=bodies.STATE, subject=uuid4(), body=state)
    drain(pair.a)
    with tenant_scope(pair.b):
        for _try in range(5):
            letters_receive()
            Letter.objects.update(not_before=timezone.now())
        assert Letter.objects.filter(parked_at__isnull=False).count() == 3
        assert AuditEntry.objects.filter(action="letter.parked").count() == 3
        assert Booking.objects.get().status == Booking.Status.WAITING
        assert Message.objects.filter(body="Je suis elle.").count() == 0


def test_a_member_sees_which_region_holds_their_words(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    _advert, pool_id = offered(pair.b)
    with tenant_scope(pair.a):
        nolwenn = make_account()
        thread_start(account=nolwenn, advert=mirror_refresh(pool_id), body="Bonjour")
    page = client_for(pair.a, nolwenn).get("/compte/ou-circulent-mes-donnees/").content.decode()
    assert "Ce que vous avez écrit dans 1 conversation" in page
    assert "réservation acceptée" not in page, "nobody knows her name yet"
    assert "Rien de vous ne sort de votre région" not in page
    with tenant_scope(pair.a):
        assert inventory.export(nolwenn)["relay"][0]["region"] == "Beta"

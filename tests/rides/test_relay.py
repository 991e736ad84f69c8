"""People of two regions: they write, book, answer, cancel, block; nothing else crosses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from core.accounts.models import Account
from regions.letters.models import Letter
from regions.letters.services import letters_receive
from regions.projection.projector import drain
from rides.adverts.models import Advert
from rides.bookings.models import Booking
from rides.bookings.services import (
    booking_accept,
)
from rides.conversations.models import Notice, Thread
from rides.pooling.models import pooling_switch
from rides.pooling.services import advert_agree
from rides.relay.adverts import mirror_refresh
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.agreement_help import agree
from tests.rides.booking_help import ask
from tests.rides.situations import MONDAY, make_advert


@pytest.fixture
def pair(twins: Twins, _database: None) -> Twins:
    agree(*twins)
    for tenant in twins:
        with tenant_scope(tenant):
            pooling_switch(enabled=True)
    return twins


def carry(*tenants: Tenant) -> None:
    """Let everything arrive that is on its way, answers included."""
    for _round in range(6):
        moved = sum(drain(tenant) for tenant in tenants)
        for tenant in tenants:
            with tenant_scope(tenant):
                moved += letters_receive()
                assert not Letter.objects.filter(attempts__gt=0).exists()
        if not moved:
            return
    raise AssertionError("letters go round in circles")


def offered(tenant: Tenant, **said: Any) -> tuple[Advert, UUID]:
    """An advert of Ludivine's that its partners hold, and how they name it."""
    with tenant_scope(tenant):
        author = make_account(first_name="Ludivine", last_name="Delattre", phone="+33612345678")
        advert = make_advert(author=author, **said)
        pool_id = advert_agree(advert=advert, account=author).pool_id
    drain(tenant)
    return advert, pool_id


def asked(pair: Twins, pool_id: UUID, *rides: Any, **said: Any) -> Booking:
    """Somebody of A asks for a ride of B's advert; the request has arrived, and its answer."""
    with tenant_scope(pair.a):
        asker = said.pop("asker", None) or make_account(
            first_name="Nolwenn", last_name="Tanguy", phone="+33698765432"
        )
        booking = ask(mirror_refresh(pool_id), *rides, asker=asker, **said)
    carry(*pair)
    return booking


def here(pair: Twins, booking: Booking) -> Booking:
    """The booking as the asker's region shows it."""
    with tenant_scope(pair.a):
        return Booking.objects.select_related("advert", "driver", "passenger").get(pk=booking.pk)


def there(pair: Twins, booking: Booking) -> Booking:
    """The same as the advert's region holds it."""
    with tenant_scope(pair.b):
        rows = Booking.objects.select_related("advert", "driver", "passenger")
        return rows.get(public_id=booking.public_id)


def accept(pair: Twins, booking: Booking) -> None:
    with tenant_scope(pair.b):
        mine = Booking.objects.get(public_id=booking.public_id)
        booking_accept(booking=mine, account=mine.advert.author)
    carry(*pair)


def test_a_ride_next_door_is_asked_for_accepted_and_cancelled(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """The whole way by pages, on both sides; names and telephones once both have agreed."""
    advert, pool_id = offered(pair.b, seats=2)
    with tenant_scope(pair.a):
        nolwenn = make_account(first_name="Nolwenn", last_name="Tanguy", phone="+33698765432")
    client = client_for(pair.a, nolwenn)
    page = client.get(f"/recherche/via/{pool_id}/").content.decode()
    assert "Réserver" in page and "Écrire à Membre de Beta" in page
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
    assert "Membre de Alpha" in inbox and "Via Alpha" in inbox and "Nolwenn" not in inbox
    with tenant_scope(pair.b):
        booking = Booking.objects.get()
        assert Notice.objects.filter(account=advert.author).count() == 1
        assert booking.public_id == UUID(key[1])
    request = driver.get(f"/reservations/{booking.public_id}/").content.decode()
    assert "Membre de Alpha attend votre réponse" in request
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

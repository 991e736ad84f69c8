"""What people of two regions read on pages: what is held, agreed, awaited, gone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from regions.agreements.models import Agreement
from regions.agreements.services import agreement_end, agreement_suspend
from rides.bookings.models import Booking
from rides.bookings.services import booking_propose_meeting
from rides.pooling.models import pooling_switch
from rides.pooling.services import advert_take_back
from rides.relay.endings import region_reconcile
from rides.relay.forgetting import region_forget
from tenants.context import platform_scope, tenant_scope
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.agreement_help import administrator, agree
from tests.rides.booking_help import ride
from tests.rides.relay_help import accept, asked, carry, here, offered
from tests.rides.situations import MONDAY, RENNES, VITRE

Clients = Callable[..., StrictClient]


def test_a_member_reads_what_a_region_holds_until_it_is_gone(
    pair: Twins, client_for: Clients
) -> None:
    """Why, what, since when, until when; also while the agreement is suspended, and at its end."""
    _advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride())
    accept(pair, booking)
    client = client_for(pair.a, booking.passenger)

    def circulates() -> str:
        return client.get("/compte/ou-circulent-mes-donnees/").content.decode()

    with platform_scope(reason="a test looks"):
        made = Agreement.objects.get(parties__tenant=pair.b)
    page = circulates()
    assert made.title in page and made.purpose in page
    assert "pour 1 réservation acceptée le" in page and "jusqu’à la fin de la convention" in page
    with tenant_scope(pair.b):
        agreement_suspend(agreement=made, actor=administrator(pair.b))
    page = circulates()
    assert "La convention est suspendue" in page and "pour 1 réservation acceptée le" in page
    assert "Rien de vous ne sort" not in page and made.purpose not in page
    with tenant_scope(pair.b):
        agreement_end(agreement=made, actor=administrator(pair.b))
    assert "supprimé dans la journée" in circulates()
    with tenant_scope(pair.a):
        region_forget(now=timezone.now() + timedelta(days=1))
    assert "Rien de vous ne sort de votre région" in circulates()


def test_another_meeting_point_is_confirmed_by_the_region_that_decides(
    pair: Twins, client_for: Clients
) -> None:
    """Until it has, no page says that the booking is confirmed; nor that a name is missing."""
    _advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride())
    with tenant_scope(pair.b):
        mine = Booking.objects.get(public_id=booking.public_id)
        booking_propose_meeting(booking=mine, account=mine.advert.author, label="Gare sud")
        driver = mine.advert.author
    carry(*pair)
    address = f"/reservations/{booking.public_id}/"
    asker = client_for(pair.a, booking.passenger)
    asker.post(f"{address}accepter/")
    page = asker.get(address).content.decode()
    assert "En attente de confirmation par Beta" in page and "Votre réponse est envoyée" in page
    assert "La réservation est confirmée" not in page
    assert '<span class="badge badge--success">' not in page
    carry(*pair)
    page = asker.get(address).content.decode()
    assert "Ludivine" in page and "En attente" not in page and "en route" not in page
    page = client_for(pair.b, driver).get(address).content.decode()
    assert "Nolwenn" in page


def test_who_accepts_reads_that_the_name_is_on_its_way(pair: Twins, client_for: Clients) -> None:
    advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride())
    driver = client_for(pair.b, advert.author)
    address = f"/reservations/{booking.public_id}/"
    driver.post(f"{address}accepter/")
    page = driver.get(address).content.decode()
    assert "prénoms et téléphones sont en route" in page
    carry(*pair)
    page = driver.get(address).content.decode()
    assert "Nolwenn" in page and "en route" not in page


def test_what_was_agreed_stands_on_the_page_of_a_ride_that_is_gone(
    pair: Twins, client_for: Clients
) -> None:
    advert, pool_id = offered(pair.b)
    agreed, waiting = asked(pair, pool_id, ride()), asked(pair, pool_id, ride(back=True))
    accept(pair, agreed)
    with tenant_scope(pair.b):
        advert_take_back(advert=advert)
        region_reconcile()
    carry(*pair)
    address = f"/recherche/via/{pool_id}/"
    answer = client_for(pair.a, agreed.passenger).get(address)
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "Ce que vous aviez convenu tient toujours" in page and "rien n’a été" not in page
    assert f"/reservations/{agreed.public_id}/" in page
    answer = client_for(pair.a, waiting.passenger).get(address)
    assert answer.status_code == 410 and "rien n’a été réservé" in answer.content.decode()


def test_a_contribution_that_no_agreement_tells_is_said_to_be_so(
    twins: Twins, client_for: Clients, _database: None
) -> None:
    agree(*twins, fields=[])
    for tenant in twins:
        with tenant_scope(tenant):
            pooling_switch(enabled=True)
    _advert, pool_id = offered(twins.b)
    with tenant_scope(twins.a):
        client = client_for(twins.a, make_account())
    said = "participation non communiquée"
    assert said in client.get(f"/recherche/via/{pool_id}/").content.decode()
    client.post(f"/recherche/via/{pool_id}/reserver/")
    page = client.get(f"/reservations/nouvelle/{pool_id}/").content.decode()
    assert said in page and "Gratuit" not in page


def test_a_request_that_a_suspension_ends_says_so_and_what_to_do(
    pair: Twins, client_for: Clients
) -> None:
    _advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride())
    with platform_scope(reason="a test looks"):
        made = Agreement.objects.get(parties__tenant=pair.b)
    with tenant_scope(pair.b):
        agreement_suspend(agreement=made, actor=administrator(pair.b))
    with tenant_scope(pair.a):
        region_reconcile()
    assert "cette demande a pris fin, rien n’est réservé" in here(pair, booking).reason
    page = client_for(pair.a, booking.passenger).get(f"/reservations/{booking.public_id}/")
    assert "La demande a pris fin" in page.content.decode()


def test_the_pages_that_explain_say_what_crosses(pair: Twins, client_for: Clients) -> None:
    for address in ("/comment-ca-marche/", "/compte/charte/"):
        page = client_for(pair.a).get(address).content.decode()
        assert "Et dans les autres régions" in page and "Beta" in page


def test_the_day_that_was_searched_is_ticked_and_the_way_back_is_there(
    pair: Twins, client_for: Clients
) -> None:
    offered(pair.b)
    with tenant_scope(pair.a):
        client = client_for(pair.a, make_account())
    monday = MONDAY + timedelta(days=7)
    found = client.get(
        "/recherche/",
        {
            **{"origin": "Rennes", "origin_code": RENNES, "date": monday.isoformat()},
            **{"destination": "Vitré", "destination_code": VITRE, "time": "07:40"},
        },
    )
    address = html.unescape(re.findall(r'href="(/recherche/via/[^"]*)"', found.content.decode())[0])
    page = client.get(address).content.decode()
    assert "Retour aux résultats" in page
    said = re.findall(r'name="jour" value="([^"]*)"', page)
    assert said == [f"{monday.isoformat()}_0"]
    booked = client.post(f"{address.partition('?')[0]}reserver/", {"jour": said[0]})
    form = client.get(booked["Location"]).content.decode()
    ticked = re.findall(r'name="rides" value="([^"]*)" checked', form)
    assert [one[:12] for one in ticked] == said


def test_who_is_blocked_is_asked_for_nothing_and_can_be_unblocked(
    pair: Twins, client_for: Clients
) -> None:
    _advert, pool_id = offered(pair.b)
    with tenant_scope(pair.a):
        client = client_for(pair.a, make_account())
    page, form = f"/recherche/via/{pool_id}/", f"/reservations/nouvelle/{pool_id}/"
    assert client.get(f"{page}bloquer/").status_code == 200
    client.post(f"{page}reserver/")
    assert client.get(form).status_code == 200
    client.post(f"{page}bloquer/")
    assert client.get(form).status_code == 403
    shown = client.get(page).content.decode()
    assert f"{page}reserver/" not in shown and f"{page}bloquer/" not in shown
    held = client.get("/compte/personnes-bloquees/").content.decode()
    (person,) = re.findall(r'name="person" value="([^"]*)"', held)
    client.post("/compte/personnes-bloquees/", {"person": person})
    assert client.get(form).status_code == 200
    assert f"{page}reserver/" in client.get(page).content.decode()

"""Bookings as people meet them, in French, without JavaScript; and over the API."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rides.adverts.models import Advert
from rides.adverts.services import advert_delete
from rides.bookings.models import Booking
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account
from tests.rides.booking_help import agreed, ask, every, ride
from tests.rides.situations import MONDAY, RENNES, make_advert, once

ClientFor = Callable[..., StrictClient]


@pytest.fixture
def author(tenant: Tenant) -> Any:
    return make_account(first_name="Pierre", last_name="Lemoine", phone="+33612345678")


@pytest.fixture
def passenger(tenant: Tenant) -> Any:
    return make_account(first_name="Nina", last_name="Roux")


@pytest.fixture
def advert(author: Any) -> Advert:
    return make_advert(author=author)


@pytest.fixture
def hers(client_for: ClientFor, tenant: Tenant, passenger: Any) -> StrictClient:
    """The passenger's browser."""
    return client_for(tenant, passenger)


@pytest.fixture
def his(client_for: ClientFor, tenant: Tenant, author: Any) -> StrictClient:
    """The author's browser."""
    return client_for(tenant, author)


def sent(**changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "when": "dates",
        "rides": [f"{MONDAY}_0_0740", f"{MONDAY}_1_1730"],
        "seats": "1",
        "message": "Bonjour, je travaille à Vitré.",
    }
    form.update(changes)
    return {name: value for name, value in form.items() if value is not None}


def words(html: bytes) -> str:
    return re.sub(r"\s+", " ", html.decode().replace("\u00a0", " "))


def test_the_advert_s_page_offers_to_book(
    client: StrictClient, hers: StrictClient, his: StrictClient, advert: Advert
) -> None:
    address = f"/annonces/{advert.public_id}/"
    link = f'href="/reservations/nouvelle/{advert.public_id}/"'
    for browser in (client, hers):
        html = browser.get(address).content.decode()
        assert link in html
        assert "Réserver" in html
    assert link not in his.get(address).content.decode()
    ask(advert)
    assert "Attend votre réponse" in his.get(address).content.decode()


def test_two_dates_from_the_form_to_the_answer(
    hers: StrictClient, his: StrictClient, advert: Advert
) -> None:
    page = words(hers.get(f"/reservations/nouvelle/{advert.public_id}/").content)
    for text in ("Toutes les semaines", "Certaines dates seulement", "3 places libres"):
        assert text in page
    response = hers.post(f"/reservations/nouvelle/{advert.public_id}/", sent())
    booking = Booking.objects.get()
    assert response["Location"] == f"/reservations/{booking.public_id}/"
    page = words(hers.get(response["Location"]).content)
    assert "Votre demande est envoyée" in page
    assert "Pierre L. n’a pas encore répondu" in page
    assert "aller à 7 h 40" in page
    assert "+33612345678" not in page
    page = words(his.get(response["Location"]).content)
    assert "Nina R. attend votre réponse" in page
    assert "Bonjour, je travaille à Vitré." in page
    his.post(f"/reservations/{booking.public_id}/accepter/")
    page = words(hers.get(response["Location"]).content)
    assert "Réservation confirmée" in page
    assert "+33612345678" in page
    # The same button again: the state is said, nothing breaks.
    again = his.post(f"/reservations/{booking.public_id}/accepter/", follow=True)
    assert "a changé entre-temps" in words(again.content)


def test_every_week_from_the_form(hers: StrictClient, advert: Advert) -> None:
    form = sent(when="weeks", rides=None, weeks=["0_0_0740", "0_1_1730", "3_0_0740"])
    response = hers.post(f"/reservations/nouvelle/{advert.public_id}/", form)
    page = words(hers.get(response["Location"]).content)
    assert "Toutes les semaines : lundi et jeudi" in page
    assert Booking.objects.get().weeks.count() == 3


def test_a_form_sent_twice_is_one_booking(hers: StrictClient, advert: Advert) -> None:
    form = sent()
    places = {
        hers.post(f"/reservations/nouvelle/{advert.public_id}/", form)["Location"] for _ in "12"
    }
    assert len(places) == 1
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"rides": None}, "Choisissez au moins un trajet à venir."),
        ({"rides": ["n'importe quoi"]}, "n’existe pas"),
        ({"rides": [f"{MONDAY + timedelta(days=5)}_0_0740"]}, "n’a pas lieu"),
        ({"seats": "9"}, "9"),
        ({"pickup": "Ploubalanec"}, "Ploubalanec"),
        ({"pickup": "Rennes (35)", "dropoff": "Rennes (35)"}, "au même endroit"),
        ({"when": "weeks", "weeks": ["0_0_0740"], "first": "2026-02-31"}, "date"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    hers: StrictClient, advert: Advert, changes: dict[str, Any], text: str
) -> None:
    said = "<b>Bonjour</b> à tous"
    response = hers.post(
        f"/reservations/nouvelle/{advert.public_id}/", sent(message=said, **changes)
    )
    assert response.status_code == 422
    page = words(response.content)
    assert text in page
    assert "&lt;b&gt;Bonjour&lt;/b&gt; à tous" in page
    assert not Booking.objects.exists()


def test_a_full_ride_offers_to_wait_or_to_leave_it_out(hers: StrictClient, author: Any) -> None:
    advert = make_advert(author=author, seats=1)
    ask(advert)
    address = f"/reservations/nouvelle/{advert.public_id}/"
    assert "complet : liste d’attente" in words(hers.get(address).content)
    response = hers.post(address, sent())
    assert response.status_code == 409
    page = words(response.content)
    assert "Plus de place : lundi" in page
    for button in ("M’inscrire sur la liste d’attente", "Réserver sans ces dates"):
        assert button in page
    assert "Bonjour, je travaille à Vitré." in page
    response = hers.post(address, sent(waiting_list="1"), follow=True)
    assert "Vous êtes sur la liste d’attente" in words(response.content)
    assert Booking.objects.filter(status="waiting_list").count() == 1


def test_an_advert_deleted_meanwhile_says_so_and_keeps_the_words(
    hers: StrictClient, advert: Advert
) -> None:
    advert_delete(advert=advert)
    response = hers.post(f"/reservations/nouvelle/{advert.public_id}/", sent())
    assert response.status_code == 409
    page = words(response.content)
    assert "Cette annonce n’est plus en ligne" in page
    assert "Bonjour, je travaille à Vitré." in page
    assert advert.origin_label not in page


def test_words_are_masked_until_both_agree(
    hers: StrictClient, his: StrictClient, advert: Advert
) -> None:
    hers.post(
        f"/reservations/nouvelle/{advert.public_id}/", sent(message="Appelez le 06 12 34 56 78")
    )
    booking = Booking.objects.get()
    page = words(his.get(f"/reservations/{booking.public_id}/").content)
    assert "Appelez le •••" in page
    assert "34 56" not in page


def test_refuse_and_propose_another_place(
    hers: StrictClient, his: StrictClient, advert: Advert, passenger: Any
) -> None:
    booking = ask(advert, asker=passenger)
    address = f"/reservations/{booking.public_id}/"
    his.post(f"{address}point-de-rencontre/", {"label": "Place de la gare"})
    page = words(hers.get(address).content)
    assert "Pierre L. propose de vous retrouver à : Place de la gare" in page
    hers.post(f"{address}point-prevu/")
    his.post(f"{address}refuser/", {"reason": "Voiture en panne"})
    page = words(hers.get(address).content)
    assert "Demande refusée" in page


def test_words_that_are_too_long_are_kept(
    hers: StrictClient, his: StrictClient, advert: Advert, passenger: Any
) -> None:
    address = f"/reservations/{ask(advert, asker=passenger).public_id}/"
    for action, form in (
        ("refuser/", {"reason": "a" * 501}),
        ("point-de-rencontre/", {"label": "Gare", "text": "a" * 501}),
    ):
        response = his.post(f"{address}{action}", form)
        assert response.status_code == 422
        assert "a" * 501 in response.content.decode()
    assert "attend votre réponse" in words(his.get(address).content)


def test_a_cancellation_is_taken_back_from_the_page(
    hers: StrictClient, his: StrictClient, advert: Advert, passenger: Any
) -> None:
    booking = agreed(advert, asker=passenger)
    address = f"/reservations/{booking.public_id}/"
    page = words(hers.post(f"{address}annuler/", {"reason": ""}, follow=True).content)
    assert "Vous avez annulé cette réservation" in page
    assert "aller à 7 h 40" not in page
    assert "Rétablir la réservation" not in words(his.get(address).content)
    page = words(hers.post(f"{address}retablir/", follow=True).content)
    assert "Réservation confirmée" in page
    assert "aller à 7 h 40" in page
    assert "Nina R. a rétabli la réservation" in words(his.get(address).content)


def test_one_ride_of_many_is_cancelled(hers: StrictClient, advert: Advert, passenger: Any) -> None:
    booking = agreed(advert, weeks=every(0), asker=passenger)
    address = f"/reservations/{booking.public_id}/annuler/"
    page = words(hers.get(address).content)
    for text in ("Un seul trajet", "Tous les trajets à partir d’un jour", "Toute la réservation"):
        assert text in page
    assert hers.post(address, {"what": "from"}).status_code == 422
    response = hers.post(address, {"what": "one", "ride": f"{MONDAY}_0_0740"}, follow=True)
    assert "C’est annulé" in words(response.content)
    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_a_one_off_advert_has_no_weeks(hers: StrictClient) -> None:
    advert = make_advert(planning=once())
    page = words(hers.get(f"/reservations/nouvelle/{advert.public_id}/").content)
    assert "Toutes les semaines" not in page
    assert re.search(rf'value="{MONDAY}_0_0900" checked', page)


def test_the_advert_s_page_asks_the_same_number_of_questions(
    his: StrictClient, advert: Advert
) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            his.get(f"/annonces/{advert.public_id}/")
        return len(queries)

    ask(advert)
    count()
    one = count()
    for _ in range(3):
        ask(advert, ride(MONDAY + timedelta(days=1)), seats=1)
    assert count() == one


# --- the API --------------------------------------------------------------------------------------
def test_the_api_books_and_answers(hers: StrictClient, his: StrictClient, advert: Advert) -> None:
    body = {
        "advert": str(advert.public_id),
        "rides": [{"day": f"{MONDAY}", "time": "07:40"}],
        "pickup": {"municipality": RENNES, "lat": 48.1101, "lon": -1.6702},
    }
    made = hers.post("/api/v1/bookings/", json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    booking = made.json()
    assert booking["status"] == "waiting_confirmation"
    assert booking["pickup"]["lat"] == 48.1101
    address = f"/api/v1/bookings/{booking['id']}/"
    assert his.get(address).json()["pickup"]["lat"] != 48.1101
    answer = {"status": "confirmed"}
    done = his.patch(address, json.dumps(answer), content_type="application/json")
    assert done.json()["status"] == "confirmed"
    assert his.get(address).json()["pickup"]["lat"] == 48.1101
    again = his.patch(address, json.dumps(answer), content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "status_already_set")
    assert hers.get("/api/v1/bookings/").json()["count"] == 1
    off = hers.patch(address, json.dumps({"status": "cancelled"}), content_type="application/json")
    assert off.json()["ending"] == "cancelled"


def test_the_api_says_what_is_wrong(hers: StrictClient, advert: Advert) -> None:
    advert_delete(advert=advert)
    body = {"advert": str(advert.public_id), "rides": [{"day": f"{MONDAY}", "time": "07:40"}]}
    answer = hers.post("/api/v1/bookings/", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "advert_unavailable")

"""A member of Rennes rides with a driver of Lille’s region, and takes back what went there."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections, transaction
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from tenants.context import registry_scope, tenant_scope
from tests.browser.conftest import Live
from tests.browser.people import Person
from tests.permissions.world import PASSWORD

ORIGIN, DESTINATION = "Lille (59)", "Rennes (35)"
DRIVER = "ludivine.delattre@example.org"


def somebody_drives(blocker: DjangoDbBlocker) -> None:
    """A driver of the partner region offers a ride to its neighbours, in a thread of its own."""

    def run() -> None:
        from regions.projection.projector import drain
        from rides.pooling.services import advert_agree
        from tenants.models import Tenant
        from tests.factories import make_account
        from tests.rides.situations import make_advert

        try:
            with blocker.unblock():
                with registry_scope():
                    region = Tenant.objects.get(slug="rivage")
                with tenant_scope(region), transaction.atomic():
                    author = make_account(first_name="Ludivine", last_name="Delattre", email=DRIVER)
                    author.phone = "+33639981234"
                    author.set_password(PASSWORD)
                    author.save()
                    advert = make_advert("59350", "35238", author=author)
                    advert_agree(advert=advert, account=author)
                drain(region)
        finally:
            for connection in connections.all():
                connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result(60)


def waits_for(person: Person, words: str) -> None:
    """Read a page again until what the other region told has arrived."""
    until = time.monotonic() + 20
    while person.page.get_by_text(words).count() == 0 and time.monotonic() < until:
        person.page.wait_for_timeout(500)
        person.page.reload()
    person.reads(words)


def test_a_ride_next_door_is_booked_and_data_taken_back(
    live: Live, window: Callable[..., Page], django_db_blocker: DjangoDbBlocker
) -> None:
    somebody_drives(django_db_blocker)
    yann = Person(window("phone"), live, "Yann", "Le Goff")
    yann.signs_in("armor", email="other@example.org", password=PASSWORD)
    yann.searches("armor", origin=ORIGIN, destination=DESTINATION)
    ride = yann.page.get_by_role("article").filter(has_text="Via Rivage")
    expect(ride).to_contain_text("Membre de Rivage")
    ride.get_by_role("link").first.click()
    yann.look()
    yann.button("Réserver").click()
    yann.types("Un mot à Membre de Rivage", "Bonjour, mon numéro est le 06 12 34 56 78.")
    yann.page.locator("input[name=rides]").first.check()
    yann.button("Envoyer ma demande").click()
    yann.reads("Votre demande est envoyée")
    waits_for(yann, "Membre de Rivage n’a pas encore répondu")
    booking = yann.path
    yann.look()

    # Over there: a request like any other, of somebody whose name nobody knows yet.
    ludivine = Person(window(), live, "Ludivine", "Delattre")
    ludivine.signs_in("rivage", email=DRIVER, password=PASSWORD)
    ludivine.go("rivage", booking)
    ludivine.reads("Membre d’Armor attend votre réponse")
    ludivine.reads("mon numéro est le •••")
    assert "Yann" not in ludivine.page.content()
    ludivine.button("Accepter").click()
    ludivine.reads("La réservation est confirmée")
    waits_for(ludivine, "Yann L.")

    yann.go("armor", booking)
    waits_for(yann, "Ludivine D.")
    yann.reads("+33639981234")
    yann.go("armor", "/compte/ou-circulent-mes-donnees/")
    yann.reads("Ce que vous avez écrit dans 1 conversation")
    yann.look()

    # Who offered the ride sees who holds it, and takes it back from there.
    ludivine.go("rivage", "/compte/ou-circulent-mes-donnees/")
    ludivine.reads("Détenu par Armor")
    ludivine.button("Retirer tous mes trajets de la région Armor").click()
    ludivine.reads("La région Armor ne voit plus aucun de vos trajets")
    ludivine.look()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        yann.searches("armor", origin=ORIGIN, destination=DESTINATION)
        if yann.page.get_by_text("Via Rivage").count() == 0:
            break
    expect(yann.page.get_by_text("Via Rivage")).to_have_count(0)

"""Two people on telephones: from nothing to a weekly journey that both confirm."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from tenants.context import tenant_scope
from tests.browser.conftest import Live
from tests.browser.people import Person
from tests.permissions.world import HERE

ORIGIN, DESTINATION = "Lannion (22)", "Guingamp (22)"


def a_week_goes_by(live: Live, blocker: DjangoDbBlocker) -> None:
    """Let the server's own task look at its clock eight days later, in a thread of its own."""

    def run() -> None:
        from rides.journeys.services import journeys_close

        try:
            with blocker.unblock(), tenant_scope(live.filled.tenant):
                journeys_close(now=timezone.now() + timedelta(days=8))
        finally:
            for connection in connections.all():
                connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result(60)


def test_two_people_share_a_weekly_journey(
    live: Live, window: Callable[..., Page], django_db_blocker: DjangoDbBlocker
) -> None:
    nina = Person(window("phone"), live, "Nolwenn", "Caradec")
    nina.registers("armor")
    nina.joins(HERE.community)
    advert = nina.publishes(HERE.community, origin=ORIGIN, destination=DESTINATION)

    # Somebody else finds it and asks for two days of every week.
    paul = Person(window("phone"), live, "Paul", "Tanguy")
    paul.registers("armor")
    paul.searches("armor", origin=ORIGIN, destination=DESTINATION)
    ride = paul.page.get_by_role("article").filter(has_text="Nolwenn C.")
    ride.get_by_role("link").first.click()
    assert paul.path.endswith(advert)
    paul.look()
    paul.follow("Réserver")
    paul.ticks("Toutes les semaines")
    paul.types("Un mot à Nolwenn C.", "Bonjour, mon numéro est le 06 12 34 56 78.")
    paul.look()
    paul.button("Envoyer ma demande").click()
    paul.reads("Votre demande est envoyée")
    paul.reads("Toutes les semaines")
    paul.look()

    # She is told on her home page, looks, writes, accepts.
    nina.go("armor")
    nina.follow("1 demande attend votre réponse")
    nina.look()
    nina.follow("Paul T.")
    nina.reads("Paul T. attend votre réponse")
    nina.reads("mon numéro est le •••")
    nina.look()
    nina.follow("Ma conversation avec Paul T.")
    nina.types("Votre message", "Avec plaisir, à lundi !")
    nina.look()
    nina.button("Envoyer ce message").click()
    nina.reads("Avec plaisir, à lundi !")
    nina.follow("Paul T. demande")
    nina.button("Accepter").click()
    nina.reads("La réservation est confirmée")
    nina.look()

    # He reads it all in one place, the number included now.
    paul.go("armor")
    badge = paul.page.locator(".bar .count")
    expect(badge).to_contain_text("2")
    paul.page.locator(".bar").get_by_role("link", name="Messages").click()
    paul.follow("Nolwenn C.")
    paul.reads("Avec plaisir, à lundi !")
    paul.reads("06 12 34 56 78")
    paul.reads("a accepté")
    paul.look()

    # A week later both say that it took place.
    a_week_goes_by(live, django_db_blocker)
    for person, other in ((paul, "Nolwenn C."), (nina, "Paul T.")):
        person.go("armor")
        person.follow("Mes trajets")
        person.reads("Ces trajets ont-ils eu lieu")
        person.look()
        for _ in range(20):
            button = person.page.get_by_role("button", name="Oui, il a eu lieu")
            if button.count() == 0:
                break
            button.first.click()
            person.reads("Merci, c'est noté")
        expect(person.page.get_by_text("Ces trajets ont-ils eu lieu")).to_have_count(0)
        person.reads(other)
    paul.go("armor", "/mes-trajets/")
    paul.reads("Effectué")
    paul.reads("CO₂ évité")
    facts: Any = paul.page.locator("dl.facts").inner_text()
    assert "0 €" in facts.replace("\u00a0", " "), "received nothing: he was the passenger"
    done = int(paul.page.locator("dl.facts dd").first.inner_text())
    assert done >= 8, "each day counts"
    paul.look()

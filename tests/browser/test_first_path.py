"""A member's first path, in a real browser: register, join, publish, be found; and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.mailbox import count_for
from tests.browser.people import Person
from tests.browser.watch import Watch
from tests.permissions.world import HERE, PASSWORD

COMMUNITY = HERE.community
REFUSED = "Cette adresse et ce mot de passe ne correspondent pas"
# Each way of going has a route of its own, so that tests do not find one another's adverts.
WAYS = {
    "phone": ("phone", "Nina", "Fougères (35)", "Redon (35)", {}),
    "desktop": ("desktop", "Anouk", "Saint-Malo (35)", "Dinan (22)", {"color_scheme": "dark"}),
    "no-script": ("phone", "Rozenn", "Quimper (29)", "Brest (29)", {"java_script_enabled": False}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_member_s_first_path(
    way: str, live: Live, window: Callable[..., Page], watch: Watch
) -> None:
    kind, first_name, origin, destination, options = WAYS[way]
    scripts = options.get("java_script_enabled", True)
    nina = Person(window(kind, **options), live, first_name, "Roux", scripts)
    nina.registers("armor")
    nina.joins(COMMUNITY)
    advert = nina.publishes(COMMUNITY, origin=origin, destination=destination)

    # Somebody else, on another device, finds it by searching.
    other = Person(window(kind, **options), live, "Yann", "Le Goff", scripts)
    other.signs_in("armor", email="other@example.org", password=PASSWORD)
    other.searches("armor", origin=origin, destination=destination)
    ride = other.page.get_by_role("article").filter(has_text=f"{first_name} R.")
    expect(ride).to_have_count(1)
    for words in ("07:40", COMMUNITY):
        expect(ride).to_contain_text(words)
    ride.get_by_role("link").first.click()
    other.reads(f"{first_name} R.")
    other.reads("17 h 30")
    assert other.path.endswith(advert)
    other.look()
    assert nina.email not in other.page.content()
    assert nina.last_name not in other.page.content()

    # In the other region nothing of all this exists, signed in or not.
    watch.refused.add(404)
    other.searches("vallons", origin=origin, destination=destination)
    other.reads("Pas encore de trajet sur cette route")
    expect(other.page.get_by_role("article")).to_have_count(0)
    other.go("vallons", "/communautes/")
    expect(other.page.get_by_text(COMMUNITY)).to_have_count(0)
    assert other.go("vallons", f"/communautes/{live.filled.names['community']}/") == 404
    assert other.go("vallons", f"/{advert}") == 404
    nina.go("vallons", "/compte/")
    assert "/compte/connexion/" in nina.page.url, "signed in to one region is not signed in here"
    nina.signs_in("vallons", email=nina.email, password=nina.password)
    nina.reads(REFUSED)
    nina.look()


def test_a_session_carried_to_another_region_is_worth_nothing(
    live: Live, window: Callable[..., Page]
) -> None:
    session = live.filled.sessions["administrator"]
    for host in ("armor", "vallons", "platform", "admin.vallons"):
        page = window(cookies=live.cookies(host, session))
        page.goto(live.url(host, "/compte/"))
        signed_in = "/compte/connexion/" not in page.url
        assert signed_in == (host == "armor"), host


def test_cookies_stay_with_their_host(live: Live, window: Callable[..., Page]) -> None:
    anyone = Person(window(), live, "Yann", "Le Goff")
    anyone.signs_in("armor", email="other@example.org", password=PASSWORD)
    anyone.reads("Mes annonces")
    anyone.go("vallons")
    cookies = anyone.page.context.cookies()
    assert {cookie["domain"] for cookie in cookies if cookie["name"] == "session"} == {
        "armor.localhost"
    }
    assert all(not cookie["domain"].startswith(".") for cookie in cookies)


def test_an_address_that_is_taken_looks_like_one_that_is_free(
    live: Live, window: Callable[..., Page]
) -> None:
    """Step 3 says the same; only the mail differs, and it goes to the owner."""
    before = count_for(live.mails, "member@example.org")
    page = window("phone")
    nosy = Person(page, live, "Basile", "Roux")
    nosy.go("armor", "/compte/inscription/")
    nosy.types("Email", "member@example.org")
    nosy.types("Téléphone portable", "06 12 34 56 78")
    page.locator("[name=password]").fill(nosy.password)
    nosy.button("Suivant").click()
    nosy.types("Prénom", "Basile")
    nosy.types("Nom", "Roux")
    nosy.ticks("Monsieur")
    nosy.types("Date de naissance", "1990-05-04")
    nosy.button("Suivant").click()
    nosy.chooses_place("Commune de résidence", "renn", "Rennes (35)")
    nosy.ticks("J'accepte la charte")
    nosy.button("Je m'inscris").click()
    nosy.reads("member@example.org")
    nosy.types("Code", "000000")
    nosy.button("Confirmer").click()
    nosy.reads("Ce code")
    nosy.look()
    assert count_for(live.mails, "member@example.org") == before + 1

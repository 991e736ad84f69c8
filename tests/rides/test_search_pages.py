"""The results page: an address that can be shared, cards in words, and what to do when empty."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.communities.models import Community
from communities.communities.services import membership_join
from rides.adverts.models import Advert
from tenants.context import platform_scope
from tenants.middleware import forget_addresses
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.situations import (
    BREST,
    CESSON,
    FOUGERES,
    MONDAY,
    NANTES,
    RENNES,
    SAINT_MALO,
    VITRE,
    make_advert,
    weekly,
)

pytestmark = pytest.mark.usefixtures("tenant")
RENNES_TO_VITRE = f"/recherche/?origin_code={RENNES}&destination_code={VITRE}&date={MONDAY}"


def text_of(client: StrictClient, path: str) -> str:
    """The words of a page, without markup."""
    html = client.get(path).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_an_empty_search_says_what_to_do(client: StrictClient) -> None:
    html = client.get("/recherche/").content.decode()
    assert "Rechercher un trajet" in html
    assert 'class="trip"' not in html
    assert 'class="error-summary"' not in html


def test_a_search_shows_the_ride_in_words(client: StrictClient) -> None:
    make_advert(author=make_account(first_name="Pierre", last_name="Lemoine"))
    words = text_of(client, RENNES_TO_VITRE)
    for part in ("Rennes → vers Vitré", "1 trajet", "07:40", "Pierre L.", "3 places",
                 "Conducteur·rice", "lundi à vendredi"):  # fmt: skip
        assert part in words, part
    assert "Lemoine" not in words


def test_the_same_question_by_name_by_code_and_by_both(client: StrictClient) -> None:
    make_advert()
    day = f"&date={MONDAY}"
    for address in (
        f"/recherche/?origin=Rennes&destination=vitre{day}",
        f"/recherche/?origin_code={RENNES}&destination_code={VITRE}{day}",
        f"/recherche/?origin=Rennes+(35)&origin_code={RENNES}&destination=35500+Vitré{day}",
        f"/recherche/?origin={RENNES}&destination=Vitré{day}",  # 35238 is no postal code
    ):
        html = client.get(address).content.decode()
        assert 'class="trip"' in html, address
        assert 'value="Rennes (35)"' in html or 'value="Rennes"' in html


def test_a_postal_code_that_looks_like_an_insee_code_is_a_postal_code(
    client: StrictClient,
) -> None:
    """44110 is Châteaubriant by post; by INSEE it is another town."""
    words = text_of(client, f"/recherche/?origin=44110&destination_code={RENNES}&date={MONDAY}")
    assert "Châteaubriant (44)" in words
    assert "Nort-sur-Erdre" not in words


def test_a_regular_search_by_weekdays(client: StrictClient) -> None:
    make_advert(planning=weekly(1))
    base = f"/recherche/?origin_code={RENNES}&destination_code={VITRE}&regular=on"
    assert "1 trajet" in text_of(client, f"{base}&weekdays=2")
    assert "Pas encore de trajet" in text_of(client, f"{base}&weekdays=3")
    assert "1 trajet" in text_of(client, base)


def test_a_return_is_shown_the_way_it_runs(client: StrictClient) -> None:
    make_advert()
    html = client.get(
        f"/recherche/?origin_code={VITRE}&destination_code={RENNES}&date={MONDAY}"
    ).content
    times = re.findall(r'<time datetime="([\d:]+)"', html.decode())
    assert times[0] == "17:30"


def test_a_part_of_a_ride_is_told_from_where_one_gets_in(client: StrictClient) -> None:
    """From Cesson-Sévigné to Vitré with somebody who comes from Rennes."""
    make_advert()
    path = f"/recherche/?origin_code={CESSON}&destination_code={VITRE}&date={MONDAY}"
    words = text_of(client, path)
    assert "Départ à 7 h 40 : Rennes" in words
    assert "Cesson-Sévigné → Vitré" in words
    assert re.search(r"\d+ m à pied", words)
    times = re.findall(r'<time datetime="([\d:]+)"', client.get(path).content.decode())
    assert times[0] in {"07:50", "07:55"}  # an estimate, in steps of five minutes


def test_widening_is_said(client: StrictClient) -> None:
    make_advert(SAINT_MALO, NANTES)
    words = text_of(client, f"/recherche/?origin=35047&destination={NANTES}&date={MONDAY}")
    assert "Aucun trajet à moins de 2 km ; voici les plus proches" in words
    assert re.search(r"À [\d,]+ km de votre départ", words)
    assert "min de détour" not in words


def test_nothing_found_offers_to_publish_and_other_days(
    client: StrictClient, client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    path = f"/recherche/?origin_code={RENNES}&destination_code={FOUGERES}&date={MONDAY}&time=08:00"
    html = client.get(path).content.decode()
    assert "Pas encore de trajet sur cette route" in html
    assert f"date={MONDAY + timedelta(days=1)}" in html
    link = re.search(r'href="(/annonces/publier/\?[^"]+)"', html)
    assert link is not None
    member = client_for(tenant, make_account())
    member.post(unescape(link[1]), {"role": "passenger"})
    page = "".join(
        member.get(f"/annonces/publier/{step}/").content.decode()
        for step in ("planification", "trajet")
    )
    for kept in ('value="Rennes (35)"', 'value="Fougères (35)"', f'value="{MONDAY}"', '"08:00"'):
        assert kept in page


def test_late_today_shows_tomorrow_and_says_so(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_advert()
    late = datetime.combine(MONDAY, time(22), ZoneInfo("Europe/Paris"))
    monkeypatch.setattr(timezone, "now", lambda: late)
    words = text_of(client, RENNES_TO_VITRE)
    assert "Plus aucun départ aujourd’hui" in words
    assert "1 trajet" in words


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            f"?origin_code={RENNES}&destination_code={RENNES}",
            "Le départ et l’arrivée sont au même endroit.",
        ),
        (f"?origin_code={RENNES}&destination=", "Choisissez une commune."),
        (f"?origin=Saint-Aubin&destination_code={RENNES}", "Saint-Aubin"),
        (
            f"?origin_code={RENNES}&destination_code={VITRE}&date=2020-01-01",
            "Cette date est passée.",
        ),
        (f"?origin_code={RENNES}&destination_code={VITRE}&date=2026-02-30", "date valide"),
        (f"?origin_code={RENNES}&destination_code={VITRE}&seats=9", "8"),
        (f"?origin_code={RENNES}&destination_code={VITRE}&margin=7", "7"),
        (f"?origin_code={RENNES}&destination_code={VITRE}&time=25:00", "heure valide"),
        (f"?origin_code={RENNES}&destination_code={VITRE}&regular=on&weekdays=9", "9"),
        (f"?origin_code={BREST}&destination_code=97411", "trop loin pour covoiturer"),
    ],
)
def test_a_wrong_question_is_said_at_its_field(
    client: StrictClient, address: str, words: str
) -> None:
    html = unescape(client.get(f"/recherche/{address}").content.decode())
    assert 'class="error-summary"' in html
    assert words in html
    assert 'class="trip"' not in html


def test_all_that_is_wrong_is_said_at_once(client: StrictClient) -> None:
    words = text_of(client, f"/recherche/?origin=&destination_code={RENNES}&date=2020-01-01")
    assert "Choisissez une commune." in words
    assert "Cette date est passée." in words


def test_see_more_shows_the_following_ones_too(client: StrictClient) -> None:
    for _ in range(23):
        make_advert()
    html = client.get(RENNES_TO_VITRE).content.decode()
    assert html.count('class="trip"') == 20
    more = re.search(r'href="(\?[^"]*nombre=40[^"]*)"', html)
    assert more is not None
    html = client.get("/recherche/" + unescape(more[1]).partition("#")[0]).content.decode()
    assert html.count('class="trip"') == 23
    assert "Voir plus de trajets" not in html
    for odd in ("-1", "x", "99999999999", "0"):
        assert client.get(f"{RENNES_TO_VITRE}&nombre={odd}").status_code == 200


def test_list_and_map_are_two_addresses_and_show_the_same(client: StrictClient) -> None:
    advert = make_advert()
    html = client.get(f"{RENNES_TO_VITRE}&vue=carte").content.decode()
    assert "search__results--map" in html
    found = re.search(r'data-geojson="([^"]+)"', html)
    assert found is not None
    features = json.loads(unescape(found[1]))["features"]
    assert [one["geometry"]["type"] for one in features] == ["LineString", "Point", "Point"]
    assert features[0]["properties"]["url"].startswith(f"/annonces/{advert.public_id}/?")
    assert 'data-map-feature="1"' in html


def test_trust_comes_first(client_for: Callable[..., StrictClient], tenant: Tenant) -> None:
    author, viewer = make_account(), make_account()
    community = make_community(name="Ateliers du port")
    for person in (author, viewer):
        membership_join(account=person, community=community)
    make_advert(author=author)
    assert "En commun : Ateliers du port" in text_of(client_for(tenant, viewer), RENNES_TO_VITRE)
    assert "Ateliers du port" not in text_of(client_for(tenant), RENNES_TO_VITRE)


def test_a_search_begun_on_the_page_of_a_community_keeps_to_it(client: StrictClient) -> None:
    community = make_community(creator=make_account(), name="Ateliers du port")
    author = make_account(first_name="Nolwenn")
    membership_join(account=author, community=community)
    make_advert(author=author, communities=[community])
    make_advert(author=make_account(first_name="Goulven"))

    html = client.get(community.get_absolute_url()).content.decode()
    assert "Chercher un trajet dans la communauté" in html
    assert f'<input type="hidden" name="community" value="{community.slug}"' in html

    within = f"{RENNES_TO_VITRE}&community={community.slug}"
    words = text_of(client, within)
    assert "Nolwenn" in words
    assert "Goulven" not in words
    assert "Ateliers du port (retirer ce filtre)" in words

    # One that hides its adverts shows none of them to others; an unknown one filters nothing.
    Community.objects.filter(pk=community.pk).update(adverts_hidden=True)
    assert "Nolwenn" not in text_of(client, within)
    assert "Goulven" in text_of(client, f"{RENNES_TO_VITRE}&community=inconnue")


def test_a_region_without_carpooling_has_no_search(client: StrictClient, tenant: Tenant) -> None:
    with platform_scope(reason="the region's modules"):
        Tenant.objects.filter(pk=tenant.pk).update(modules=["communities"])
    forget_addresses()
    for path in ("/recherche/", "/api/v1/search/", f"/annonces/{make_advert().public_id}/"):
        assert client.get(path).status_code == 404
    assert "Rechercher un trajet" not in client.get("/").content.decode()


def test_statements_do_not_grow_with_rides(client: StrictClient) -> None:
    def count() -> int:
        client.get(RENNES_TO_VITRE)
        with CaptureQueriesContext(connection) as captured:
            client.get(RENNES_TO_VITRE)
        return len(captured)

    make_advert()
    before = count()
    for _ in range(15):
        make_advert()
    assert count() == before


def test_nothing_of_another_region_is_found(
    client_for: Callable[..., StrictClient], twins: object, tenant: Tenant
) -> None:
    make_advert()
    other = twins.b  # type: ignore[attr-defined]
    words = text_of(client_for(other), RENNES_TO_VITRE)
    assert "Pas encore de trajet" in words
    assert Advert.objects.count() == 1


def test_an_advert_leads_back_to_the_results_it_was_opened_from(client: StrictClient) -> None:
    make_advert()
    address = f"{RENNES_TO_VITRE}&sort=time"
    found = re.search(r'class="card__link" href="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    page = client.get(unescape(found[1])).content.decode()
    link = re.search(r'<p class="back"><a [^>]*href="([^"]+)"', page)
    assert link is not None
    assert unescape(link[1]) == f"{address}#trajet-1"
    advert = Advert.objects.get()
    for said in ("//example.org/", "https://example.org/?origin=1", "a" * 2000, ""):
        page = client.get(f"/annonces/{advert.public_id}/", {"recherche": said}).content.decode()
        links = re.findall(r'<p class="back"><a [^>]*href="([^"]+)"', page)
        assert all(link.startswith("/recherche/?") for link in links), links


def test_cards_of_weekly_rides_say_when_they_come_back(client: StrictClient) -> None:
    make_advert(planning=weekly(0, 1))
    weekly_search = f"/recherche/?origin_code={RENNES}&destination_code={VITRE}&regular=on"
    assert "Retour 17 h 30" in text_of(client, weekly_search)
    home = f"/recherche/?origin_code={VITRE}&destination_code={RENNES}&regular=on"
    words = text_of(client, home)
    assert "17:30" in words
    assert "Retour 17" not in words

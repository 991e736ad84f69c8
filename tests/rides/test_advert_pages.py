"""Pages of adverts as people meet them, in French, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.communities.models import Community
from communities.communities.services import membership_join
from rides.adverts.inputs import Place
from rides.adverts.models import Advert, AdvertCommunity
from rides.adverts.services import advert_publish
from rides.adverts.site import views
from rides.matching.geometry import Point
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.situations import MONDAY, RENNES, TODAY, VITRE, make_advert, once, weekly

ClientFor = Callable[..., StrictClient]


@pytest.fixture
def author(tenant: Tenant) -> Any:
    return make_account(first_name="Pierre", last_name="Lemoine", residence_code=RENNES)


@pytest.fixture
def mine(client_for: ClientFor, tenant: Tenant, author: Any) -> StrictClient:
    """The author's browser."""
    return client_for(tenant, author)


def test_the_map_of_a_community_shows_what_its_page_lists(
    client_for: ClientFor, tenant: Tenant, author: Any, monkeypatch: Any
) -> None:
    community = make_community(creator=author)
    shown = make_advert(author=author, communities=[community])
    make_advert(author=author)  # not published there
    stranger = make_advert(author=make_account(), communities=[])
    AdvertCommunity.objects.create(advert=stranger, community=community)  # no longer a member
    visitor = client_for(tenant)
    address = f"/annonces/communaute/{community.slug}/carte.json"
    assert f'data-src="{address}"' in visitor.get(community.get_absolute_url()).content.decode()
    (route,) = visitor.get(address).json()["features"]
    assert route["properties"]["id"] == str(shown.public_id)
    assert route["properties"]["url"] == f"/annonces/{shown.public_id}/"
    assert route["geometry"]["type"] == "LineString"
    later = make_advert(author=author, communities=[community])
    monkeypatch.setattr(views, "COMMUNITY_MAP", 1)
    (route,) = visitor.get(address).json()["features"]
    assert route["properties"]["id"] == str(later.public_id)
    Community.objects.filter(pk=community.pk).update(is_active=False)
    assert visitor.get(address).status_code == 404


def test_my_adverts_are_paused_deleted_and_brought_back(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author)
    here = f"/annonces/{advert.public_id}"
    make_advert()  # somebody else's
    assert mine.get("/annonces/").content.decode().count('class="trip"') == 1

    assert "En pause" in mine.post(f"{here}/mettre-en-pause/", follow=True).content.decode()
    assert "En ligne" in mine.post(f"{here}/remettre-en-ligne/", follow=True).content.decode()

    assert "Supprimer cette annonce" in mine.get(f"{here}/supprimer/").content.decode()
    html = mine.post(f"{here}/supprimer/", follow=True).content.decode()
    assert "Annonce supprimée\u00a0: Rennes → Vitré" in html
    assert 'class="trip"' not in html
    undo = re.search(r'action="([^"]+/retablir/)"', html)
    assert undo is not None
    html = mine.post(undo[1], follow=True).content.decode()
    assert "Votre annonce est rétablie" in html
    assert 'class="trip"' in html


def test_a_paused_advert_comes_back_paused(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author)
    here = f"/annonces/{advert.public_id}"
    mine.post(f"{here}/mettre-en-pause/", {"from": "detail"})
    html = mine.post(f"{here}/supprimer/", follow=True).content.decode()
    assert 'name="paused" value="1"' in html
    mine.post(f"{here}/retablir/", {"paused": "1"})
    assert Advert.objects.get().status == "paused"


def test_what_is_over_says_so_and_cannot_be_put_back(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author, planning=once(MONDAY))
    Advert.objects.update(date=TODAY.replace(year=TODAY.year - 1, day=1), status="paused")
    assert "Terminée" in mine.get("/annonces/").content.decode()
    here = f"/annonces/{advert.public_id}"
    assert "Ce trajet est passé" in mine.get(f"{here}/").content.decode()
    html = mine.post(f"{here}/remettre-en-ligne/", follow=True).content.decode()
    assert "publiez-en une nouvelle" in html


def test_nothing_published_yet_says_what_to_do(mine: StrictClient) -> None:
    html = mine.get("/annonces/").content.decode()
    assert "Vous n’avez encore rien publié" in html
    assert 'href="/annonces/publier/"' in html
    assert mine.get("/annonces/?supprimee=nonsense").status_code == 200


def test_an_advert_page_shows_nobodys_exact_point(client: StrictClient, tenant: Tenant) -> None:
    home = Point(48.11042, -1.65821)
    advert = advert_publish(
        author=make_account(),
        role="driver",
        origin=Place(RENNES, own_point=home),
        destination=Place(VITRE),
        planning=weekly(),
        seats=2,
    )
    for path in (f"/annonces/{advert.public_id}/", f"/api/v1/adverts/{advert.public_id}/"):
        text = client.get(path).content.decode()
        assert str(round(advert.origin_lon, 5)) in text
        assert "48.1104" not in text
        assert "1.6582" not in text


def test_shared_communities_are_a_sign_of_trust(client_for: ClientFor, tenant: Tenant) -> None:
    author, viewer, stranger = make_account(), make_account(), make_account()
    shared = make_community(name="Ateliers du port")
    hidden = make_community(name="Chorale du lundi")
    for person in (author, viewer):
        membership_join(account=person, community=shared)
    membership_join(account=author, community=hidden)
    path = f"/annonces/{make_advert(author=author).public_id}/"
    html = client_for(tenant, viewer).get(path).content.decode()
    assert "En commun\u00a0: Ateliers du port" in html
    for client in (client_for(tenant, stranger), client_for(tenant)):
        html = client.get(path).content.decode()
        assert "Ateliers du port" not in html  # what one belongs to is not published with an advert
        assert "Chorale" not in html


def test_home_shows_the_search_first_then_adverts(
    client: StrictClient, mine: StrictClient, author: Any
) -> None:
    html = client.get("/").content.decode()
    for label in ("Lieu de départ", "Intervertir", "Lieu d’arrivée", "Trajet régulier",
                  "Date de départ", "Rechercher", "Publier une annonce"):  # fmt: skip
        assert label in html, label
    make_advert(author=author)
    assert "Annonces récentes" in client.get("/").content.decode()
    assert "Mes annonces" in mine.get("/").content.decode()


def test_no_page_asks_more_for_more_rows(
    client: StrictClient, mine: StrictClient, author: Any, tenant: Tenant
) -> None:
    community = make_community()
    membership_join(account=author, community=community)

    def published(count: int) -> None:
        for _ in range(count):
            make_advert(author=author, communities=[community])
            make_advert()

    def count(browser: StrictClient, path: str) -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    pages = [
        (client, "/"),
        (mine, "/"),
        (mine, "/annonces/"),
        (client, f"/communautes/{community.slug}/"),
        (client, "/api/v1/adverts/"),
    ]
    published(2)
    before = [count(*page) for page in pages]
    published(6)
    assert [count(*page) for page in pages] == before

"""Pages of adverts as people meet them, in French, without JavaScript."""

from __future__ import annotations

import re
import uuid
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


def sent(**changes: Any) -> dict[str, Any]:
    """A regular advert as the form sends it."""
    form: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "role": "driver",
        "kind": "regular",
        "origin": "Rennes (35)",
        "origin_code": RENNES,
        "origin_detail": "Gare sud",
        "destination": "Vitré",
        "weekdays": ["1", "2", "4"],
        "time": "07:40",
        "return_time": "17:30",
        "seats": "3",
        "comment": "Je pars à l'heure.",
    }
    form.update(changes)
    return {name: value for name, value in form.items() if value is not None}


def test_publishing_starts_from_where_one_lives(mine: StrictClient) -> None:
    html = mine.get("/annonces/publier/").content.decode()
    for label in (
        "Conducteur·rice", "Passager·ère", "Peu importe", "Planification",
        "Nombre de places",
    ):  # fmt: skip
        assert label in html
    assert 'value="Rennes (35)"' in html
    assert re.search(r'name="weekdays" value="1"[^>]*checked', html)
    assert not re.search(r'name="weekdays" value="6"[^>]*checked', html)


def test_a_regular_advert_from_the_form_to_its_page(mine: StrictClient, author: Any) -> None:
    response = mine.post("/annonces/publier/", sent(time_4="08:15", return_4="16:00"))
    advert = Advert.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/annonces/{advert.public_id}/"
    days = [
        (slot.weekday, f"{slot.time:%H:%M}", f"{slot.return_time:%H:%M}")
        for slot in advert.schedules.all()
    ]
    assert days == [(0, "07:40", "17:30"), (1, "07:40", "17:30"), (3, "08:15", "16:00")]
    html = mine.get(response["Location"]).content.decode()
    for words in (
        "Votre annonce est en ligne",
        "Rennes, Gare sud",
        "Vitré",
        "Trajet régulier",
        "3 places",
        "lundi et mardi",
        "8\u00a0h\u00a015",
        "Pierre L.",
        "En ligne",
    ):
        assert words in html, words
    assert "Lemoine" not in html
    assert author.email not in html


def test_a_one_off_advert_with_a_return_the_same_day(mine: StrictClient) -> None:
    form = sent(kind="one_off", date=MONDAY.isoformat(), weekdays=None)
    assert mine.post("/annonces/publier/", form).status_code == 302
    advert = Advert.objects.get()
    assert (advert.date, advert.return_date) == (MONDAY, MONDAY)


def test_the_form_sent_twice_makes_one_advert(mine: StrictClient) -> None:
    form = sent()
    places = {mine.post("/annonces/publier/", form)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Advert.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"destination": "Rennes"}, "Le départ et l’arrivée sont au même endroit."),
        ({"destination": "Ploubalanec"}, "Ploubalanec"),
        ({"seats": "0"}, "supérieure ou égale à 1"),
        ({"seats": "9"}, "inférieure ou égale à 8"),
        ({"weekdays": None}, "Choisissez au moins un jour."),
        ({"return_time": "07:00"}, "Le retour est avant l’aller."),
        ({"time": ""}, "Ce champ est obligatoire."),
        ({"kind": "one_off", "date": "2020-01-01"}, "Cette date est passée."),
        ({"kind": "one_off", "date": "2026-02-30"}, "date valide"),
        ({"kind": "one_off", "date": ""}, "Ce champ est obligatoire."),
        ({"role": "pilot"}, "pilot"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    mine: StrictClient, changes: dict[str, Any], words: str
) -> None:
    response = mine.post("/annonces/publier/", sent(**changes))
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert 'aria-invalid="true"' in html
    assert not Advert.objects.exists()
    for kept in ('value="Gare sud"', "Je pars à l&#x27;heure."):
        assert kept in html


def test_a_day_of_its_own_is_refused_in_its_own_row(mine: StrictClient) -> None:
    html = mine.post("/annonces/publier/", sent(time_2="18:00")).content.decode()
    row = html[html.index('name="return_2"') - 900 : html.index('name="return_2"')]
    assert "Le retour est avant l’aller." in row
    assert re.search(r"<details class=\"disclosure\" open>", html)


def test_html_in_a_message_is_shown_as_text(mine: StrictClient) -> None:
    mine.post("/annonces/publier/", sent(comment="<script>alert(1)</script> & <b>gras</b>"))
    html = mine.get(f"/annonces/{Advert.objects.get().public_id}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;gras" in html


def test_publishing_in_ones_communities(mine: StrictClient, author: Any) -> None:
    own, foreign = make_community(name="Les lève-tôt"), make_community(name="Autre chose")
    membership_join(account=author, community=own)
    html = mine.get(f"/annonces/publier/?community={own.slug}").content.decode()
    assert re.search(rf'name="communities" value="{own.pk}"[^>]*checked', html)
    assert "Autre chose" not in html
    assert mine.post("/annonces/publier/", sent(communities=[foreign.pk])).status_code == 422
    assert mine.post("/annonces/publier/", sent(communities=[own.pk])).status_code == 302
    page = mine.get(f"/communautes/{own.slug}/").content.decode()
    assert "Annonces" in page
    assert "Rennes, Gare sud" in page


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


def test_an_address_from_a_search_fills_the_form(mine: StrictClient) -> None:
    address = f"/annonces/publier/?role=passenger&origin_code={VITRE}&destination_code={RENNES}"
    html = mine.get(f"{address}&date={MONDAY}&time=18:05").content.decode()
    for kept in ('value="Vitré (35)"', 'value="Rennes (35)"', f'value="{MONDAY}"', 'value="18:05"'):
        assert kept in html
    assert re.search(r'name="role" value="passenger"[^>]*checked', html)
    assert re.search(r'name="kind" value="one_off"[^>]*checked', html)
    odd = "/annonces/publier/?origin_code=x&weekdays=12&weekdays=8&date=no&role=pilot"
    assert mine.get(odd).status_code == 200


def test_my_adverts_are_paused_deleted_and_brought_back(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author)
    here = f"/annonces/{advert.public_id}"
    make_advert()  # somebody else's
    assert mine.get("/annonces/").content.decode().count('class="trip"') == 1

    assert "En pause" in mine.post(f"{here}/mettre-en-pause/", follow=True).content.decode()
    assert "En ligne" in mine.post(f"{here}/remettre-en-ligne/", follow=True).content.decode()

    assert "Supprimer cette annonce" in mine.get(f"{here}/supprimer/").content.decode()
    html = mine.post(f"{here}/supprimer/", follow=True).content.decode()
    assert "Annonce supprimée : Rennes → Vitré" in html
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
    assert "En commun : Ateliers du port" in client_for(tenant, viewer).get(path).content.decode()
    for client in (client_for(tenant, stranger), client_for(tenant)):
        html = client.get(path).content.decode()
        assert "Ateliers du port" not in html  # what one belongs to is not published with an advert
        assert "Chorale" not in html


def test_home_shows_the_search_first_then_adverts(
    client: StrictClient, mine: StrictClient, author: Any
) -> None:
    html = client.get("/").content.decode()
    for label in ("Lieu de départ", "Intervertir", "Lieu d&#x27;arrivée", "Trajet régulier",
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

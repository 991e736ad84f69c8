"""Joining from the page: what each validation asks, what a person is told, what is printed."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from communities.communities import identifiers
from communities.communities.models import MemberConsent, Membership
from communities.communities.services import membership_refuse
from tenants.models import Tenant
from tests.client import StrictClient
from tests.communities.test_pages import text_of
from tests.core.people import PASSWORD, browser_of, code_for, member
from tests.factories import make_account, make_community

Clients = Callable[..., StrictClient]
PAGE = "/communautes/halle-nord/"


@pytest.fixture
def as_person(tenant: Tenant, client_for: Clients) -> Clients:
    return lambda account=None: client_for(tenant, account)


def test_a_request_from_the_page_waits_and_can_be_taken_back(as_person: Clients) -> None:
    community = make_community(name="Halle nord", validation="moderator")
    person = make_account()
    client = as_person(person)
    assert "Un·e modérateur·ice répond à chaque demande" in text_of(client.get(PAGE))
    sent = client.post(f"{PAGE}rejoindre/", {"message": "Équipe du soir"}, follow=True)
    words = text_of(sent)
    assert "Votre demande est en attente" in words and "Équipe du soir" in words
    assert "1 membre" in words and "Envoyer ma demande" not in words
    assert "en attente" in text_of(client.get("/communautes/mes/"))
    runner = as_person(community.created_by).get(PAGE)
    assert "1 personne attend votre réponse" in text_of(runner)
    assert "attend votre réponse" not in words
    console = as_person(community.created_by).get(
        "/administration/communautes/halle-nord/membres/?statut=pending"
    )
    assert "Équipe du soir" in text_of(console)
    client.post(f"{PAGE}quitter/")
    again = text_of(client.get(PAGE))
    assert "Envoyer ma demande" in again and "Votre demande est retirée" in again
    asked = Membership.objects.get(account=person)
    asked.status = "pending"
    asked.save()
    membership_refuse(membership=asked, by=community.created_by, reason="Réservé au site.")
    refused = text_of(client.get(PAGE))
    assert "Vous pourrez la renouveler à partir du" in refused and "Réservé au site." in refused
    assert "Rejoindre la communauté" not in refused
    assert client.post(f"{PAGE}rejoindre/").status_code == 302
    assert Membership.objects.get(account=person).status == "refused"
    Membership.objects.update(refused_at=timezone.now() - timedelta(days=40))
    assert "Envoyer ma demande" in text_of(client.get(PAGE))


def test_a_member_says_what_those_who_run_it_may_do(as_person: Clients) -> None:
    community = make_community(name="Halle nord")
    nina = make_account(last_name="Zadig", email="nina@example.org")
    client, members = as_person(nina), "/administration/communautes/halle-nord/membres/"
    runner = as_person(community.created_by)

    def seen() -> tuple[bool, str, str]:
        file = runner.get(f"{members}?q=zadig&format=csv&col=emails&col=adresse")
        text = b"".join(file).decode("utf-8-sig")
        [line] = csv.DictReader(text.splitlines(), delimiter=";")
        listed = runner.get(f"{members}?emails=oui").context["table"].page.paginator.count == 1
        return listed, line["Accepte les emails"], line["Adresse e-mail, si la personne la montre"]

    page = client.get(PAGE)
    assert "J’accepte de recevoir les e-mails des référent·e·s" in text_of(page)
    form = page.content.decode().partition('id="join-form"')[2].partition("</form>")[0]
    assert 'name="accepts_mails"' in form and "checked" not in form
    client.post(f"{PAGE}rejoindre/", {"accepts_mails": "on"})
    assert seen() == (True, "Oui", "")
    assert "nina@example.org" not in text_of(runner.get(f"{members}?col=adresse"))
    client.post(f"{PAGE}choix/", {"shows_address": "on"})
    assert seen() == (False, "Non", "nina@example.org")
    # What it allowed ends with the membership, and comes back when leaving is undone.
    client.post(f"{PAGE}quitter/")
    assert not MemberConsent.objects.filter(withdrawn_at=None).exists()
    client.post(f"{PAGE}revenir/")
    assert seen() == (False, "Non", "nina@example.org")
    client.post(f"{PAGE}quitter/")
    client.post(f"{PAGE}rejoindre/")
    assert seen() == (False, "Non", "")
    # Each fact keeps its dates.
    dated = MemberConsent.objects.order_by("pk").values_list("kind", "withdrawn_at")
    assert [(kind, end is not None) for kind, end in dated] == [
        ("mails", True),
        ("address", True),
        ("address", True),
    ]


def test_a_domain_says_what_it_takes(as_person: Clients) -> None:
    make_community(name="Halle nord", validation="domain", domains=["ville.example"])
    outsider = as_person(make_account())
    words = text_of(outsider.get(PAGE))
    assert "@ville.example" in words and "Votre adresse confirmée n’en fait pas partie" in words
    assert outsider.post(f"{PAGE}rejoindre/").status_code == 403
    insider = make_account(email="nina@ville.example")
    joined = as_person(insider).post(f"{PAGE}rejoindre/", follow=True)
    assert "Vous êtes membre" in text_of(joined)


def test_an_address_changed_on_the_site_is_seen_by_communities(tenant: Tenant) -> None:
    make_community(name="Halle nord", validation="domain", domains=["ville.example"])
    person = member("nina@ville.example")
    browser = browser_of(tenant)
    browser.sign_in(person.email)
    browser.post(f"{PAGE}rejoindre/")
    assert Membership.objects.get(account=person).is_accepted
    new = "nina@ailleurs.example"
    browser.post("/compte/adresse/", {"email": new, "password": PASSWORD})
    browser.post("/compte/adresse/code/", {"code": code_for(new)})
    assert Membership.objects.get(account=person).status == "pending"


def test_an_identifier_is_asked_for_and_refusals_stand_beside_it(as_person: Clients) -> None:
    community = make_community(name="Halle nord", validation="secured")
    identifiers.identifiers_import(community=community, content=b"AB-12", by=None)
    client = as_person(make_account())
    empty = client.post(f"{PAGE}rejoindre/", {"identifier": ""})
    assert empty.status_code == 400
    for _ in range(5):
        wrong = client.post(f"{PAGE}rejoindre/", {"identifier": "AB-13"})
        assert wrong.status_code == 403
        assert "Cet identifiant n’est pas accepté" in text_of(wrong)
    late = client.post(f"{PAGE}rejoindre/", {"identifier": "AB-12"})
    assert late.status_code == 429 and "Réessayez à partir de" in text_of(late)
    other = as_person(make_account()).post(
        f"{PAGE}rejoindre/", {"identifier": "ab-12"}, follow=True
    )
    assert "Vous êtes membre" in text_of(other)


def test_joining_comes_first_for_who_is_no_member(as_person: Clients) -> None:
    make_community(name="Halle nord")
    body = as_person(make_account()).get(PAGE).content.decode()
    head = body[body.index('class="community-head__actions"') :]
    assert head.index("Rejoindre la communauté") < head.index("Publier une annonce")
    assert head.index("btn--primary") < head.index("Rejoindre la communauté")
    visitor = as_person().get(PAGE).content.decode()
    assert "/compte/connexion/?next=/communautes/halle-nord/" in visitor


def test_a_territory_shows_the_contours_of_its_municipalities(as_person: Clients) -> None:
    make_community(name="Halle nord", kind="territory", municipalities=["35238", "35051", "35238"])
    assert "2 communes" in text_of(as_person().get(PAGE))
    features = as_person().get(f"{PAGE}lieu.json").json()["features"]
    assert [one["properties"]["title"] for one in features] == ["Rennes", "Cesson-Sévigné"]
    (ring, *_holes) = features[0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and all(-2 < lon < -1 and 48 < lat < 49 for lon, lat in ring)


def test_a_line_has_its_axis_hours_and_sticker(as_person: Clients) -> None:
    from datetime import time

    runner = make_account()
    make_community(
        runner,
        name="Halle nord",
        kind="line",
        road="RD 177, Rennes – Redon",
        morning_from=time(7),
        morning_until=time(9),
        carpool_spaces=12,
    )
    words = text_of(as_person(runner).get(PAGE))
    assert "RD 177, Rennes – Redon" in words and "de 7 h à 9 h" in words and "12" not in words
    assert "Imprimer ma vignette" in words
    assert "Halle nord" in text_of(as_person(runner).get(f"{PAGE}vignette/"))
    assert as_person(make_account()).get(f"{PAGE}vignette/").status_code == 404


def test_the_qr_code_leads_to_the_stored_host(tenant: Tenant, as_person: Clients) -> None:
    make_community(name="Halle nord")
    answer = as_person().get(f"{PAGE}qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml") or answer.content.startswith(b"<svg")


def test_those_who_run_it_complete_its_page(as_person: Clients) -> None:
    runner = make_account()
    make_community(runner, name="Halle nord", kind="territory")
    client = as_person(runner)
    assert "Compléter la fiche" in text_of(client.get(PAGE))
    form = client.get(f"{PAGE}fiche/").content.decode()
    assert 'value="Rennes (35)"' in form and 'name="area_1"' in form
    more = client.post(f"{PAGE}fiche/", {"rows": "2", "area_0": "Rennes", "more": "1"})
    assert b'name="area_2"' in more.content
    told = {"rows": "2", "area_0": "Rennes", "area_1": "Bruz", "road": "passe sous silence"}
    done = client.post(f"{PAGE}fiche/", told, follow=True)
    assert "2 communes" in text_of(done) and "passe sous silence" not in text_of(done)

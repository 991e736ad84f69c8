"""What people see and do on the site, through a real client."""

from __future__ import annotations

import html
import io
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from communities.communities import blocks
from communities.communities.models import Community, Membership
from communities.communities.services import membership_join, membership_leave
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account, make_community

Clients = Callable[..., StrictClient]


def text_of(response: Any) -> str:
    """The words of a page, without its markup."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    words = html.unescape(re.sub(r"<[^>]+>", " ", body))
    return " ".join(words.replace("\u00a0", " ").split())


@pytest.fixture
def as_person(tenant: Tenant, client_for: Clients) -> Callable[..., StrictClient]:
    """Return a function (account) → their client on the region's site; without: a visitor."""
    return lambda account=None: client_for(tenant, account)


# --- the list -----------------------------------------------------------------------------------
def test_the_empty_list_says_what_to_do(as_person: Clients) -> None:
    page = as_person().get("/communautes/")
    assert page.status_code == 200
    words = text_of(page)
    assert "Les communautés disponibles" in words
    assert "Aucune communauté pour l’instant" in words and "Créer ma communauté" in words
    searched = text_of(as_person().get("/communautes/?q=zzz"))
    assert "Aucune communauté ne correspond" in searched


def test_the_list_names_counts_and_places(as_person: Clients) -> None:
    community = make_community(name="Hôtel de ville", address="Place de la Mairie")
    membership_join(account=make_account(), community=community)
    make_community(name="Ligne du littoral", kind="line")
    words = text_of(as_person().get("/communautes/"))
    assert "2 communautés" in words
    assert "Hôtel de ville 2 membres Place de la Mairie, Rennes" in words
    only = text_of(as_person().get("/communautes/?type=line&q=LITTORAL"))
    assert "Ligne du littoral 1 membre" in only and "Hôtel de ville" not in only


def test_the_list_is_narrowed_by_territory(as_person: Clients) -> None:
    make_community(name="À Rennes")
    make_community(name="À Lorient", municipality_code="56121")
    make_community(
        name="Pays voisin", kind="territory", municipality_code="56121", municipalities=["35051"]
    )

    def named(query: str) -> set[str]:
        features = as_person().get(f"/communautes/carte.json?{query}").json()["features"]
        names = {feature["properties"]["title"] for feature in features}
        page = text_of(as_person().get(f"/communautes/?{query}"))
        assert all(name in page for name in names)
        assert "À Lorient" in names or "À Lorient" not in page
        return names

    assert named("departement=56") == {"À Lorient", "Pays voisin"}
    assert named("departement=35") == {"À Rennes", "Pays voisin"}
    assert named("commune_code=35238&commune=Rennes+(35)") == {"À Rennes"}
    assert named("commune=Rennes&autour=on") == {"À Rennes", "Pays voisin"}
    assert named("commune=Nulle-Part-les-Oies") == {"À Rennes", "À Lorient", "Pays voisin"}
    api = "/api/v1/communities/"
    for query, count in (("departement=56", 2), ("municipality=35238", 1), ("departement=", 3)):
        assert as_person().get(f"{api}?{query}").json()["count"] == count
    assert as_person().get(f"{api}?intercommunality=243500139").json()["count"] == 2


def test_communities_that_may_be_ones_own_are_suggested(as_person: Clients) -> None:
    from tests.rides.situations import make_advert

    person = make_account(email="nina@ville.example", residence_code="35238")
    make_community(name="La mairie", validation="domain", domains=["ville.example"])
    make_community(name="Quartier nord")
    make_community(name="Usine de Vitré", municipality_code="35360")
    make_community(name="Très loin", municipality_code="29019")
    make_advert(author=person)
    page = text_of(as_person(person).get("/communautes/"))
    shown = page[page.index("Elles vous concernent peut-être") : page.index("4 communautés")]
    assert "La mairie Pour votre adresse e-mail" in shown
    assert "Quartier nord Dans votre commune" in shown
    assert "Usine de Vitré Sur vos trajets" in shown and "Très loin" not in shown
    for community in Community.objects.all():
        membership_join(account=person, community=community)
    assert "peut-être" not in text_of(as_person(person).get("/communautes/"))
    assert "peut-être" not in text_of(as_person().get("/communautes/"))


@pytest.mark.parametrize(
    "query", ["q=%00", "type=%00&page=-1", "page=zz", "q=" + "a" * 5000, "vue=1"]
)
def test_odd_questions_get_a_page(query: str, as_person: Clients) -> None:
    make_community()
    assert as_person().get(f"/communautes/?{query}").status_code == 200
    assert as_person().get(f"/communautes/carte.json?{query}").status_code == 200


def test_the_map_shows_what_the_list_found(as_person: Clients) -> None:
    make_community(name="Hôtel de ville")
    make_community(name="Ligne du littoral", kind="line")
    page = as_person().get("/communautes/?type=line").content.decode()
    assert "/communautes/carte.json?type=line" in page
    features = as_person().get("/communautes/carte.json?type=line").json()["features"]
    assert [feature["properties"]["title"] for feature in features] == ["Ligne du littoral"]
    assert features[0]["properties"]["url"] == "/communautes/ligne-du-littoral/"
    lon, lat = features[0]["geometry"]["coordinates"]
    assert 47 < lat < 49 and -3 < lon < 0


def test_pages_of_the_list(as_person: Clients) -> None:
    creator = make_account()
    for number in range(23):
        make_community(creator, name=f"Groupe {number:02}")
    first, second = (text_of(as_person().get(f"/communautes/?page={page}")) for page in (1, 2))
    assert "1–20 sur 23" in first and "21–23 sur 23" in second
    assert "Groupe 00" in first and "Groupe 22" in second


@pytest.mark.parametrize(
    "path",
    [
        "/communautes/",
        "/communautes/carte.json",
        "/communautes/mes/",
        "/communautes/groupe/?onglet=membres",
        "/administration/communautes/",
        "/api/v1/communities/",
        "/",
    ],
)
def test_the_number_of_queries_does_not_grow_with_rows(
    path: str, tenant: Tenant, client_for: Clients
) -> None:
    person = make_account()
    person.roles.create(role="administrator")
    first = make_community(person, name="Groupe")
    client = client_for(tenant, person)
    client.get(path)  # whatever is remembered for ever is remembered
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    for _ in range(4):
        membership_join(account=make_account(), community=first)
        membership_join(account=person, community=make_community())
    with CaptureQueriesContext(connection) as many:
        assert client.get(path).status_code == 200
    assert len(many) == len(few), "\n".join(query["sql"] for query in many.captured_queries)


# --- the page of one ----------------------------------------------------------------------------
def test_a_visitor_sees_the_number_of_members_and_no_name(as_person: Clients) -> None:
    creator = make_account(first_name="Pierre", last_name="Lebrun")
    make_community(creator, name="Hôtel de ville", description="Un texte <b>en gras</b>.")
    page = as_person().get("/communautes/hotel-de-ville/")
    words = text_of(page)
    for told in (
        "Hôtel de ville",
        "1 membre",
        "Rejoindre la communauté",
        "prénom et votre nom",
        "Pierre L. »",
        "Un texte <b>en gras</b>.",
    ):
        assert told in words, words
    assert "Ils nous ont rejoints" not in words and "Lebrun" not in words
    assert "Administrer ma communauté" not in words and "Quitter la communauté" not in words
    assert "?next=/communautes/hotel-de-ville/" in page.content.decode()


def test_a_signed_in_person_sees_members_as_pierre_l(as_person: Clients) -> None:
    creator = make_account(first_name="Pierre", last_name="Lebrun", email="pierre@example.org")
    make_community(creator, name="Hôtel de ville")
    words = text_of(as_person(make_account()).get("/communautes/hotel-de-ville/"))
    assert "Ils nous ont rejoints PL Pierre L. Référent·e" in words
    assert "Liste des membres 1" in words
    assert "Lebrun" not in words and "pierre@example.org" not in words


def test_what_each_person_may_press(as_person: Clients) -> None:
    creator, member = make_account(), make_account()
    community = make_community(creator, name="Hôtel de ville")
    membership_join(account=member, community=community)
    buttons = ["Rejoindre la communauté", "Quitter la communauté", "Administrer ma communauté"]
    seen = {
        name: [
            label in text_of(as_person(account).get("/communautes/hotel-de-ville/"))
            for label in buttons
        ]
        for name, account in {
            "visitor": None,
            "stranger": make_account(),
            "member": member,
            "creator": creator,
        }.items()
    }
    assert seen == {
        "visitor": [True, False, False],
        "stranger": [True, False, False],
        "member": [False, True, False],
        "creator": [False, True, True],
    }


def test_the_number_of_members_is_said_rightly(as_person: Clients) -> None:
    community = make_community(name="Hôtel de ville")
    assert "1 membre " in text_of(as_person().get("/communautes/hotel-de-ville/"))
    for _ in range(2):
        membership_join(account=make_account(), community=community)
    assert "3 membres" in text_of(as_person().get("/communautes/hotel-de-ville/"))


def test_the_tab_of_members_turns_pages(as_person: Clients) -> None:
    community = make_community(name="Hôtel de ville")
    for _ in range(24):
        membership_join(account=make_account(), community=community)
    client, address = as_person(make_account()), "/communautes/hotel-de-ville/?onglet=membres"
    words = text_of(client.get(address))
    assert "Nom Actions Profil Date" in words
    assert "Nombre de lignes par page 10 25 50" in words
    assert "1–10 sur 25" in words
    assert "11–20 sur 25" in text_of(client.get(f"{address}&page=2"))
    assert "1–25 sur 25" in text_of(client.get(f"{address}&lignes=25"))
    assert "1–10 sur 25" in text_of(client.get(f"{address}&lignes=1000"))


@pytest.fixture
def own_blocks() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    with blocks.BLOCKS.restored(), blocks.ACTIONS.restored(empty=True):
        yield


@pytest.mark.usefixtures("own_blocks")
def test_a_floor_above_adds_tabs_and_buttons(as_person: Clients) -> None:
    make_community(name="Hôtel de ville")
    shown = {"count": 0}
    blocks.register(
        blocks.PageBlock(
            name="essai",
            label="Essai",
            template="communities/_count.html",
            pages=lambda request, community: Paginator(range(shown["count"]), 2),
            context=lambda request, page: {"count": page.paginator.count + page.number},
            order=1,
        )
    )
    blocks.register_action(
        blocks.PageAction(
            name="essai",
            label="Faire un essai",
            url=lambda request, community: f"/essai/?pour={community.slug}",
        )
    )
    with pytest.raises(RuntimeError):
        blocks.register_action(
            blocks.PageAction(name="essai", label="Autre", url=lambda request, community: "/")
        )
    empty = text_of(as_person(make_account()).get("/communautes/hotel-de-ville/"))
    assert "Essai" not in empty and "Faire un essai" in empty
    shown["count"] = 3
    page = as_person(make_account()).get("/communautes/hotel-de-ville/")
    assert "Essai 3 Liste des membres 1 4 membres" in text_of(page)
    assert "/essai/?pour=hotel-de-ville" in page.content.decode()


@pytest.mark.parametrize("action", ["", "rejoindre/", "quitter/", "revenir/", "creee/"])
def test_an_inactive_or_unknown_community_does_not_exist(action: str, as_person: Clients) -> None:
    creator = make_account()
    community = make_community(creator, name="Hôtel de ville")
    Community.objects.filter(pk=community.pk).update(is_active=False)
    for slug in ("hotel-de-ville", "nulle-part"):
        assert as_person(creator).get(f"/communautes/{slug}/{action}").status_code == 404
        assert as_person(creator).post(f"/communautes/{slug}/{action}").status_code in {404, 405}
    assert "Hôtel de ville" not in text_of(as_person(creator).get("/communautes/"))
    assert "Hôtel de ville" not in text_of(as_person(creator).get("/communautes/mes/"))


def test_the_other_region_knows_nothing_of_it(twins: Twins, client_for: Clients) -> None:
    with tenant_scope(twins.a):
        person = make_account()
        make_community(person, name="Hôtel de ville")
    with tenant_scope(twins.b):
        same_key = make_account(pk=person.pk, email="autre@example.org")
    assert client_for(twins.a).get("/communautes/hotel-de-ville/").status_code == 200
    other = client_for(twins.b, same_key)
    assert other.get("/communautes/hotel-de-ville/").status_code == 404
    assert "Hôtel de ville" not in text_of(other.get("/communautes/"))
    assert "Hôtel de ville" not in text_of(other.get("/communautes/mes/"))


def test_a_region_without_communities_has_no_such_page(tenant: Tenant, client_for: Clients) -> None:
    from tenants.context import platform_scope

    make_community(name="Hôtel de ville")
    person = make_account()
    with platform_scope(reason="the module is switched off"):
        Tenant.objects.filter(pk=tenant.pk).update(modules=["carpooling"])
    client = client_for(tenant, person)
    for path in ("", "mes/", "carte.json", "creer/", "creer/formulaire/", "hotel-de-ville/"):
        assert client.get(f"/communautes/{path}").status_code == 404
    assert client.get("/api/v1/communities/").status_code == 404
    home = text_of(client.get("/"))
    assert "ommunautés" not in home.replace("des communautés près de chez vous", "")


# --- joining and leaving ------------------------------------------------------------------------
def test_join_leave_undo(as_person: Clients) -> None:
    community, person = make_community(name="Hôtel de ville"), make_account()
    client = as_person(person)
    joined = client.post("/communautes/hotel-de-ville/rejoindre/", follow=True)
    assert joined.redirect_chain == [("/communautes/hotel-de-ville/", 302)]
    assert "Vous avez rejoint « Hôtel de ville »" in text_of(joined)
    asked = text_of(client.get("/communautes/hotel-de-ville/quitter/"))
    assert "Quitter « Hôtel de ville » ?" in asked and "Rester" in asked
    left = client.post("/communautes/hotel-de-ville/quitter/", follow=True)
    page = left.content.decode()
    assert "Vous avez quitté « Hôtel de ville »" in text_of(left)
    assert 'form="undo-leave"' in page and '<form id="undo-leave" method="post"' in page
    assert Membership.objects.get(account=person, community=community).status == "left"
    back = client.post("/communautes/hotel-de-ville/revenir/", follow=True)
    assert "de nouveau membre" in text_of(back)
    assert Membership.objects.get(account=person, community=community).is_accepted
    again = client.post("/communautes/hotel-de-ville/rejoindre/", follow=True)
    assert again.status_code == 200
    assert Membership.objects.filter(community=community).count() == 2


def test_undo_too_late_is_said(as_person: Clients) -> None:
    community, person = make_community(name="Hôtel de ville"), make_account()
    membership_join(account=person, community=community)
    membership_leave(account=person, community=community)
    Membership.objects.filter(account=person).update(
        left_at=timezone.now() - timezone.timedelta(hours=1)
    )
    client = as_person(person)
    assert "undo-leave" not in client.get("/communautes/hotel-de-ville/").content.decode()
    late = client.post("/communautes/hotel-de-ville/revenir/", follow=True)
    assert "Il est trop tard pour annuler" in text_of(late)


def test_the_last_moderator_is_told_why_and_what_to_do(as_person: Clients) -> None:
    creator = make_account()
    community = make_community(creator, name="Hôtel de ville")
    client = as_person(creator)
    assert "leave-dialog" not in client.get("/communautes/hotel-de-ville/").content.decode()
    for page in (
        client.get("/communautes/hotel-de-ville/quitter/"),
        client.post("/communautes/hotel-de-ville/quitter/"),
    ):
        words = text_of(page)
        assert "seule personne à gérer" in words and "admin@alpha.example.org" in words
    assert page.status_code == 409
    assert Membership.objects.get(account=creator, community=community).is_moderator


@pytest.mark.parametrize("action", ["rejoindre", "quitter", "revenir"])
def test_visitors_are_asked_to_sign_in_and_links_change_nothing(
    action: str, as_person: Clients
) -> None:
    make_community(name="Hôtel de ville")
    for method in ("get", "post"):
        answer = getattr(as_person(), method)(f"/communautes/hotel-de-ville/{action}/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/compte/connexion/?next=")
    person = make_account()
    as_person(person).get(f"/communautes/hotel-de-ville/{action}/")
    assert not Membership.objects.filter(account=person).exists()


def test_a_form_without_its_token_is_refused(tenant: Tenant, client_for: Clients) -> None:
    person = make_account()
    make_community(name="Hôtel de ville")
    client = StrictClient(f"{tenant.slug}.localhost", enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post("/communautes/hotel-de-ville/rejoindre/").status_code == 403
    assert not Membership.objects.filter(account=person).exists()


# --- mine ---------------------------------------------------------------------------------------
def test_my_communities(as_person: Clients) -> None:
    person = make_account()
    assert "Vous n’êtes dans aucune communauté" in text_of(
        as_person(person).get("/communautes/mes/")
    )
    make_community(person, name="Celle que je gère")
    joined, left = make_community(name="Rejointe"), make_community(name="Quittée")
    waiting = make_community(name="En attente")
    for community in (joined, left):
        membership_join(account=person, community=community)
    membership_leave(account=person, community=left)
    Membership.objects.create(
        account=person, community=waiting, status="pending", joined_at=timezone.now()
    )
    words = text_of(as_person(person).get("/communautes/mes/"))
    assert "Celle que je gère Rennes Vous la gérez" in words
    assert "Rejointe" in words and "En attente Rennes Demande en attente" in words
    assert "Quittée" not in words
    home = text_of(as_person(person).get("/"))
    assert "Mes communautés" in home and "Rejointe" in home
    assert as_person().get("/communautes/mes/").status_code == 302


# --- creating -----------------------------------------------------------------------------------
def sent(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Les Ateliers du Scorff",
        "kind": "organisation",
        "short_description": "Pour venir travailler ensemble.",
        "description": "Un café covoiturage par mois.",
        "municipality": "Lorient",
        "address": "2 quai du Port",
        "validation": "automatic",
        "key": str(uuid.uuid4()),
        **changes,
    }


def test_the_conditions_come_first(as_person: Clients) -> None:
    visitor = as_person().get("/communautes/creer/")
    words = text_of(visitor)
    for told in (
        "À quoi vous engagez-vous ?",
        "50 personnes",
        "animations",
        "admin@alpha.example.org",
    ):
        assert told in words
    assert "Me connecter" in words
    assert "?next=/communautes/creer/formulaire/" in visitor.content.decode()
    assert "Je m’y engage" in text_of(as_person(make_account()).get("/communautes/creer/"))
    assert as_person().get("/communautes/creer/formulaire/").status_code == 302


def test_an_unverified_person_is_told_so(as_person: Clients) -> None:
    person = make_account()
    person.emailaddress_set.update(verified=False)
    client = as_person(person)
    assert "Confirmez d’abord votre adresse e-mail" in text_of(client.get("/communautes/creer/"))
    answer = client.post("/communautes/creer/formulaire/", sent())
    assert (answer.status_code, answer["Location"]) == (302, "/communautes/creer/")
    assert not Community.objects.exists()


def test_create_a_community(as_person: Clients) -> None:
    logo = io.BytesIO()
    Image.new("RGB", (240, 240), "teal").save(logo, "PNG")
    client = as_person(make_account())
    form = client.get("/communautes/creer/formulaire/").content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', form)
    assert key
    answer = client.post(
        "/communautes/creer/formulaire/",
        sent(key=key[1], logo=SimpleUploadedFile("logo.png", logo.getvalue())),
        follow=True,
    )
    assert answer.redirect_chain == [("/communautes/les-ateliers-du-scorff/creee/", 302)]
    words = text_of(answer)
    assert "Votre communauté est créée" in words
    assert "http://alpha.localhost/communautes/les-ateliers-du-scorff/" in words
    page = client.get("/communautes/les-ateliers-du-scorff/").content.decode()
    logo_url = re.search(r'<img class="mark[^"]*" src="([^"]+)"', page)
    assert logo_url, "the logo is shown"
    logo_answer = client.get(html.unescape(logo_url[1]))
    assert (logo_answer.status_code, logo_answer["Content-Type"]) == (200, "image/webp")
    assert b"WEBP" in b"".join(logo_answer.streaming_content)[:16]
    client.post("/communautes/creer/formulaire/", sent(key=key[1]))
    assert Community.objects.count() == 1, "the same form, sent again"


FORM = "/communautes/creer/formulaire/"


def test_create_a_territory_of_several_municipalities(as_person: Clients) -> None:
    client = as_person(make_account())
    told = sent(kind="territory", rows="1", area_0="Lorient")
    more = client.post(FORM, told | {"more": "1"})
    assert b'name="area_1"' in more.content and not more.context["form"].errors
    assert "Carte du territoire" in more.content.decode()
    made = client.post(FORM, told | {"rows": "2", "area_1": "Lanester"}, follow=True)
    assert "QR code" in text_of(made)
    community = Community.objects.get()
    assert [row.code for row in community.municipalities.all()] == ["56121", "56098"]


def test_create_a_community_with_each_validation(as_person: Clients) -> None:
    client = as_person(make_account())
    wrong = client.post(FORM, sent(validation="domain", domains="ville"))
    assert "domains" in wrong.context["form"].errors
    none = client.post(FORM, sent(validation="domain"))
    assert "domains" in none.context["form"].errors
    broken = client.post(
        FORM, sent(validation="secured", identifiers=SimpleUploadedFile("a.csv", b"\x00"))
    )
    assert "identifiers" in broken.context["form"].errors
    assert not Community.objects.exists()
    client.post(FORM, sent(name="Un", validation="domain", domains="@ville.example"))
    client.post(FORM, sent(name="Par domaine", validation="domain", domains="@ville.example"))
    file = SimpleUploadedFile("a.csv", b"A-1;x\nA-2;y")
    client.post(FORM, sent(name="Par fichier", validation="secured", identifiers=file))
    by_domain, by_file = Community.objects.order_by("name")
    assert [row.domain for row in by_domain.domains.all()] == ["ville.example"]
    assert by_file.identifiers.count() == 2


def test_only_those_who_run_it_see_the_end_page(as_person: Clients) -> None:
    member = make_account()
    community = make_community(name="Hôtel de ville")
    membership_join(account=member, community=community)
    assert as_person(member).get("/communautes/hotel-de-ville/creee/").status_code == 404


def test_the_letter_to_forward_names_the_community_as_written(as_person: Clients) -> None:
    runner = make_account()
    make_community(name="Port de l'Île & Cie", creator=runner)
    page = as_person(runner).get("/communautes/port-de-lile-cie/creee/").content.decode()
    subject = re.search(r'href="mailto:\?subject=([^&"]+)&amp;body=', page)
    assert subject and "« Port de l'Île & Cie »" in unquote(subject[1]).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "ab"}),
        ("kind", {"kind": "club"}),
        ("short_description", {"short_description": ""}),
        ("description", {"description": ""}),
        ("municipality", {"municipality": "Nulle-Part-les-Oies"}),
        ("municipality", {"municipality": "Lille (59)"}),
        ("logo", {"logo": SimpleUploadedFile("logo.svg", b"<svg xmlns='x' width='300'/>")}),
        ("key", {"key": "not-a-key"}),
    ],
)
def test_each_mistake_is_told_at_its_field(field: str, change: dict, as_person: Clients) -> None:
    answer = as_person(make_account()).post("/communautes/creer/formulaire/", sent(**change))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Community.objects.exists()


def test_a_name_that_exists_is_asked_about(as_person: Clients) -> None:
    make_community(name="Hôtel de ville")
    client = as_person(make_account())
    page = client.post("/communautes/creer/formulaire/", sent(name="HOTEL DE VILLE"))
    words = text_of(page)
    assert "Est-ce l’une de celles-ci ?" in words and "Hôtel de ville" in words
    assert 'type="checkbox" name="same_name_meant"' in page.content.decode()
    answer = client.post(
        "/communautes/creer/formulaire/", sent(name="HOTEL DE VILLE", same_name_meant="on")
    )
    assert answer["Location"] == "/communautes/hotel-de-ville-2/creee/"


# --- console ------------------------------------------------------------------------------------
def test_the_console_lists_all_for_administrators_and_their_own_for_moderators(
    tenant: Tenant, client_for: Clients
) -> None:
    administrator, moderator, member = (
        make_account(),
        make_account(first_name="Yann"),
        make_account(),
    )
    administrator.roles.create(role="administrator")
    own = make_community(moderator, name="La mienne")
    other = make_community(name="Une autre")
    closed = make_community(name="Fermée")
    Community.objects.filter(pk=closed.pk).update(is_active=False)
    membership_join(account=member, community=own)
    membership_join(account=moderator, community=other)
    everything = text_of(client_for(tenant, administrator).get("/administration/communautes/"))
    for name in ("La mienne", "Une autre", "Fermée", "Archivée", "Validation automatique"):
        assert name in everything
    mine = text_of(client_for(tenant, moderator).get("/administration/communautes/"))
    assert "La mienne" in mine and "Une autre" not in mine and "Fermée" not in mine
    assert "Rennes 2 Yann M. Validation automatique" in mine
    assert client_for(tenant, member).get("/administration/communautes/").status_code == 404
    assert client_for(tenant).get("/administration/communautes/").status_code == 302


def test_the_console_searches(tenant: Tenant, client_for: Clients) -> None:
    administrator = make_account()
    administrator.roles.create(role="administrator")
    make_community(name="Hôtel de ville")
    client = client_for(tenant, administrator)
    assert "Hôtel de ville" in text_of(client.get("/administration/communautes/?q=hotel"))
    assert "Aucune ligne ne correspond" in text_of(client.get("/administration/communautes/?q=zzz"))


def test_the_console_has_a_way_in(tenant: Tenant, client_for: Clients) -> None:
    moderator = make_account()
    make_community(moderator)
    for host in (None, f"admin.{tenant.slug}.localhost"):
        client = client_for(tenant, moderator, host=host)
        assert "Communautés" in text_of(client.get("/administration/"))
        assert client.get("/administration/communautes/").status_code == 200

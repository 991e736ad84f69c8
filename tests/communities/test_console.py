"""The référent's console: what it shows, what it does, and to whom."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.communities.ending import communities_purge, community_delete
from communities.communities.models import Community, Membership
from communities.communities.queries import municipality_codes
from communities.communities.services import membership_join, membership_leave
from communities.communities.undoing import UNDO_WITHIN
from communities.imports.models import Invitation
from core.accounts.services import account_suspend, role_grant
from core.audit.models import AuditEntry
from core.audit.queries import entries_of
from tenants.models import Tenant
from tests.client import StrictClient
from tests.communities.test_pages import text_of
from tests.factories import make_account, make_community

Clients = Callable[..., StrictClient]
LIST = "/administration/communautes/"


@pytest.fixture
def as_person(tenant: Tenant, client_for: Clients) -> Clients:
    return lambda account=None: client_for(tenant, account)


@pytest.fixture
def referent(tenant: Tenant) -> Any:
    return make_account(first_name="Soizic", last_name="Le Goff")


@pytest.fixture
def community(referent: Any) -> Community:
    found: Community = make_community(referent, name="Atelier des Lices", address="4 rue du Four")
    return found


def heads(page: str) -> list[str]:
    cells = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, flags=re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def page_of(community: Community, tab: str = "") -> str:
    return f"{LIST}{community.slug}/{tab}"


def asks(community: Community, **names: str) -> Membership:
    """Somebody who waits for an answer."""
    community.validation = Community.Validation.MODERATOR
    community.save()
    return membership_join(account=make_account(**names), community=community)


# --- the list -------------------------------------------------------------------------------------
def test_the_list_has_the_columns_and_buttons_of_the_guide(
    as_person: Clients, referent: Any, community: Community
) -> None:
    page = as_person(referent).get(LIST).content.decode()
    assert heads(page) == [
        "ID",
        "Image",
        "Nom",
        "Filtres additionnels",
        "Nombre de membres",
        "Référent",
        "Type de validation",
        "Date de création",
        "Actions",
    ]
    for label in ("Ajouter", "Rafraîchir", "Éditer", "Liste des communautés", "Soizic L."):
        assert label in page
    assert "Communautés" in page and "Se déconnecter" in page and "Thème sombre" in page


def test_who_sees_and_changes_which_communities(as_person: Clients, community: Community) -> None:
    """Rennes is in Ille-et-Vilaine (35); Brest is not."""
    other = make_community(name="Les quais", municipality_code="29019")
    expected = {
        ("administrator", ()): ({community, other}, {community, other}),
        ("community_manager", ()): ({community, other}, {community, other}),
        ("community_manager", ("35",)): ({community}, {community}),
        ("administrator", ("29",)): ({other}, {other}),
        ("communication", ()): ({community, other}, set()),
        ("analyst", ("35",)): ({community}, set()),
    }
    for (role, territories), (seen, changed) in expected.items():
        account = make_account()
        role_grant(account=account, role=role, territories=territories)
        client = as_person(account)
        listed = client.get(LIST)
        assert {line.row for line in listed.context["table"].lines} == seen, role
        for one in (community, other):
            detail = client.get(page_of(one))
            assert detail.status_code == (200 if one in seen else 404), role
            if one in seen:
                assert ("Enregistrer" in text_of(detail)) == (one in changed), role
            may = 200 if one in changed else 404
            for tab in ("membres/", "parametres/", "historique/", "supprimer/"):
                assert client.get(page_of(one, tab)).status_code == may, (role, tab)
            posted = client.post(page_of(one), {})
            assert posted.status_code == (422 if one in changed else 404), role
    assert as_person(make_account()).get(LIST).status_code == 404


# --- detail ---------------------------------------------------------------------------------------
def form_of(client: StrictClient, community: Community, **changes: Any) -> dict[str, Any]:
    form = client.get(page_of(community)).context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    place = data.pop("municipality")
    return {**data, "municipality": place.label, **changes}


def test_a_saved_change_is_in_the_history_and_the_region_is_told(
    as_person: Clients, referent: Any, community: Community
) -> None:
    client = as_person(referent)
    words = text_of(client.get(page_of(community)))
    for label in (
        "Édition de la communauté",
        "Détail",
        "Membres",
        "Nom",
        "Nombre de membres",
        "Référent",
        "Type de validation",
        "Image actuelle",
        "Nouvelle image",
        "Annonces masquées dans les résultats",
        "Membres cachés",
        "Adresse",
        "Présentation courte",
        "Enregistrer",
        "Supprimer",
        "Membres visibles",
        "Annonces visibles",
        "Validation automatique",
        "Créée le",
        "Mise à jour le",
    ):
        assert label in words, label
    data = form_of(client, community)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(page_of(community), data).status_code == 302
    assert mail.outbox == [] and not entries_of("community", community.pk).exists()
    changed = data | {"name": "Atelier du Port", "address": "Quai Est", "adverts_hidden": "on"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(page_of(community), changed).status_code == 302
    community.refresh_from_db()
    assert community.place_label == "Quai Est, Rennes" and community.adverts_hidden
    (told,) = mail.outbox
    assert "Atelier des Lices → Atelier du Port" in str(told.body)
    assert "Quai Est, Rennes" in str(told.body)
    shown = text_of(client.get(page_of(community, "historique/")))
    assert "Soizic L. a modifié" in shown and "Atelier des Lices Atelier du Port" in shown
    assert client.post(page_of(community), data | {"name": "x"}).status_code == 422


def test_settings_take_domains_and_identifiers(
    as_person: Clients, referent: Any, community: Community
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_person(referent)
    address = page_of(community, "parametres/")
    wrong = client.post(address, {"validation": "domain", "domains": "pas un domaine"})
    assert wrong.status_code == 422 and "pas" in text_of(wrong)
    assert client.post(address, {"validation": "domain"}).status_code == 422
    assert (
        client.post(address, {"validation": "domain", "domains": "Ville.example"}).status_code
        == 302
    )
    file = SimpleUploadedFile("ids.csv", b"identifiant;nom\nA1;x\nB2;y\nA1;z\n")
    empty = client.post(address, {"validation": "secured"}, follow=True)
    assert "Personne ne peut encore rejoindre" in text_of(empty)
    sent = client.post(address, {"validation": "secured", "identifiers": file}, follow=True)
    words = text_of(sent)
    assert "2 identifiants ajoutés" in words and "2 identifiants, dont 0 utilisé" in words
    community.refresh_from_db()
    assert community.validation == "secured"


def test_each_type_has_its_own_fields_in_the_detail(as_person: Clients, referent: Any) -> None:
    client = as_person(referent)
    line = make_community(referent, name="Axe sud", kind="line", road="RN 137")
    words = text_of(client.get(page_of(line)))
    assert "Axe routier" in words and "Places de stationnement" not in words
    times = {"morning_from": "07:00", "morning_until": "09:00", "carpool_spaces": "4"}
    told = form_of(client, line, road="RN 12", **times)
    assert client.post(page_of(line), told).status_code == 302
    line.refresh_from_db()
    assert (line.road, line.morning_from, line.carpool_spaces) == ("RN 12", time(7), None)
    late = client.post(page_of(line), told | {"morning_until": "06:00"})
    assert late.status_code == 422 and "la plus tardive" in text_of(late)

    area = make_community(referent, name="Pays de Vitré", kind="territory")
    assert "area_0" in client.get(page_of(area)).context["form"].fields
    told = form_of(client, area, rows="1", area_0="Rennes (35)")
    assert client.post(page_of(area), told).status_code == 302
    assert not area.municipalities.exists()  # that of its place, as before
    more = client.post(page_of(area), told | {"more": "1"})
    assert more.status_code == 200 and more.context["form"].rows == 2
    told |= {"rows": "2", "area_1": "Vitré (35)"}
    assert client.post(page_of(area), told).status_code == 302
    assert municipality_codes(area) == ["35238", "35360"]


def test_a_contact_address_is_on_the_page_once_it_is_given(
    as_person: Clients, referent: Any, community: Community
) -> None:
    client, visitor = as_person(referent), as_person()
    page, address = f"/communautes/{community.slug}/", page_of(community, "parametres/")
    assert "mailto:" not in visitor.get(page).content.decode()
    for given, status in (("pas une adresse", 422), ("mobilite@lices.example", 302)):
        answer = client.post(address, {"validation": "automatic", "contact_email": given})
        assert answer.status_code == status
    assert 'href="mailto:mobilite@lices.example"' in visitor.get(page).content.decode()
    shown = text_of(client.get(page_of(community, "historique/")))
    assert "mobilite@lices.example" in shown
    client.post(address, {"validation": "automatic", "contact_email": ""})
    assert "mailto:" not in visitor.get(page).content.decode()


# --- deletion -------------------------------------------------------------------------------------
def test_deletion_says_what_goes_and_comes_back_within_thirty_days(
    as_person: Clients, referent: Any, community: Community
) -> None:
    membership_join(account=make_account(), community=community)
    client, visitor = as_person(referent), as_person()
    assert "2 adhésions" in text_of(client.get(page_of(community, "supprimer/")))
    wrong = client.post(page_of(community, "supprimer/"), {"name": "Atelier du port"})
    assert wrong.status_code == 422 and "pas le nom de cette communauté" in text_of(wrong)
    after = client.post(
        page_of(community, "supprimer/"),
        {"reason": "Fusion", "name": "atelier  des lices"},
        follow=True,
    )
    assert "Rétablir" in text_of(after)
    assert visitor.get(f"/communautes/{community.slug}/").status_code == 410
    assert "peut être rétablie" in text_of(client.get(page_of(community)))
    client.post(f"{LIST}retablir/", {"slug": community.slug})
    assert visitor.get(f"/communautes/{community.slug}/").status_code == 200
    assert Membership.objects.filter(community=community, status="accepted").count() == 2
    community_delete(community=community, by=None)
    assert communities_purge() == 0
    Community.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    late = client.post(page_of(community, "retablir/"), follow=True)
    assert "plus de 30 jours" in text_of(late)
    assert communities_purge() == 1
    assert not Community.objects.filter(pk=community.pk).exists()
    actions = [entry.action for entry in entries_of("community", community.pk)]
    assert actions[0] == "community.purged" and "community.restored" in actions


# --- members --------------------------------------------------------------------------------------
def test_members_have_the_columns_of_the_guide(
    as_person: Clients, referent: Any, community: Community
) -> None:
    nina = make_account(first_name="Maëlle", last_name="Roux", email="nina@secret.example")
    membership_join(account=nina, community=community, accepts_mails=True)
    gone = membership_join(account=make_account(last_name="Parti"), community=community)
    Membership.objects.filter(pk=gone.pk).update(status="left", left_at=timezone.now())
    stranger = make_account(last_name="Ailleurs")
    client = as_person(referent)
    page = client.get(page_of(community, "membres/"))
    html = page.content.decode()
    assert heads(html)[1:10] == [
        "Membre",
        "Prénom",
        "Nom",
        "Statut",
        "Accepte les emails",
        "Rejoint le",
        "Accepté le",
        "Refusé le",
        "Dernière connexion",
    ]
    assert heads(html)[-2:] == ["Type d’annonces", "Actions"]
    for label in ("Rechercher un membre", "Ajouter un membre", "Retirer", "En attente", "Refusé"):
        assert label in html
    assert [line.row.account_id for line in page.context["table"].lines] == [
        community.created_by_id,
        nina.pk,
    ]
    assert nina.email not in html and stranger.last_name not in html
    for query, found in (("q=MAELLE", 1), ("q=goff+soizic", 1), ("q=zz", 0), ("emails=oui", 1)):
        shown = client.get(page_of(community, f"membres/?{query}"))
        assert shown.context["table"].page.paginator.count == found, query
    file = client.get(page_of(community, "membres/?format=csv"))
    text = b"".join(file).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "Roux" in text and "@" not in text
    assert entries_of("community", community.pk)[0].action == "community.exported"


def test_the_map_says_where_a_community_is(
    as_person: Clients, referent: Any, community: Community
) -> None:
    client, detail = as_person(referent), page_of(community)

    def sent(**changes: str) -> Any:
        form = client.get(detail).context["form"]
        told = {name: form[name].value() or "" for name in form.fields if name != "logo"}
        told |= {"municipality": "Rennes (35)", "municipality_code": "35238", **changes}
        answer = client.post(detail, told)
        community.refresh_from_db()
        return answer

    middle = (community.lat, community.lon)
    assert 'data-pick="point"' in client.get(detail).content.decode()
    assert sent(point="48.12000,-1.65000").status_code == 302
    assert (community.lat, community.lon) == (48.12, -1.65)
    # It stays when only the street changes, and goes when there is none any more.
    assert sent(address="5 rue du Four").status_code == 302
    assert (community.lat, community.lon) == (48.12, -1.65)
    refused = sent(point="47.21840,-1.55360")
    assert refused.status_code == 422 and "en dehors de la commune choisie : Rennes" in text_of(
        refused
    )
    assert sent(point="").status_code == 302
    assert (community.lat, community.lon) == middle


def test_more_members_make_no_more_queries(
    as_person: Clients, referent: Any, community: Community
) -> None:
    client = as_person(referent)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(community, "membres/")).status_code == 200
        return len(captured)

    membership_join(account=make_account(), community=community)
    count()  # remembers the region
    few = count()
    for _ in range(15):
        membership_join(account=make_account(), community=community)
    assert count() == few


def test_the_disk_saves_a_status_and_undo_brings_it_back(
    as_person: Clients, referent: Any, community: Community
) -> None:
    waiting = asks(community, first_name="Nina", last_name="Roux")
    client, change = as_person(referent), page_of(community, "membres/modifier/")
    for standing, status, role in (
        ("moderator", "accepted", "moderator"),
        ("member", "accepted", "member"),
        ("refused", "refused", "member"),
        ("pending", "pending", "member"),
    ):
        sent = {"save": waiting.pk, f"statut-{waiting.pk}": standing}
        after = client.post(change, sent, follow=True)
        waiting.refresh_from_db()
        assert (waiting.status, waiting.role) == (status, role)
        assert "Annuler" in text_of(after) and "Nina Roux" in text_of(after)
        batch = AuditEntry.objects.latest("pk").batch
    client.post(page_of(community, "membres/annuler/"), {"batch": str(batch)})
    waiting.refresh_from_db()
    assert waiting.status == "refused"
    client.post(change, {"accept": waiting.pk})
    waiting.refresh_from_db()
    assert waiting.status == "accepted"
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(change, {"save": waiting.pk, f"statut-{waiting.pk}": "moderator"})
    assert [one.subject for one in mail.outbox] == [f"Vous animez désormais « {community.name} »"]
    client.post(change, {"save": waiting.pk, f"statut-{waiting.pk}": "member"})
    mine = Membership.objects.get(account=referent)
    kept = client.post(change, {"remove": mine.pk}, follow=True)
    assert "rien n’a changé" in text_of(kept)
    assert Membership.objects.get(account=referent).is_moderator


def test_the_bar_acts_on_the_chosen_and_undoes_them_together(
    as_person: Clients, referent: Any, community: Community
) -> None:
    people = [asks(community, last_name=f"Roux{n}") for n in range(3)]
    stranger = asks(make_community(name="Ailleurs"), last_name="Personne")
    client, change = as_person(referent), page_of(community, "membres/modifier/")
    chosen = {"row": [one.pk for one in (*people, stranger)]}

    def statuses() -> list[str]:
        rows = Membership.objects.filter(pk__in=[one.pk for one in people]).order_by("pk")
        return [row.status for row in rows]

    assert "Choisissez" in text_of(client.post(change, {"bulk": "accept"}, follow=True))
    alone = client.post(change, {"refuse": people[0].pk})
    assert "Refuser 1 personne" in text_of(alone) and statuses() == ["pending"] * 3
    asked = client.post(change, {"bulk": "refused", **chosen})
    assert "Refuser 3 personnes" in text_of(asked) and statuses() == ["pending"] * 3
    sent = {"bulk": "refused", "confirmed": "1", "reason": "Hors du périmètre", **chosen}
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(change, sent)
    assert statuses() == ["refused"] * 3
    assert len(mail.outbox) == 3 and "Hors du périmètre" in str(mail.outbox[0].body)
    client.post(change, {"bulk": "accept", **chosen})
    assert statuses() == ["accepted"] * 3
    back = client.post(change, {"bulk": "remove", "next": "https://evil.example/", **chosen})
    assert back["Location"] == page_of(community, "membres/")
    assert statuses() == ["left"] * 3
    entries = AuditEntry.objects.filter(action="membership.removed")
    assert len({entry.batch for entry in entries}) == 1 and len(entries) == 3
    undo = page_of(community, "membres/annuler/")
    batch = {"batch": str(entries[0].batch)}
    AuditEntry.objects.filter(batch=entries[0].batch).update(at=timezone.now() - UNDO_WITHIN * 2)
    assert "trop tard" in text_of(client.post(undo, batch, follow=True))
    AuditEntry.objects.filter(batch=entries[0].batch).update(at=timezone.now())
    assert "3 personnes sont comme avant" in text_of(client.post(undo, batch, follow=True))
    assert statuses() == ["accepted"] * 3
    assert "0 personne" in text_of(client.post(undo, batch, follow=True))
    stranger.refresh_from_db()
    assert stranger.status == "pending"
    for odd in ({"batch": "zz"}, {"batch": str(uuid.uuid4())}, {}):
        assert "trop tard" in text_of(client.post(undo, odd, follow=True))


def test_a_member_is_added_by_address_and_others_are_invited(
    as_person: Clients, referent: Any, community: Community
) -> None:
    nina = make_account(first_name="Nina", last_name="Roux", email="nina@example.org")
    client, address = as_person(referent), page_of(community, "membres/ajouter/")
    client.post(address, {"email": "NINA@example.org", "role": "moderator"})
    assert Membership.objects.get(account=nina).is_moderator
    again = client.post(address, {"email": "nina@example.org", "role": "member"}, follow=True)
    assert "Nina Roux fait déjà partie de la communauté : rien n’a changé." in text_of(again)

    def invited(email: str) -> list[Any]:
        before = len(mail.outbox)
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert "Une invitation est envoyée" in text_of(
                client.post(address, {"email": email, "role": "moderator"}, follow=True)
            )
        return mail.outbox[before:]

    # The same invitation as an import's, with its signed link; once a day at most.
    [letter] = invited("new@example.org")
    assert letter.to == ["new@example.org"] and community.name in letter.subject
    invitation = Invitation.objects.get()
    assert (invitation.standing, invitation.by) == ("moderator", referent)
    assert "/invitations/" in str(letter.body)
    assert invited("new@example.org") == []
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=2))
    assert [one.to for one in invited("NEW@example.org")] == [["new@example.org"]]
    # Who left by themselves is asked, never brought back; nothing is said of suspended accounts.
    gone = make_account(email="gone@example.org")
    membership_join(account=gone, community=community)
    membership_leave(account=gone, community=community)
    assert len(invited("gone@example.org")) == 1
    assert Membership.objects.get(account=gone).status == "left"
    account_suspend(account=make_account(email="stopped@example.org"))
    assert invited("stopped@example.org") == []
    assert not Membership.objects.filter(account__email="stopped@example.org").exists()
    account_suspend(account=nina)
    words = text_of(client.get(page_of(community, "membres/")))
    assert "Compte suspendu" in words


def test_the_search_finds_what_each_may_open(
    as_person: Clients, referent: Any, community: Community
) -> None:
    nina = make_account(first_name="Maëlle", last_name="Roux")
    membership_join(account=nina, community=community)
    other = make_community(name="Atelier du port")
    membership_join(account=make_account(last_name="Rouxel"), community=other)
    administrator = make_account()
    role_grant(account=administrator, role="administrator")

    def found(account: Any, text: str) -> dict[str, list[str]]:
        page = as_person(account).get("/administration/recherche/", {"q": text})
        return {s.name: [hit.label for hit in hits] for s, hits in page.context["found"]}

    assert found(referent, "atelier") == {"communities": ["Atelier des Lices"]}
    assert found(referent, "roux") == {"members": ["Maëlle Roux"]}
    assert found(administrator, "roux") == {
        "members": ["Maëlle Roux", "Camille Rouxel"],
        "people": ["Maëlle Roux", "Camille Rouxel"],
    }
    assert found(referent, "z") == {} and found(referent, "%00") == {}


def test_an_answer_that_is_undone_is_never_sent(referent: Any, community: Community) -> None:
    """The mail goes twelve seconds later; undone before that, there is nothing to tell."""
    from communities.communities.memberships import ANSWER_AFTER, membership_accept
    from communities.communities.undoing import OFFERED_FOR, memberships_undo

    assert OFFERED_FOR.total_seconds() < ANSWER_AFTER
    waiting, batch = asks(community, last_name="Roux"), uuid.uuid4()
    with TestCase.captureOnCommitCallbacks() as later:
        membership_accept(membership=waiting, by=referent, batch=batch)
        assert memberships_undo(batch=batch, community=community, by=referent) == 1
    for callback in later:
        callback()
    waiting.refresh_from_db()
    assert waiting.status == "pending" and mail.outbox == []
    with TestCase.captureOnCommitCallbacks(execute=True):
        membership_accept(membership=waiting, by=referent, batch=uuid.uuid4())
    assert [message.to for message in mail.outbox] == [[waiting.account.email]]

"""« Publier une annonce » step by step, in French, without JavaScript; then changing it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.communities.services import membership_join
from rides.adverts.drafting import drafts_purge
from rides.adverts.inputs import Place
from rides.adverts.models import Advert, AdvertDraft, RidesSettings
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.situations import CESSON, MONDAY, NANTES, RENNES, SAINT_MALO, VITRE, make_advert

ClientFor = Callable[..., StrictClient]
PUBLISH = "/annonces/publier/"
STEPS = ["role", "planification", "trajet", "passagers", "participation", "message"]


@pytest.fixture
def author(tenant: Tenant) -> Any:
    return make_account(first_name="Pierre", last_name="Lemoine", residence_code=RENNES)


@pytest.fixture
def mine(client_for: ClientFor, tenant: Tenant, author: Any) -> StrictClient:
    """The author's browser."""
    return client_for(tenant, author)


SAID: dict[str, dict[str, Any]] = {
    "role": {"role": "driver"},
    "planification": {
        "kind": "regular",
        "slots": "2",
        "weekdays_0": ["1", "2"],
        "time_0": "07:40",
        "return_0": "17:30",
        "weekdays_1": ["4"],
        "time_1": "08:15",
        "return_1": "16:00",
    },
    "trajet": {
        "stops": "0",
        "origin": "Rennes (35)",
        "origin_code": RENNES,
        "origin_detail": "Gare sud",
        "destination": "Vitré",
    },
    "passagers": {"seats": "3"},
    "participation": {"choice": "suggested"},
    "message": {"comment": "Je pars à l'heure."},
}


def walk(client: StrictClient, to: str = "recapitulatif", **changes: dict[str, Any]) -> Any:
    """Go through the steps as far as ``to``; return the answer to the last POST."""
    response = None
    for slug in STEPS:
        if slug == to:
            break
        address = PUBLISH if slug == "role" else f"{PUBLISH}{slug}/"
        response = client.post(address, {**SAID[slug], **changes.get(slug, {})})
        assert response.status_code == 302, response.content.decode()
    return response


def publish(client: StrictClient, **controls: str) -> Any:
    """Press « Publier » on the summary, with what else its form asks."""
    html = client.get(f"{PUBLISH}recapitulatif/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert key
    return client.post(f"{PUBLISH}recapitulatif/", {"key": key[1], **controls})


# --- from nothing to an advert -----------------------------------------------------------------
def test_every_step_leads_to_the_next_and_the_last_one_publishes(
    mine: StrictClient, author: Any
) -> None:
    html = mine.get(PUBLISH).content.decode()
    for label in ("Conducteur·rice", "Passager·ère", "Peu importe", "Rôle"):
        assert label in html
    for slug, following in zip(STEPS, [*STEPS[1:], "recapitulatif"], strict=True):
        address = PUBLISH if slug == "role" else f"{PUBLISH}{slug}/"
        assert mine.get(address).status_code == 200
        response = mine.post(address, SAID[slug])
        assert response["Location"] == f"{PUBLISH}{following}/"
    assert not Advert.objects.exists()
    html = mine.get(f"{PUBLISH}recapitulatif/").content.decode()
    for words in (
        "Lundi et mardi, 7\u00a0h\u00a040, retour à 17\u00a0h\u00a030",
        "Jeudi, 8\u00a0h\u00a015",
        "Rennes, Gare sud → Vitré",
        "2,80\u00a0€ par personne (6 centimes par kilomètre)",
        "Je pars à l&#x27;heure.",
        "Valable un an",
    ):
        assert words in html, words
    response = publish(mine)
    advert = Advert.objects.get()
    assert response["Location"] == f"/annonces/{advert.public_id}/"
    days = [
        (slot.weekday, f"{slot.time:%H:%M}", f"{slot.return_time:%H:%M}")
        for slot in advert.schedules.all()
    ]
    assert days == [(0, "07:40", "17:30"), (1, "07:40", "17:30"), (3, "08:15", "16:00")]
    html = mine.get(response["Location"]).content.decode()
    for words in ("Votre annonce est en ligne", "Rennes, Gare sud", "3 places", "Pierre L."):
        assert words in html
    assert "Lemoine" not in html
    assert not AdvertDraft.objects.exists()


def test_one_date_with_a_return_the_same_day(mine: StrictClient) -> None:
    once = {"kind": "one_off", "date": MONDAY.isoformat(), "time": "09:00", "return_time": "18:00"}
    walk(mine, planification=once)
    publish(mine)
    advert = Advert.objects.get()
    assert (advert.date, advert.return_date) == (MONDAY, MONDAY)


def test_pressing_publish_twice_makes_one_advert(mine: StrictClient) -> None:
    walk(mine)
    html = mine.get(f"{PUBLISH}recapitulatif/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert key
    places = {mine.post(f"{PUBLISH}recapitulatif/", {"key": key[1]})["Location"] for _ in range(3)}
    assert places == {f"/annonces/{Advert.objects.get().public_id}/"}


def test_a_replay_does_not_publish_the_next_draft(mine: StrictClient) -> None:
    walk(mine)
    publish(mine)
    first = Advert.objects.get()
    walk(mine, trajet={"destination": "Fougères"})
    again = mine.post(f"{PUBLISH}recapitulatif/", {"key": str(first.public_id)})
    assert again["Location"] == f"/annonces/{first.public_id}/"
    assert Advert.objects.count() == 1
    stranger = make_advert()
    mine.post(f"{PUBLISH}recapitulatif/", {"key": str(stranger.public_id)})
    assert Advert.objects.filter(author=first.author).count() == 2  # the draft that was asked for


# --- going back, coming back -------------------------------------------------------------------
def test_back_keeps_even_what_is_wrong(mine: StrictClient) -> None:
    walk(mine, to="trajet")
    typed = {**SAID["trajet"], "destination": "Ploubalanec", "go": "back"}
    response = mine.post(f"{PUBLISH}trajet/", typed)
    assert response["Location"] == f"{PUBLISH}planification/"
    html = mine.get(f"{PUBLISH}planification/").content.decode()
    assert 'value="08:15"' in html
    html = mine.get(f"{PUBLISH}trajet/").content.decode()
    assert 'value="Ploubalanec"' in html
    assert 'value="Gare sud"' in html
    assert "aria-invalid" not in html


def test_a_draft_is_offered_on_return_and_thrown_away(mine: StrictClient) -> None:
    assert "Vous avez commencé" not in mine.get(PUBLISH).content.decode()
    walk(mine, to="passagers")
    html = mine.get(PUBLISH).content.decode()
    assert "Vous avez commencé une annonce" in html
    assert "Rennes (35) → Vitré" in html
    assert f'href="{PUBLISH}recapitulatif/"' in html  # the rest has its first values
    mine.post(f"{PUBLISH}abandonner/")
    assert "Vous avez commencé" not in mine.get(PUBLISH).content.decode()
    assert mine.get(f"{PUBLISH}trajet/")["Location"] == PUBLISH


def test_a_draft_is_kept_for_thirty_days(mine: StrictClient, author: Any) -> None:
    walk(mine, to="passagers")
    rows = AdvertDraft.objects.filter(account=author)
    rows.update(updated_at=timezone.now() - timedelta(days=29))
    assert drafts_purge() == 0
    assert "Vous avez commencé" in mine.get(PUBLISH).content.decode()
    rows.update(updated_at=timezone.now() - timedelta(days=31))
    assert "Vous avez commencé" not in mine.get(PUBLISH).content.decode()
    assert drafts_purge() == 1


def test_nobody_else_sees_a_draft(
    mine: StrictClient, client_for: ClientFor, tenant: Tenant
) -> None:
    walk(mine, to="passagers")
    other = client_for(tenant, make_account())
    assert "Vous avez commencé" not in other.get(PUBLISH).content.decode()
    assert other.get(f"{PUBLISH}trajet/")["Location"] == PUBLISH


def test_the_summary_leads_to_what_is_missing(mine: StrictClient) -> None:
    walk(mine, to="trajet")
    assert mine.get(f"{PUBLISH}recapitulatif/")["Location"] == f"{PUBLISH}trajet/"
    assert mine.post(f"{PUBLISH}recapitulatif/", {"key": str(uuid.uuid4())}).status_code == 302
    assert not Advert.objects.exists()
    assert mine.get(f"{PUBLISH}nulle-part/").status_code == 404


# --- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("slug", "changes", "words"),
    [
        ("trajet", {"destination": "Rennes"}, "Le départ et l’arrivée sont au même endroit."),
        ("trajet", {"destination": "Ploubalanec"}, "Ploubalanec"),
        ("trajet", {"destination": ""}, "Choisissez une commune."),
        ("trajet", {"destination": "Saint-Denis (974)"}, "trop loin"),
        ("trajet", {"stops": "1", "stop_0": "Vitré"}, "C’est le même lieu que l’arrivée."),
        ("trajet", {"stops": "1", "stop_0": "Nantes"}, "deux fois plus long"),
        ("passagers", {"seats": "0"}, "supérieure ou égale à 1"),
        ("passagers", {"seats": "9"}, "inférieure ou égale à 8"),
        ("passagers", {"seats": ""}, "Ce champ est obligatoire."),
        ("planification", {"weekdays_0": []}, "Choisissez au moins un jour."),
        ("planification", {"return_0": "07:00"}, "Le retour est avant l’aller."),
        ("planification", {"time_1": ""}, "Ce champ est obligatoire."),
        ("planification", {"time_0": "25:61"}, "heure valide"),
        ("planification", {"weekdays_1": ["1"]}, "Ce créneau en chevauche un autre"),
        ("planification", {"valid_from": "2020-01-01"}, "Cette date est passée."),
        (
            "planification",
            {"kind": "one_off", "date": "2020-01-01", "time": "08:00"},
            "Cette date est passée.",
        ),
        (
            "planification",
            {"kind": "one_off", "date": "2026-02-30", "time": "08:00"},
            "date valide",
        ),
        ("planification", {"kind": "one_off", "date": "", "time": "08:00"}, "obligatoire"),
        ("participation", {"choice": "own", "cents": "51"}, "Au plus 50 centimes"),
        ("participation", {"choice": "own", "cents": "-1"}, "supérieure ou égale à 0"),
        ("participation", {"choice": "own", "cents": ""}, "Indiquez combien de centimes"),
        ("participation", {"choice": "own", "cents": "31"}, "Au-dessus de 30 centimes"),
        ("message", {"comment": "a" * 1001}, "1000"),
    ],
)
def test_what_is_wrong_is_said_at_its_step_and_what_was_typed_is_kept(
    mine: StrictClient, slug: str, changes: dict[str, Any], words: str
) -> None:
    walk(mine, to=slug)
    response = mine.post(f"{PUBLISH}{slug}/", {**SAID[slug], **changes})
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert 'aria-invalid="true"' in html
    for value in changes.values():
        if isinstance(value, str) and value and len(value) < 60 and not value.isdigit():
            assert value in html
    # Kept on the server too: a closed window loses nothing.
    again = mine.get(f"{PUBLISH}{slug}/").content.decode()
    if slug == "trajet":
        assert "Gare sud" in again


def test_a_role_that_does_not_exist(mine: StrictClient) -> None:
    response = mine.post(PUBLISH, {"role": "pilot"})
    assert response.status_code == 422
    assert not AdvertDraft.objects.exists()


def test_an_amount_above_the_warning_is_kept_by_whoever_is_sure(mine: StrictClient) -> None:
    walk(mine, participation={"choice": "own", "cents": "31", "sure": "on"})
    publish(mine)
    assert Advert.objects.get().cents_per_km == 31


def test_the_limit_of_the_region_holds_at_the_last_moment(mine: StrictClient) -> None:
    walk(mine, participation={"choice": "own", "cents": "20"})
    RidesSettings.objects.create(
        suggested_cents_per_km=5, warn_above_cents_per_km=8, most_cents_per_km=10
    )
    summary = f"{PUBLISH}recapitulatif/"
    assert mine.get(summary)["Location"] == f"{PUBLISH}participation/"
    assert not Advert.objects.exists()


def test_html_in_a_message_is_shown_as_text(mine: StrictClient) -> None:
    walk(mine, message={"comment": "<script>alert(1)</script> & <b>gras</b>"})
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;gras"
    assert escaped in mine.get(f"{PUBLISH}recapitulatif/").content.decode()
    publish(mine)
    html = mine.get(f"/annonces/{Advert.objects.get().public_id}/").content.decode()
    assert escaped in html


# --- rows --------------------------------------------------------------------------------------
def test_slots_are_added_and_removed_without_javascript(mine: StrictClient) -> None:
    walk(mine, to="planification")
    here = f"{PUBLISH}planification/"
    html = mine.post(here, {**SAID["planification"], "go": "add"}).content.decode()
    assert "Créneau 3" in html
    assert 'value="08:15"' in html
    html = mine.post(here, {**SAID["planification"], "go": "remove-1"}).content.decode()
    assert "Créneau 2" not in html
    assert 'value="08:15"' in html
    assert 'value="07:40"' not in html
    assert re.search(r'name="weekdays_0" value="4"[^>]*checked', html)
    assert not re.search(r'name="weekdays_0" value="1"[^>]*checked', html)


def test_stops_are_added_raised_sorted_and_removed(mine: StrictClient) -> None:
    walk(mine, to="trajet")
    here = f"{PUBLISH}trajet/"
    said = {
        "origin": "Nantes (44)", "origin_code": NANTES,
        "destination": "Saint-Malo (35)", "destination_code": SAINT_MALO,
        "stops": "2", "stop_0": "Rennes (35)", "stop_0_code": RENNES, "stop_detail_0": "Gare",
        "stop_1": "Châteaubriant (44)", "stop_1_code": "44036",
    }  # fmt: skip
    response = mine.post(here, said)
    assert response.status_code == 422
    html = response.content.decode()
    assert "changez leur ordre" in html
    assert "Remettre les étapes dans l’ordre" in html

    def stops(html: str) -> list[str]:
        return re.findall(r'name="stop_\d"[^>]*value="([^"]*)"', html) or re.findall(
            r'value="([^"]*)"[^>]*name="stop_\d"', html
        )

    for go in ("sort", "raise-2"):
        html = mine.post(here, {**said, "go": go}).content.decode()
        assert stops(html) == ["Châteaubriant (44)", "Rennes (35)"], go
        assert 'name="stop_detail_1" value="Gare"' in html
    html = mine.post(here, {**said, "go": "remove-1"}).content.decode()
    assert stops(html) == ["Châteaubriant (44)"]
    html = mine.post(here, {**said, "stops": "1", "go": "look"}).content.decode()
    assert "Carte de votre trajet" in html
    assert mine.post(here, {**said, "stops": "1", "stop_0": ""}).status_code == 302
    publish(mine)
    assert not Advert.objects.get().stops.exists()  # an empty row is no stop


def test_a_stop_is_published_and_shown(mine: StrictClient) -> None:
    walk(mine, trajet={"stops": "1", "stop_0": "Cesson-Sévigné", "stop_0_code": CESSON})
    publish(mine)
    advert = Advert.objects.get()
    assert [stop.code for stop in advert.stops.all()] == [CESSON]
    html = mine.get(f"/annonces/{advert.public_id}/").content.decode()
    assert "<li>Cesson-Sévigné</li>" in html


# --- what the steps start from -----------------------------------------------------------------
def test_the_steps_start_from_habits(mine: StrictClient) -> None:
    walk(mine, to="planification")
    html = mine.get(f"{PUBLISH}planification/").content.decode()
    assert re.search(r'name="weekdays_0" value="1"[^>]*checked', html)
    assert not re.search(r'name="weekdays_0" value="6"[^>]*checked', html)
    assert 'value="Rennes (35)"' in mine.get(f"{PUBLISH}trajet/").content.decode()


def test_an_address_from_a_search_fills_the_steps(mine: StrictClient) -> None:
    query = f"?origin_code={VITRE}&destination_code={RENNES}&date={MONDAY}&time=18:05"
    html = mine.get(f"{PUBLISH}{query}&role=passenger").content.decode()
    assert re.search(r'name="role" value="passenger"[^>]*checked', html)
    mine.post(f"{PUBLISH}{query}&role=passenger", {"role": "passenger"})
    html = mine.get(f"{PUBLISH}trajet/").content.decode()
    assert 'value="Vitré (35)"' in html
    assert 'value="Rennes (35)"' in html
    html = mine.get(f"{PUBLISH}planification/").content.decode()
    assert re.search(r'name="kind" value="one_off"[^>]*checked', html)
    for kept in (f'value="{MONDAY}"', 'value="18:05"'):
        assert kept in html
    html = mine.get(f"{PUBLISH}passagers/").content.decode()
    assert "Combien de places vous cherchez." in html
    odd = f"{PUBLISH}?origin_code=x&weekdays=12&weekdays=8&date=no&role=pilot&comme=x"
    assert mine.get(odd).status_code == 200


def test_publishing_in_ones_communities(mine: StrictClient, author: Any) -> None:
    own, foreign = make_community(name="Les lève-tôt"), make_community(name="Autre chose")
    membership_join(account=author, community=own)
    mine.post(f"{PUBLISH}?community={own.slug}", {"role": "driver"})
    html = mine.get(f"{PUBLISH}trajet/").content.decode()
    assert re.search(rf'name="communities" value="{own.pk}"[^>]*checked', html)
    assert "Autre chose" not in html
    walk(mine, to="trajet")
    refused = mine.post(f"{PUBLISH}trajet/", {**SAID["trajet"], "communities": [foreign.pk]})
    assert refused.status_code == 422
    walk(mine, trajet={"communities": [own.pk]})
    publish(mine)
    assert "Rennes, Gare sud" in mine.get(f"/communautes/{own.slug}/").content.decode()


def test_what_the_region_does_not_offer_is_not_shown(mine: StrictClient) -> None:
    walk(mine, to="passagers")
    assert "même civilité" not in mine.get(f"{PUBLISH}passagers/").content.decode()
    RidesSettings.objects.create(same_gender_allowed=True)
    assert "même civilité" in mine.get(f"{PUBLISH}passagers/").content.decode()
    walk(mine, passagers={"same_gender": "on"})
    publish(mine)
    assert Advert.objects.get().same_gender


def test_holidays_are_said_in_words(mine: StrictClient) -> None:
    walk(mine, planification={"no_school_holidays": "on", "no_public_holidays": "on"})
    html = mine.get(f"{PUBLISH}recapitulatif/").content.decode()
    assert "Pas pendant les vacances scolaires (zone B)" in html
    assert "Pas les jours fériés" in html
    publish(mine)
    advert = Advert.objects.get()
    assert (advert.school_holidays, advert.public_holidays) == (False, False)
    page = f"/annonces/{advert.public_id}/"
    assert "zone B" in mine.get(page).content.decode()
    Advert.objects.update(origin_code="97411")
    assert "nous ne connaissons pas le calendrier" in mine.get(page).content.decode()


# --- changing ----------------------------------------------------------------------------------
def test_an_advert_is_changed_step_by_step(mine: StrictClient, author: Any) -> None:
    advert = make_advert(
        author=author, origin=RENNES, stops=[Place(CESSON, "Mairie")], comment="Bonjour"
    )
    here = f"/annonces/{advert.public_id}/modifier/"
    html = mine.get(here).content.decode()
    assert "Rennes → Cesson-Sévigné, Mairie → Vitré" in html
    html = mine.get(f"{here}trajet/").content.decode()
    assert 'value="Mairie"' in html
    assert not AdvertDraft.objects.exists()  # looking keeps nothing
    response = mine.post(f"{here}passagers/", {"seats": "2"})
    assert response["Location"] == here
    advert.refresh_from_db()
    assert advert.seats == 3  # until it is saved
    assert "2 places" in mine.get(here).content.decode()
    response = mine.post(here)
    assert response["Location"] == f"/annonces/{advert.public_id}/"
    advert.refresh_from_db()
    assert (advert.seats, advert.comment) == (2, "Bonjour")
    assert [stop.label for stop in advert.stops.all()] == ["Cesson-Sévigné, Mairie"]
    assert not AdvertDraft.objects.exists()
    # A new advert's draft is another one.
    walk(mine, to="passagers")
    mine.post(f"{here}passagers/", {"seats": "1"})
    assert AdvertDraft.objects.count() == 2
    mine.post(f"{here}abandonner/")
    assert "2 places" in mine.get(here).content.decode()


def test_a_change_that_is_wrong_is_not_saved(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author)
    here = f"/annonces/{advert.public_id}/modifier/"
    assert mine.post(f"{here}passagers/", {"seats": "12"}).status_code == 422
    html = mine.get(here).content.decode()
    assert "À compléter" in html
    response = mine.post(here)
    assert response.status_code == 422
    assert "inférieure ou égale à 8" in response.content.decode()
    advert.refresh_from_db()
    assert advert.seats == 3


def test_one_like_it_and_the_way_back(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author, stops=[Place(CESSON)])
    response = mine.post(f"/annonces/{advert.public_id}/dupliquer/")
    assert response["Location"] == f"{PUBLISH}recapitulatif/"
    html = mine.get(response["Location"]).content.decode()
    assert "Rennes → Cesson-Sévigné → Vitré" in html
    # One is begun: it is not written over without a word.
    response = mine.post(f"/annonces/{advert.public_id}/dupliquer/", {"inverse": "1"})
    assert response["Location"] == f"{PUBLISH}?comme={advert.public_id}&inverse=1"
    assert "Vous avez commencé" in mine.get(response["Location"]).content.decode()
    mine.post(response["Location"], {"role": "driver"})
    html = mine.get(f"{PUBLISH}recapitulatif/").content.decode()
    assert "Vitré → Cesson-Sévigné → Rennes" in html
    assert "17\u00a0h\u00a030" in html
    publish(mine)
    assert Advert.objects.count() == 2


def test_a_stranger_changes_nothing(client_for: ClientFor, tenant: Tenant, author: Any) -> None:
    advert = make_advert(author=author)
    other = client_for(tenant, make_account())
    for path in ("modifier/", "modifier/passagers/", "calendrier/"):
        assert other.get(f"/annonces/{advert.public_id}/{path}").status_code == 404
    for path in ("modifier/", "modifier/abandonner/", "dupliquer/", "renouveler/", "calendrier/"):
        assert other.post(f"/annonces/{advert.public_id}/{path}").status_code == 404


# --- days --------------------------------------------------------------------------------------
def test_a_day_is_cancelled_moved_and_put_back(
    mine: StrictClient, author: Any, client: StrictClient
) -> None:
    advert = make_advert(author=author)
    here = f"/annonces/{advert.public_id}/calendrier/"
    row = {"day": MONDAY.isoformat(), "usual": "07:40"}
    assert "Semaine du" in mine.get(here).content.decode()
    assert mine.post(here, {**row, "action": "cancel"})["Location"] == here
    assert "Annulé" in mine.get(here).content.decode()
    assert "pas d’aller" in client.get(f"/annonces/{advert.public_id}/").content.decode()
    mine.post(here, {**row, "action": "restore"})
    assert not advert.exceptions.exists()
    mine.post(here, {**row, "action": "move", "time": "08:05"})
    page = client.get(f"/annonces/{advert.public_id}/").content.decode()
    assert "départ à 8\u00a0h\u00a005 au lieu de 7\u00a0h\u00a040" in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"action": "move", "time": "18:00"}, "Le retour partirait avant l’aller."),
        ({"action": "move", "time": ""}, "Indiquez l’heure de départ"),
        ({"action": "move", "time": "25:00"}, "Cette heure n’existe pas"),
        ({"action": "cancel", "usual": "06:00"}, "Ce trajet n’existe plus."),
        ({"action": "cancel", "day": "2026-02-30"}, "n’existe pas"),
    ],
)
def test_a_day_that_cannot_be_changed_says_why(
    mine: StrictClient, author: Any, sent: dict[str, str], words: str
) -> None:
    advert = make_advert(author=author)
    row = {"day": MONDAY.isoformat(), "usual": "07:40", **sent}
    response = mine.post(f"/annonces/{advert.public_id}/calendrier/", row)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not advert.exceptions.exists()


def test_renewing_from_my_adverts(mine: StrictClient, author: Any) -> None:
    advert = make_advert(author=author)
    assert "Renouveler" not in mine.get("/annonces/").content.decode()
    last = MONDAY + timedelta(days=10)
    Advert.objects.filter(pk=advert.pk).update(valid_until=last)
    html = mine.get("/annonces/").content.decode()
    assert "Renouveler pour un an" in html
    assert f'name="ended" value="{last}"' in html
    for _ in range(2):
        mine.post(f"/annonces/{advert.public_id}/renouveler/", {"ended": last.isoformat()})
    advert.refresh_from_db()
    assert advert.valid_until == last + timedelta(days=365)


def test_the_calendar_reads_as_much_for_many_rides(mine: StrictClient, author: Any) -> None:
    few, many = make_advert(author=author), make_advert(author=author)
    few.schedules.exclude(weekday=0).delete()
    mine.get(f"/annonces/{few.public_id}/calendrier/")
    counts = []
    for advert in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            mine.get(f"/annonces/{advert.public_id}/calendrier/")
        counts.append(len(seen))
    assert counts[0] == counts[1]

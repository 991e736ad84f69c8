"""Carpool places: files of the national schema, the console, the API, and stops of adverts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.models import RoleAssignment
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import Place
from rides.adverts.models import Advert, Stop
from rides.matching.geometry import Point, distance
from rides.places.errors import PlacesError
from rides.places.models import CarpoolPlace
from rides.places.queries import NEAR_M, places_near
from rides.places.services import places_import
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account
from tests.rides.situations import CESSON, RENNES, VITRE, make_advert
from tests.rides.test_wizard import PUBLISH, SAID, publish, walk

pytestmark = pytest.mark.usefixtures("tenant")
COLUMNS = (
    "id_lieu,nom_lieu,ad_lieu,com_lieu,insee,type,date_maj,ouvert,source,Xlong,Ylat,nbre_pl,"
    "nbre_pmr,duree,horaires,proprio,lumiere,comm"
)
ROW: dict[str, str] = {
    "id_lieu": "35068-C-001", "nom_lieu": "Aire de Châteaubourg", "ad_lieu": "Sortie 3",
    "com_lieu": "Châteaubourg", "insee": "35068", "type": "Aire de covoiturage",
    "date_maj": "2026-03-01", "ouvert": "true", "source": "exemple", "Xlong": "-1.402",
    "Ylat": "48.108", "nbre_pl": "30", "nbre_pmr": "2", "duree": "1440", "horaires": "24/7",
    "proprio": "Commune", "lumiere": "Oui", "comm": "Abri à vélos",
}  # fmt: skip


def file(*rows: dict[str, str], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A file of the schema; each row changes ``ROW``."""
    names = COLUMNS.split(",")
    lines = [separator.join(names)]
    for row in rows:
        values = {**ROW, **row}
        lines.append(separator.join(f'"{values[name]}"' for name in names))
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def make_place(**changes: Any) -> CarpoolPlace:
    """An open place in Châteaubourg, between Rennes and Vitré."""
    places_import(content=file({key: str(value) for key, value in changes.items()}))
    return CarpoolPlace.objects.get(key=changes.get("id_lieu", ROW["id_lieu"]))


# --- the file ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8")],
)
def test_every_field_is_read_whatever_the_spreadsheet_did(separator: str, encoding: str) -> None:
    report = places_import(content=file({}, separator=separator, encoding=encoding))
    assert (report.total, len(report.added)) == (1, 1)
    place = CarpoolPlace.objects.get()
    told = (
        place.key, place.name, place.address, place.town, place.code, place.kind, place.dated,
        place.is_open, place.source, place.lon, place.lat, place.spaces, place.accessible_spaces,
        place.longest_stay, place.hours, place.owner, place.is_lit, place.comment,
    )  # fmt: skip
    assert told == (
        "35068-C-001", "Aire de Châteaubourg", "Sortie 3", "Châteaubourg", "35068",
        "Aire de covoiturage", date(2026, 3, 1), True, "exemple", -1.402, 48.108, 30, 2, 1440,
        "24/7", "Commune", True, "Abri à vélos",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id_lieu": ""}, "id_lieu"),
        ({"nom_lieu": ""}, "nom_lieu"),
        ({"insee": "3506"}, "code INSEE"),
        ({"insee": "35999"}, "Aucune commune"),
        ({"type": "Garage"}, "type de lieu"),
        ({"date_maj": "hier"}, "date"),
        ({"ouvert": "peut-être"}, "ouvert"),
        ({"Ylat": "quarante"}, "ylat"),
        ({"Ylat": "91"}, "ylat"),
        ({"Ylat": "nan"}, "ylat"),
        ({"Xlong": "48.108", "Ylat": "-1.402"}, "loin de"),
        ({"nbre_pl": "-3"}, "nbre_pl"),
        ({"duree": "toujours"}, "duree"),
        ({"comm": "a" * 501}, "comm"),
    ],
)
def test_a_wrong_row_is_left_out_and_says_why(change: dict[str, str], words: str) -> None:
    other = {"id_lieu": "autre"}
    report = places_import(content=file(change, other))
    assert [row.line for row in report.refused] == [2]
    assert words in " ".join(map(str, report.refused[0].problems))
    assert [row.key for row in report.added] == ["autre"]
    assert CarpoolPlace.objects.count() == 1


def test_the_same_identifier_twice_in_a_file() -> None:
    report = places_import(content=file({}, {"nom_lieu": "Un autre"}))
    assert (len(report.added), len(report.refused)) == (1, 1)
    assert "ligne 2" in str(report.refused[0].problems[0])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_header"),
        (b"nom;prenom\n1;2\n", "no_header"),
        (b"PK\x03\x04\x00\x00", "not_text"),
        (b"x" * 5_000_001, "too_large"),
        (COLUMNS.encode() + b"\n" + b",\n" * 50_001, "too_many_rows"),
    ],
)
def test_what_is_no_such_file(content: bytes, code: str) -> None:
    with pytest.raises(PlacesError) as caught:
        places_import(content=content)
    assert caught.value.code == code


def test_places_are_replaced_by_their_identifier_and_the_others_stay() -> None:
    places_import(content=file({}, {"id_lieu": "autre"}))
    stop = make_place()
    looked = places_import(content=file({"nbre_pl": "55"}, {"id_lieu": "neuf"}), dry_run=True)
    assert (len(looked.changed), len(looked.added)) == (1, 1)
    assert CarpoolPlace.objects.count() == 2
    done = places_import(content=file({"nbre_pl": "55"}, {"id_lieu": "neuf"}))
    assert (len(done.changed), len(done.added), len(done.same)) == (1, 1, 0)
    stop.refresh_from_db()
    assert (stop.spaces, CarpoolPlace.objects.count()) == (55, 3)
    again = places_import(content=file({"nbre_pl": "55"}, {"id_lieu": "neuf"}))
    assert (len(again.same), len(again.changed), len(again.added)) == (2, 0, 0)


# --- near a route ------------------------------------------------------------------------------
def test_places_near_a_route_are_measured_in_metres() -> None:
    advert = make_advert()
    route = [advert.origin, advert.destination]
    north = NEAR_M / 111_195
    middle = Point(48.1145, -1.44)  # on the way, within a few hundred metres
    for number, (key, off) in enumerate(
        [("loin", 1.2 * north), ("près", 0.8 * north), ("dessus", 0.0)]
    ):
        places_import(
            content=file(
                {"id_lieu": key, "Ylat": str(middle.lat + off), "Xlong": str(middle.lon),
                 "nom_lieu": f"Lieu {number}"}
            )
        )  # fmt: skip
    make_place(id_lieu="fermé", ouvert="false", Ylat=middle.lat, Xlong=middle.lon)
    assert [place.key for place in places_near(route)] == ["dessus", "près"]
    assert places_near(route, most=1)[0].key == "dessus"
    assert distance(middle, route[0]) > NEAR_M


# --- the console -------------------------------------------------------------------------------
@pytest.fixture
def administrator(client_for: Callable[..., StrictClient], tenant: Tenant) -> StrictClient:
    account = make_account()
    RoleAssignment.objects.create(account=account, role=RoleAssignment.Role.ADMINISTRATOR)
    return client_for(tenant, account)


CONSOLE = "/administration/lieux-de-covoiturage/"


def upload(client: StrictClient, content: bytes, **more: str) -> Any:
    sent = SimpleUploadedFile("lieux.csv", content, content_type="text/csv")
    return client.post(f"{CONSOLE}importer/", {"file": sent, **more})


def test_an_import_is_looked_at_then_done(administrator: StrictClient) -> None:
    assert "Aucun lieu pour le moment" in administrator.get(CONSOLE).content.decode()
    content = file({}, {"id_lieu": "autre", "type": "<b>Garage</b>"})
    html = upload(administrator, content, dry_run="on").content.decode()
    for words in ("Ce qui se passerait", "1 lieu ajouté", "1 ligne refusée", "&lt;b&gt;Garage"):
        assert words in html
    assert not CarpoolPlace.objects.exists()
    assert "Ce qui a été fait" in upload(administrator, content).content.decode()
    html = administrator.get(f"{CONSOLE}?q=châteaub").content.decode()
    assert "Aire de Châteaubourg" in html
    assert "Aire de Châteaubourg" not in administrator.get(f"{CONSOLE}?q=brest").content.decode()


def test_a_file_that_cannot_be_read_says_why(administrator: StrictClient) -> None:
    response = upload(administrator, b"PK\x00")
    assert response.status_code == 422
    assert "Ce n’est pas un fichier CSV." in response.content.decode()
    assert administrator.post(f"{CONSOLE}importer/").status_code == 422


# --- the API -----------------------------------------------------------------------------------
def test_the_api_speaks_the_schema(client: StrictClient) -> None:
    places_import(content=file({}, {"id_lieu": "fermé", "ouvert": "false"}))
    answer = client.get("/api/v1/carpool-places/").json()
    (told,) = answer["results"]
    assert set(told) == set(COLUMNS.split(","))
    assert (told["id_lieu"], told["Ylat"], told["lumiere"]) == ("35068-C-001", 48.108, True)
    for query, count in (
        ("insee=35068", 1), ("insee=35238", 0), ("box=48,-2,49,-1", 1), ("box=40,-2,41,-1", 0),
    ):  # fmt: skip
        found = client.get(f"/api/v1/carpool-places/?{query}").json()["results"]
        assert len(found) == count, query
    assert client.get("/api/v1/carpool-places/?box=ici").status_code == 400


# --- stops -------------------------------------------------------------------------------------
def test_a_stop_at_a_carpool_place_is_exactly_there() -> None:
    place = make_place()
    advert = make_advert(stops=[Place("35068", place.name, carpool_place=place.pk)])
    stop = Stop.objects.get(advert=advert)
    assert (stop.place, stop.lat, stop.lon) == (place, place.lat, place.lon)
    assert stop.label == "Châteaubourg, Aire de Châteaubourg"
    place.delete()
    stop.refresh_from_db()
    assert stop.place is None
    assert stop.lat == 48.108


def test_a_place_that_does_not_exist_or_is_elsewhere_or_closed() -> None:
    closed = make_place(id_lieu="fermé", ouvert="false")
    place = make_place()
    for stop in (
        Place("35068", carpool_place=0),
        Place("35068", carpool_place=closed.pk),
        Place(CESSON, carpool_place=place.pk),
    ):
        with pytest.raises(AdvertError) as caught:
            make_advert(stops=[stop])
        assert list(caught.value.fields) == ["stops.0"]
    assert not Advert.objects.exists()


def test_the_steps_offer_the_places_near_the_way(
    client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    place = make_place()
    mine = client_for(tenant, make_account(residence_code=RENNES))
    walk(mine, to="passagers")
    here = f"{PUBLISH}trajet/"
    html = mine.get(here).content.decode()
    assert "Lieux de covoiturage près de votre trajet" in html
    assert f'value="place-{place.pk}"' in html
    html = mine.post(here, {**SAID["trajet"], "go": f"place-{place.pk}"}).content.decode()
    assert 'value="Châteaubourg (35)"' in html
    assert re.search(rf'name="stop_place_0" value="{place.pk}"', html)
    assert f'value="place-{place.pk}"' not in html
    walk_on = {
        **SAID["trajet"], "stops": "1", "stop_0": "Châteaubourg (35)", "stop_0_code": "35068",
        "stop_detail_0": place.name, "stop_place_0": str(place.pk),
    }  # fmt: skip
    assert mine.post(here, walk_on).status_code == 302
    mine.post(f"{PUBLISH}message/", SAID["message"])
    assert mine.get(f"{PUBLISH}planification/").status_code == 200
    mine.post(f"{PUBLISH}planification/", SAID["planification"])
    publish(mine)
    advert = Advert.objects.get()
    assert [stop.place for stop in advert.stops.all()] == [place]
    # Changing something else keeps it; typing another municipality over it lets it go.
    change = f"/annonces/{advert.public_id}/modifier/"
    mine.post(f"{change}passagers/", {"seats": "1"})
    mine.post(change)
    assert [stop.place for stop in advert.stops.all()] == [place]
    other = {**walk_on, "stop_0": "Cesson-Sévigné (35)", "stop_0_code": CESSON}
    mine.post(f"{change}trajet/", other)
    mine.post(change)
    assert [(stop.place, stop.code) for stop in advert.stops.all()] == [(None, CESSON)]


def test_the_api_takes_and_keeps_a_place(
    client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    make_place()
    mine = client_for(tenant, make_account())
    body = {
        "role": "driver", "kind": "regular", "seats": 3,
        "origin": {"municipality": RENNES}, "destination": {"municipality": VITRE},
        "stops": [{"municipality": "35068", "carpool_place": ROW["id_lieu"]}],
        "slots": [{"weekday": 0, "time": "07:40"}],
    }  # fmt: skip
    made = mine.post("/api/v1/adverts/", body, content_type="application/json")
    assert made.status_code == 201
    key = made.json()["id"]
    mine.patch(f"/api/v1/adverts/{key}/", {"seats": 2}, content_type="application/json")
    assert Stop.objects.get().place is not None
    body["stops"] = [{"municipality": "35068", "carpool_place": "nulle-part"}]
    refused = mine.post("/api/v1/adverts/", body, content_type="application/json")
    assert refused.status_code == 400
    assert "stops.0" in refused.content.decode()

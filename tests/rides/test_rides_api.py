"""Adverts and search over the API: the rules of the pages, and nothing that pages hide."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from communities.communities.services import membership_join
from core.accounts import inventory
from rides.adverts.models import Advert, Stop
from rides.adverts.services import advert_pause
from rides.matching.geometry import Point, distance
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.situations import CESSON, MONDAY, RENNES, VITRE, make_advert, weekly

pytestmark = pytest.mark.usefixtures("tenant")
ADVERTS, SEARCH = "/api/v1/adverts/", "/api/v1/search/"


@pytest.fixture
def member(client_for: Callable[..., StrictClient], tenant: Tenant) -> StrictClient:
    return client_for(tenant, make_account(first_name="Pierre", last_name="Lemoine"))


def regular(**changes: Any) -> dict[str, Any]:
    """A new advert as the API takes it."""
    return {
        "role": "driver",
        "kind": "regular",
        "origin": {"municipality": RENNES, "detail": "Gare sud"},
        "destination": {"municipality": VITRE},
        "seats": 3,
        "slots": [{"weekday": 0, "time": "07:40", "return_time": "17:30"}],
        **changes,
    }


def post(client: StrictClient, body: dict[str, Any]) -> Any:
    return client.post(ADVERTS, body, content_type="application/json")


def test_publish_then_read(member: StrictClient, client: StrictClient) -> None:
    answer = post(member, regular())
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["origin"]["label"] == "Rennes, Gare sud"
    assert told["slots"] == [{"weekday": 0, "time": "07:40:00", "return_time": "17:30:00"}]
    assert told["author"] == "Pierre L."
    assert client.get(f"{ADVERTS}{told['id']}/").json() == told
    assert client.get(ADVERTS).json()["results"] == [told]
    assert "Lemoine" not in client.get(ADVERTS).content.decode()


def test_a_one_off_advert(member: StrictClient) -> None:
    body = regular(kind="one_off", date=str(MONDAY), time="09:00", slots=[])
    assert post(member, body).json()["date"] == str(MONDAY)
    body.pop("date")
    assert set(post(member, body).json()["fields"]) == {"date"}


def test_an_own_point_is_kept_and_never_told(member: StrictClient) -> None:
    body = regular(origin={"municipality": RENNES, "lat": 48.11042, "lon": -1.65821})
    told = post(member, body).json()
    advert = Advert.objects.get()
    assert (advert.origin_own_lat, advert.origin_own_lon) == (48.11042, -1.65821)
    assert (told["origin"]["lat"], told["origin"]["lon"]) == advert.origin
    assert "48.11042" not in str(told)
    body["origin"].pop("lon")
    assert "origin.lon" in post(member, body).json()["fields"]


def test_a_stop_stays_at_its_author_s_own_point_when_something_else_changes(
    member: StrictClient,
) -> None:
    stop = {"municipality": CESSON, "lat": 48.1212, "lon": -1.6033}
    told = post(member, regular(stops=[stop])).json()
    kept = Stop.objects.get()
    assert kept.own_point == Point(48.1212, -1.6033)
    shown = Point(kept.lat, kept.lon)
    assert 0 < distance(shown, kept.own_point) < 180
    address = f"{ADVERTS}{told['id']}/"
    changed = member.patch(address, {"seats": 1}, content_type="application/json").json()
    assert changed["stops"] == told["stops"]
    assert Stop.objects.get().own_point == Point(48.1212, -1.6033)
    export = inventory.export(Advert.objects.get().author)["adverts"][0]
    assert export["stops"][0]["own_point"] == [48.1212, -1.6033]


def test_the_same_key_makes_one_advert(member: StrictClient) -> None:
    body = regular(key=str(uuid.uuid4()))
    assert post(member, body).json()["id"] == post(member, body).json()["id"]
    assert Advert.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"role": "pilot"}, "role"),
        ({"slots": []}, "weekdays"),
        ({"slots": [{"weekday": 7, "time": "07:40"}]}, "slots.0.weekday"),
        ({"slots": [{"weekday": 1, "time": "17:00", "return_time": "07:00"}]},
         "slots.0.return_time"),
        ({"destination": {"municipality": RENNES}}, "destination"),
        ({"destination": {"municipality": "99999"}}, "destination"),
        ({"destination": {"municipality": "Vitré"}}, "destination.municipality"),
        ({"communities": ["inconnue"]}, "communities"),
        ({"comment": "x" * 1001}, "comment"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_field(
    member: StrictClient, changes: dict[str, Any], field: str
) -> None:
    answer = post(member, regular(**changes))
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Advert.objects.exists()


def test_a_community_by_its_slug(client_for: Callable[..., StrictClient], tenant: Tenant) -> None:
    account, community = make_account(), make_community(name="Ateliers du port")
    body = regular(communities=[community.slug])
    client = client_for(tenant, account)
    assert post(client, body).status_code == 400
    membership_join(account=account, community=community)
    assert post(client, body).json()["communities"] == [
        {"slug": community.slug, "name": "Ateliers du port"}
    ]


def test_visitors_read_and_do_not_publish(client: StrictClient) -> None:
    advert = make_advert()
    assert client.get(ADVERTS).json()["count"] == 1
    assert post(client, regular()).status_code in {401, 403}
    advert_pause(advert=advert)
    assert client.get(ADVERTS).json()["count"] == 0
    assert client.get(f"{ADVERTS}{advert.public_id}/").status_code == 404


def test_search(client: StrictClient) -> None:
    advert = make_advert()
    asked = f"{SEARCH}?origin={RENNES}&destination={VITRE}"
    told = client.get(f"{asked}&date={MONDAY}").json()
    assert (told["count"], told["radius"], told["widened"], told["moved"]) == (
        1,
        2000,
        False,
        False,
    )
    (ride,) = told["results"]
    assert ride["advert"]["id"] == str(advert.public_id)
    assert (ride["date"], ride["time"], ride["backwards"]) == (str(MONDAY), "07:40:00", False)
    assert (ride["detour"], ride["walk_before"], ride["cost"]) == (0, 0, 0)

    back = f"{SEARCH}?origin={VITRE}&destination={RENNES}&regular=1"
    told = client.get(f"{back}&weekdays=0,1,5").json()
    assert told["date"] is None
    assert told["results"][0]["weekdays"] == [0, 1]
    assert told["results"][0]["backwards"] is True
    assert client.get(f"{back}&weekdays=5,6").json()["count"] == 0
    assert client.get(f"{back}&time=17:00&margin=15").json()["count"] == 0
    assert client.get(f"{back}&time=17:00&margin=30").json()["count"] == 1


def test_pages_of_a_search_are_cut_from_one_order(client: StrictClient) -> None:
    for _ in range(5):
        make_advert(planning=weekly())
    asked = f"{SEARCH}?origin={RENNES}&destination={VITRE}&regular=true"
    everything = [one["advert"]["id"] for one in client.get(asked).json()["results"]]
    assert len(everything) == 5
    cut = [
        one["advert"]["id"]
        for page in (1, 2, 3)
        for one in client.get(f"{asked}&page_size=2&page={page}").json()["results"]
    ]
    assert cut == everything
    assert client.get(f"{asked}&page=99").json()["results"] == []


@pytest.mark.parametrize(
    ("parameters", "fields"),
    [
        ("", {"origin", "destination"}),
        (f"origin={RENNES}&destination=00000", {"destination"}),
        (f"origin={RENNES}&destination={RENNES}", {"destination"}),
        (f"origin={RENNES}&destination={VITRE}&date=2026-02-30", {"date"}),
        (f"origin={RENNES}&destination={VITRE}&date=2020-01-01", {"date"}),
        (f"origin={RENNES}&destination={VITRE}&regular=1&weekdays=7", {"weekdays"}),
        (f"origin={RENNES}&destination={VITRE}&seats=9", {"seats"}),
        (f"origin={RENNES}&destination={VITRE}&margin=7", {"margin"}),
        (f"origin={RENNES}&destination={VITRE}&page=0", {"page"}),
        ("origin=rennes&destination=vitre", {"origin", "destination"}),
    ],
)
def test_a_wrong_question_is_refused_by_field(
    client: StrictClient, parameters: str, fields: set[str]
) -> None:
    answer = client.get(f"{SEARCH}?{parameters}")
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == fields


# --- the whole advert --------------------------------------------------------------------------
def change(client: StrictClient, key: str, body: dict[str, Any]) -> Any:
    return client.patch(f"{ADVERTS}{key}/", body, content_type="application/json")


def test_stops_contribution_and_holidays_are_written_and_read(member: StrictClient) -> None:
    told = post(
        member,
        regular(
            stops=[{"municipality": CESSON, "detail": "Mairie"}],
            cents_per_km=10,
            school_holidays=False,
            wheelchair=True,
        ),
    ).json()
    assert [stop["label"] for stop in told["stops"]] == ["Cesson-Sévigné, Mairie"]
    assert (told["cents_per_km"], told["price_cents"] % 5) == (10, 0)
    assert told["price_cents"] > 400
    assert (told["school_holidays"], told["public_holidays"], told["wheelchair"]) == (
        False, True, True
    )  # fmt: skip


def test_what_is_not_sent_stays(member: StrictClient) -> None:
    own = {"municipality": RENNES, "detail": "Gare sud", "lat": 48.1, "lon": -1.67}
    told = post(
        member, regular(origin=own, stops=[{"municipality": CESSON}], comment="Bonjour")
    ).json()
    changed = change(member, told["id"], {"seats": 2}).json()
    assert changed == {**told, "seats": 2}
    advert = Advert.objects.get()
    assert (advert.origin_own_lat, advert.origin_own_lon) == (48.1, -1.67)
    changed = change(member, told["id"], {"stops": [], "slots": [{"weekday": 3, "time": "09:00"}]})
    assert changed.json()["stops"] == []
    assert [slot["weekday"] for slot in changed.json()["slots"]] == [3]
    once = {"kind": "one_off", "date": str(MONDAY), "time": "09:00"}
    assert change(member, told["id"], once).json()["slots"] == []
    assert change(member, told["id"], {"kind": "one_off", "date": None}).status_code == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"seats": 9}, "seats"),
        ({"cents_per_km": 51}, "cents_per_km"),
        ({"cents_per_km": -1}, "cents_per_km"),
        ({"destination": {"municipality": RENNES}}, "destination"),
        ({"destination": {"municipality": "00000"}}, "destination"),
        ({"stops": [{"municipality": VITRE}]}, "stops.0"),
        ({"stops": [{"municipality": "44109"}]}, "stops"),
        ({"slots": []}, "weekdays"),
        (
            {"slots": [{"weekday": 0, "time": "07:40", "return_time": "17:30"}] * 2},
            "slots.1.time",
        ),
        ({"valid_from": "2020-01-01"}, "valid_from"),
        ({"same_gender": True}, "same_gender"),
        ({"communities": ["nulle-part"]}, "communities"),
    ],
)
def test_bad_input_is_refused_the_same_when_published_and_when_changed(
    member: StrictClient, body: dict[str, Any], field: str
) -> None:
    refused = post(member, regular(**body))
    assert refused.status_code == 400, refused.content
    assert field in refused.content.decode()
    key = post(member, regular()).json()["id"]
    before = member.get(f"{ADVERTS}{key}/").json()
    refused = change(member, key, body)
    assert refused.status_code == 400, refused.content
    assert field in refused.content.decode()
    assert member.get(f"{ADVERTS}{key}/").json() == before


def test_one_deletes_ones_own_advert_only(
    member: StrictClient, client_for: Callable[..., StrictClient], tenant: Tenant
) -> None:
    key = post(member, regular()).json()["id"]
    stranger = client_for(tenant, make_account())
    assert stranger.delete(f"{ADVERTS}{key}/").status_code == 404
    assert change(stranger, key, {"seats": 1}).status_code == 404
    assert member.delete(f"{ADVERTS}{key}/").status_code == 204
    assert member.get(f"{ADVERTS}{key}/").status_code == 404
    assert change(member, key, {"seats": 1}).status_code == 404

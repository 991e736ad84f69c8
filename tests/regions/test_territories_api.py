"""Municipalities and contours over HTTP: open to all, the same for all, kept by browsers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest

from regions.territories import dataset
from tests.client import StrictClient
from tests.conftest import Twins

SEARCH = "/api/v1/municipalities/"
COUNTRY = "/communes/contours/departements/france.json"


def test_search_by_typing(client: StrictClient) -> None:
    response = client.get(SEARCH, {"q": "st mal", "limit": 3})
    assert response.status_code == 200
    found = response.json()["results"]
    assert [one["label"] for one in found] == [
        "Saint-Malo (35)",
        "Saint-Malo-de-Guersac (44)",
        "Saint-Malô-du-Bois (85)",
    ]
    assert found[0] == {
        "code": "35288",
        "name": "Saint-Malo",
        "label": "Saint-Malo (35)",
        "departement": "35",
        "region": "53",
        "intercommunality_code": "243500782",
        "intercommunality_name": found[0]["intercommunality_name"],
        "postal_codes": ["35400"],
        "population": found[0]["population"],
        "lat": pytest.approx(48.64, abs=0.02),
        "lon": pytest.approx(-1.98, abs=0.03),
    }


def test_search_stays_in_regions(client: StrictClient) -> None:
    both = client.get(SEARCH, {"q": "saint", "region": "53, 52", "limit": 50}).json()["results"]
    assert {one["region"] for one in both} == {"52", "53"}
    assert client.get(SEARCH, {"q": "rennes", "region": "32"}).json() == {"results": []}
    assert client.get(SEARCH, {"q": "rennes", "region": ","}).json()["results"]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "%"}, {"q": "zzzz"}])
def test_nothing_found_is_an_empty_list(client: StrictClient, query: dict[str, str]) -> None:
    assert client.get(SEARCH, query).json() == {"results": []}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "x" * 101}, "q"),
        ({"limit": "0"}, "limit"),
        ({"limit": "51"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"q": "\x00"}, "q"),
    ],
)
def test_wrong_questions_are_named(client: StrictClient, query: dict[str, str], field: str) -> None:
    response = client.get(SEARCH, query)
    assert response.status_code == 400
    assert set(response.json()["fields"]) == {field}


def test_one_municipality(client: StrictClient) -> None:
    assert client.get(f"{SEARCH}35238/").json()["label"] == "Rennes (35)"
    assert client.get(f"{SEARCH}98818/").json()["lat"] is None
    for wrong in ("99999", "x", "35238%00"):
        response = client.get(f"{SEARCH}{wrong}/")
        assert response.status_code == 404
        assert response.json()["code"] == "not_found"


@pytest.mark.parametrize("path", [f"{SEARCH}?q=ren", f"{SEARCH}35238/"])
def test_anybody_may_ask_and_keep_the_answer(client: StrictClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=86400"}
    assert not response.cookies
    assert client.post(path).status_code == 405


def test_the_answer_is_the_same_in_every_region(
    client_for: Callable[..., StrictClient], twins: Twins
) -> None:
    answers = [client_for(tenant).get(f"{SEARCH}?q=lille").content for tenant in twins]
    assert answers[0] == answers[1]


def test_the_description_tells_of_both(client: StrictClient) -> None:
    described = client.get("/api/v1/schema/", {"format": "json"}).json()
    search = described["paths"]["/api/v1/municipalities/"]["get"]
    assert {one["name"] for one in search["parameters"]} == {"q", "region", "limit"}
    assert "/api/v1/municipalities/{code}/" in described["paths"]


@pytest.mark.parametrize("path", [COUNTRY, "/communes/contours/communes/35.json"])
def test_contours_are_sent_compressed_and_kept_for_a_year(client: StrictClient, path: str) -> None:
    response = client.get(f"{path}?v={dataset.VERSION}", headers={"accept-encoding": "br, gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 60_000
    assert json.loads(gzip.decompress(response.content))["perDegree"] > 0
    directives = set(response["Cache-Control"].split(", "))
    assert directives == {"public", "max-age=31536000", "immutable"}
    assert "Accept-Encoding" in response["Vary"]
    assert not response.cookies


def test_contours_without_the_release_or_compression(client: StrictClient) -> None:
    response = client.get(COUNTRY)
    assert response.json()["departements"][0][1] == "Ain"
    assert "Content-Encoding" not in response
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=86400"}
    old = client.get(f"{COUNTRY}?v=older")
    assert "immutable" not in old["Cache-Control"]


def test_contours_that_are_there_already_are_not_sent_again(client: StrictClient) -> None:
    first = client.get(COUNTRY)
    second = client.get(COUNTRY, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 304
    assert second.content == b""


@pytest.mark.parametrize(
    "path", ["communes/00", "communes/france", "departements/35", "about/about", "data/x"]
)
def test_other_contours_do_not_exist(client: StrictClient, path: str) -> None:
    assert client.get(f"/communes/contours/{path}.json").status_code == 404
    assert client.post(COUNTRY).status_code == 405

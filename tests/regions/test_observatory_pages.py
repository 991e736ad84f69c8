"""The observatory's pages, files and API: what is published, for everybody, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest
from arro3.io import read_parquet
from shapely.geometry import Polygon, shape
from shapely.ops import unary_union

from core.shell.humanise import NBSP
from regions.agreements.services import agreement_suspend
from regions.observatory import charts, words
from regions.observatory.classes import bounds_words, class_of, classes
from regions.observatory.queries import definitions
from regions.projection.services import region_project
from regions.statistics.catalogue import Unit
from regions.statistics.services import months_release
from regions.territories.areas import contours_of, intercommunality_contours
from regions.territories.queries import intercommunality_codes
from regions.territories.still import HEIGHT, INSET, Outline, named, still
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import administrator, agree
from tests.regions.test_observatory import OCTOBER, TODAY, fill, people, ride

PLATFORM = "platform.localhost"
N = words.NARROW


def published(tenant: Tenant, *codes: str, few: str = "") -> None:
    """October of nine people of each town; of five of another one, who must not be seen."""
    with tenant_scope(tenant):
        for code in codes:
            fill(code)
        if few:
            crowd = people(few, 5)
            for number, passenger in enumerate(crowd[1:]):
                ride(crowd[0], passenger, few, dt.date(2026, 10, 12 + number), metres=9_000)
        months_release(today=TODAY, since=OCTOBER)
    region_project(tenant)


def read(client: StrictClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return b"".join(answer) if answer.streaming else answer.content


def test_what_may_not_be_told_is_told_nowhere(twins: Twins, _database: None) -> None:
    """Four rides of five people: no page, file or answer has them, by area or by class."""
    published(twins.a, "35238", "56260", few="29019")
    client = StrictClient("alpha.localhost")
    query = "?measure=journeys&level=municipality"
    page = read(client, "/observatoire/").decode()
    assert f"&lt;{N}6" in page
    assert '<td class="num">6</td>' in page  # six rides of nine people of Rennes
    assert "Finistère, Morbihan." in page  # Vannes is held back, or the whole would give Brest away
    rows = list(
        csv.reader(
            io.StringIO(read(client, f"/observatoire/donnees.csv{query}").decode("utf-8-sig")),
            delimiter=";",
        )
    )
    head = next(number for number, row in enumerate(rows) if row[0] == "region")
    told = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
    said = {row[0]: row[1] for row in rows[:head]}
    assert said["# licence"].startswith("Licence Ouverte 2.0")
    assert said["# made_on"] == dt.date.today().isoformat()
    assert "# journeys" in said
    whole = json.loads(read(client, f"/observatoire/donnees.json{query}"))
    assert {one["measure"] for one in whole["measures"]} >= {"journeys", "co2", "registered"}
    assert all(one["definition"] and one["unit"] for one in whole["measures"])
    packed = read_parquet(
        io.BytesIO(read(client, f"/observatoire/donnees.parquet{query}"))
    ).read_all()
    assert packed.schema.metadata_str["licence"] == said["# licence"]
    columns = {name: packed[name].to_pylist() for name in packed.schema.names}
    # The three files hold the same rows.
    assert len(told) == len(whole["figures"]) == packed.num_rows > 500
    for number, (row, one) in enumerate(zip(told, whole["figures"], strict=True)):
        value = columns["value"][number]
        assert one["value"] == value
        assert row["value"] == (
            "" if value is None else f"{value:g}" if value % 1 else str(int(value))
        )
        assert (row["suppressed"] == "true") == one["suppressed"] == (value is None)
        assert row["area_code"] == one["area_code"] == columns["area_code"][number]
        assert f"{columns['month'][number]:%Y-%m}" == row["month"] == one["month"]
    figures = {
        (one["measure"], one["area"], one["area_code"]): one["value"]
        for one in whole["figures"]
        if one["month"] == "2026-10"
    }
    api = json.loads(
        read(
            client,
            "/api/v1/observatory/figures/?measure=journeys&area=municipality&first=2026-10&page_size=100&code=29019",
        )
    )
    assert [(one["value"], one["suppressed"]) for one in api["results"]] == [(None, True)]
    assert figures["journeys", "municipality", "29019"] is None
    assert figures["journeys", "municipality", "35238"] == 6
    drawn = json.loads(read(client, "/observatoire/carte.json"))
    by_name = {one["properties"]["title"]: one["properties"] for one in drawn["features"]}
    assert by_name["Finistère"]["kind"] == "masked"
    assert f"<{N}6" in by_name["Finistère"]["text"]
    # The picture that is there without script says the same.
    assert 'area--masked" fill-rule="evenodd"' in page
    assert f"Finistère – Trajets effectués{NBSP}: &lt;{N}6</title>" in page
    assert f"Ille-et-Vilaine – Trajets effectués{NBSP}: 6</title>" in page
    # Nor by subtraction: what would give them away is held back with them.
    assert figures["journeys", "whole", ""] == 16
    assert figures["journeys", "municipality", "56260"] is None
    assert (
        figures["journeys", "distance", "0-10"] is figures["journeys", "distance", "10-20"] is None
    )


def test_a_region_shows_its_own_and_the_platform_those_that_agreed(
    twins: Twins, _database: None
) -> None:
    published(twins.a, "35238")
    published(twins.b, "59350")
    own, platform = StrictClient("alpha.localhost"), StrictClient(PLATFORM)
    assert "Aucune région ne partage" in read(platform, "/observatoire/").decode()
    agreement = agree(twins.a, twins.b, pools=["statistics"], departments=[])
    for address in (
        "/observatoire/",
        "/observatoire/carte.json",
        "/observatoire/donnees.json",
        "/api/v1/observatory/",
        "/api/v1/observatory/figures/?measure=journeys&area=departement",
    ):
        here = read(own, address).decode()
        assert "beta" not in here and "Nord" not in here, address
        if address != "/observatoire/carte.json":
            assert "Nord" in (there := read(platform, address).decode()) or "beta" in there, address
    assert own.get("/observatoire/?region=beta").status_code == 200  # no such question here
    assert own.get("/observatoire/?territory=departement-59").status_code == 404
    assert own.get("/api/v1/observatory/figures/?measure=journeys&region=beta").status_code == 400
    page = read(platform, "/observatoire/").decode()
    assert "Région par région" in page and '<p class="kpi__value">12</p>' in page
    assert (
        '<td class="num">6</td>'
        in read(platform, "/observatoire/?region=beta&territory=departement-59").decode()
    )
    with tenant_scope(twins.b):
        agreement_suspend(agreement=agreement, actor=administrator(twins.b))
    assert "Aucune région ne partage" in read(platform, "/observatoire/").decode()
    assert platform.get("/observatoire/?region=beta").status_code == 200
    assert platform.get("/observatoire/donnees.csv").status_code == 404
    assert json.loads(read(platform, "/api/v1/observatory/"))["regions"] == []
    assert json.loads(read(platform, "/api/v1/observatory/figures/?measure=journeys"))["count"] == 0


def test_what_is_in_no_list_is_refused(twins: Twins, _database: None) -> None:
    client = StrictClient("alpha.localhost")
    assert "Les premiers chiffres arrivent" in read(client, "/observatoire/").decode()
    published(twins.a, "35238")
    for query in (
        "measure=people",
        "month=2019-01",
        "month=x",
        "length=1",
        "level=municipality",
        "territory=municipality-35238",
        "territory=departement-59",
        "territory=' OR 1",
    ):
        for address in ("/observatoire/", "/observatoire/carte.json"):
            assert client.get(f"{address}?{query}").status_code == 404, query
    assert client.get("/observatoire/donnees.csv?length=1").status_code == 404
    assert client.get("/observatoire/donnees.xml").status_code == 404
    for query in (
        "",
        "measure=people",
        "measure=journeys&area=street",
        "measure=journeys&first=2026-13",
        "measure=registered&area=hour",
        "measure=registered&grain=day",
        "measure=journeys&first=2019-01&last=2026-10",
    ):
        answer = client.get(f"/api/v1/observatory/figures/?{query}")
        assert answer.status_code == 400 and answer.json()["fields"], query


def test_reading_asks_a_constant_number_of_times(
    twins: Twins, _database: None, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    published(twins.a, "35238")
    client = StrictClient("alpha.localhost")
    for query in ("", "?level=intercommunality&length=24&territory=departement-35"):
        # The look and the profile, remembered for seconds; the outlines, for a day.
        client.get(f"/observatoire/{query}")
        with django_assert_max_num_queries(11):
            client.get(f"/observatoire/{query}")


def test_programs_ask_again_for_nothing_and_page_by_page(
    twins: Twins, _database: None, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    published(twins.a, "35238")
    client = StrictClient("alpha.localhost")
    address = "/api/v1/observatory/figures/?measure=distance&area=municipality&page_size=100"
    first = client.get(address)
    assert "max-age=60" in first["Cache-Control"]
    body = first.json()
    seen = [one["code"] for one in body["results"]]
    with django_assert_max_num_queries(15):
        found = client.get(f"{address}&page=7").json()
    pages = -(-body["count"] // 100)
    last = client.get(f"{address}&page={pages}").json()
    assert (found["count"], len(found["results"]), last["next"]) == (body["count"], 100, None)
    assert 1 <= len(last["results"]) <= 100
    assert not {one["code"] for one in found["results"]} & set(seen)
    assert client.get(f"{address}&page={pages + 1}").status_code == 404
    with django_assert_max_num_queries(3):
        again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for other in (f"{address}&first=2026-10", f"{address}&page=2"):
        assert client.get(other, headers={"if-none-match": first["ETag"]}).status_code == 200
    with tenant_scope(twins.a):
        ride(*people("35238", 2), "35238", dt.date(2026, 9, 7))
        months_release(today=TODAY, since=dt.date(2026, 9, 1))
    region_project(twins.a)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_who_asks_too_often_waits(twins: Twins, _database: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "figures": "2/m/ip",
        "figures_file": "1/m/ip",
    }
    published(twins.a, "35238")
    client = StrictClient("alpha.localhost")
    address = "/api/v1/observatory/figures/?measure=journeys"
    known = client.get(address)["ETag"]
    assert client.get(address).status_code == 200
    refused = client.get(address)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert client.get(address, headers={"if-none-match": known}).status_code == 304
    assert b"journeys" in read(client, "/observatoire/donnees.csv")
    assert client.get("/observatoire/donnees.csv").status_code == 429


def test_every_figure_has_its_definition_and_every_chart_its_table(
    twins: Twins, _database: None
) -> None:
    published(twins.a, "35238")
    client = StrictClient("alpha.localhost")
    page = read(client, "/observatoire/").decode()
    meanings = read(client, "/observatoire/definitions/").decode()
    for one in json.loads(read(client, "/api/v1/observatory/"))["measures"]:
        assert f'id="{one["measure"]}"' in meanings
        assert page.count(f"measure={one['measure']}&") >= 1
    assert page.count('<svg class="chart__drawing"') == 4
    assert page.count("<table") == 5
    assert page.count("</title>") == 1 + 4 + 4 and page.count("<desc") == 4


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        (Unit.COUNT, 1234, f"1{N}234"),
        (Unit.PEOPLE, 12_345_670, f"12{N}345{N}670"),
        (Unit.METRES, 72_000, f"72,0{NBSP}km"),
        (Unit.METRES, 1_234_567_000, f"1{N}234{N}567{NBSP}km"),
        (Unit.GRAMS, 14_040, f"14{NBSP}kg de CO₂"),
        (Unit.GRAMS, 12_540_000, f"12,5{NBSP}t de CO₂"),
        (Unit.RATE, 2.04, f"2,04{NBSP}personnes par voiture"),
        (Unit.COUNT, None, f"<{N}6"),
    ],
)
def test_figures_are_written_in_french(unit: Unit, value: float | None, said: str) -> None:
    assert words.scale(unit, [value]).words(value) == said


def test_changes_are_written_in_french_and_not_where_there_is_too_little(tenant: Tenant) -> None:
    of = {one.code: one for one in definitions()}
    assert words.change(1125, 1000, of=of["journeys"]) == words.Change(f"+12,5{N}%", "up")
    assert words.change(900, 1000, of=of["journeys"]) == words.Change(f"−10,0{N}%", "down")
    # Rounded to tens: no tenths of a percent.
    assert words.change(1120, 1000, of=of["registered"]) == words.Change(f"+12{N}%", "up")
    assert words.change(2.2, 2, of=of["occupation"]) == words.Change(f"+10,0{N}%", "up")
    nothing = words.Change("", "")
    for now, before, measure in (
        (19, 30, "journeys"),
        (0, 40, "journeys"),
        (1764, 82, "journeys"),
        (40, 30, "new_drivers"),
        (19_600_000, 800_000, "co2"),
        (5, 0, "distance"),
    ):
        assert words.change(now, before, of=of[measure]) == nothing, measure
    assert words.change(None, 1000, of=of["journeys"]) is None
    assert words.change(5, None, of=of["journeys"]) is None
    assert words.number(-1234.5, 1) == f"−1{N}234,5"


def test_a_chart_breaks_where_nothing_may_be_told() -> None:
    scale = words.scale(Unit.COUNT, [40.0])
    drawn = charts.curve(
        title="",
        description="",
        scale=scale,
        labels=["", "", "", ""],
        series=[("", [10, None, 40, 20])],
    )
    assert drawn.series[0].path == "M12.5 75.0M62.5 0.0L87.5 50.0"
    assert drawn.ground.labels == ["40", "30", "20", "10", "0"]


def test_a_map_has_at_most_five_classes_of_round_figures() -> None:
    scale = words.scale(Unit.COUNT, [1])
    bounds = classes([12, 57, 101, 118, 233, 480, 1022, 1555, 2890, 9120], scale)
    assert bounds == [100, 230, 1000, 2800]
    assert [class_of(value, bounds) for value in (12, 100, 229, 9120)] == [1, 2, 2, 5]
    assert bounds_words(bounds, scale)[1] == "de 100 à moins de 230"
    assert classes([7, 7, 7], scale) == classes([], scale) == []


def test_what_lies_overseas_is_drawn_beside_and_names_do_not_meet() -> None:
    def square(west: float, south: float, side: float = 1.0) -> dict[str, Any]:
        ring = [[west, south], [west + side, south], [west + side, south + side], [west, south]]
        return {"type": "MultiPolygon", "coordinates": [[ring]]}

    drawn = still({"35": square(-2, 48), "974": square(55, -21), "971": square(-61, 16)})
    assert [one.code for one in drawn.outlines] == ["35", "974", "971"]
    home, *far = drawn.outlines
    assert drawn.height <= HEIGHT + INSET and home.y < drawn.height - INSET < far[0].y
    assert far[0].x < INSET < far[1].x
    assert len(still({"974": square(55, -21)}).outlines) == 1
    assert still({}).outlines == []
    close = [Outline("01", "", 300, 300), Outline("02", "", 340, 305), Outline("03", "", 340, 340)]
    names = {"01": "Ille-et-Vilaine", "02": "Mayenne", "03": "Sarthe"}
    assert [name for name, _one in named(close, names)] == ["Ille-et-Vilaine", "Sarthe"]


def test_an_intercommunality_is_drawn_as_the_union_of_its_municipalities(tenant: Tenant) -> None:
    drawn = intercommunality_contours(["53"])
    for siren in ("243500139", "200067932"):  # Rennes Métropole; Vannes, with its islands
        parts = contours_of(intercommunality_codes(siren))
        whole = unary_union([shape(part).buffer(0) for part in parts.values()])
        rings = [Polygon(ring).buffer(0) for ring in drawn[siren]["coordinates"][0]]
        painted = reduce(lambda one, other: one.symmetric_difference(other), rings)
        assert painted.symmetric_difference(whole).area < whole.area / 1000

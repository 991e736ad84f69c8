"""The platform's observatory: regions together, each as far as agreements let it be told."""

from __future__ import annotations

import datetime as dt
import json

from core.shell.humanise import NBSP
from regions.observatory import words
from regions.observatory.queries import definitions
from regions.projection.services import region_project
from regions.statistics.services import months_release
from tenants.context import tenant_scope
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import agree
from tests.regions.test_observatory import OCTOBER
from tests.regions.test_observatory_pages import PLATFORM, published, read

N = words.NARROW


def test_the_platform_says_what_a_bound_agreement_covers_and_shows_that_alone(
    twins: Twins, _database: None
) -> None:
    published(twins.a, "35238", "22278")
    published(twins.b, "59350", "62041")
    agree(twins.a, twins.b, pools=["statistics"], departments=["35", "59", "62"])
    client = StrictClient(PLATFORM)
    page = read(client, "/observatoire/").decode()
    assert f"Alpha{NBSP}: données de 1 département sur 4 (Ille-et-Vilaine)" in page
    assert f"Beta{NBSP}: données de 2 départements sur 5 (Nord, Pas-de-Calais)" in page
    # Six rides in each of the three départements; of Alpha's other one, nothing anywhere.
    assert '<p class="kpi__value">18</p>' in page
    assert "Côtes-d" not in page and "Régions" not in page
    assert page.count('<svg class="chart__drawing"') == 2, "hours are of whole regions"
    rows = {("Alpha", "6"), ("Beta", "12")}
    for name, value in rows:
        assert f'<th scope="row">{name}</th><td class="num">{value}</td>' in page
    one = read(client, "/observatoire/?region=alpha").decode()
    assert '<p class="kpi__value">6</p>' in one and "données de 1 département" in one
    for territory in ("departement-22", "administrative-53", "intercommunality-200065928"):
        asked = f"/observatoire/?region=alpha&territory={territory}"
        assert client.get(asked).status_code == 404, territory
    assert client.get("/observatoire/?region=alpha&territory=departement-35").status_code == 200
    told = json.loads(read(client, "/observatoire/donnees.json?measure=distance"))
    assert "2 départements sur 5" in told["coverage"]
    figures = {
        (row["area"], row["area_code"], row["measure"]): row["value"]
        for row in told["figures"]
        if row["month"] == "2026-10"
    }
    assert figures["departement", "35", "journeys"] == 6
    assert {key[1] for key in figures} == {"35", "59", "62"}
    assert len(figures) == 3 * len(definitions())
    catalogue = json.loads(read(client, "/api/v1/observatory/"))
    assert [one["departments"] for one in catalogue["regions"]] == [["35"], ["59", "62"]]
    figures_of = "/api/v1/observatory/figures/?measure=journeys&area="
    assert json.loads(read(client, f"{figures_of}whole"))["count"] == 0
    assert json.loads(read(client, f"{figures_of}departement"))["count"] == 3
    # Its own host is bound by nothing.
    own = read(StrictClient("alpha.localhost"), "/observatoire/").decode()
    assert "données de" not in own and '<p class="kpi__value">12</p>' in own


def test_months_that_some_regions_have_published_pass_for_no_total(
    twins: Twins, _database: None
) -> None:
    published(twins.a, "35238")
    published(twins.b, "59350")
    agree(twins.a, twins.b, pools=["statistics"])
    with tenant_scope(twins.a):
        months_release(today=dt.date(2026, 12, 20), since=OCTOBER)
    region_project(twins.a)
    client = StrictClient(PLATFORM)
    page = read(client, "/observatoire/").decode()
    assert '<option value="2026-10" selected>' in page, "the last month of all of them"
    assert "rien de publié" not in page and "pas les mêmes territoires" not in page
    page = read(client, "/observatoire/?month=2026-11").decode()
    assert f"Sans Beta{NBSP}: rien de publié pour ce mois." in page
    assert "pas les mêmes territoires le mois d’avant" in page
    alone = read(client, "/observatoire/?month=2026-11&region=alpha").decode()
    assert "rien de publié" not in alone and "pas les mêmes territoires" not in alone


def test_a_sum_that_leaves_a_part_out_says_so(twins: Twins, _database: None) -> None:
    """Alpha may not tell how far its rides went: the sum of both is Beta's alone."""
    published(twins.a, "35238", "56260", few="29019")
    published(twins.b, "59350")
    agree(twins.a, twins.b, pools=["statistics"])
    client = StrictClient(PLATFORM)
    page = read(client, "/observatoire/").decode().replace(NBSP, " ").replace(N, " ")
    assert '<th scope="row">de 10 à 20 km</th><td class="num">au moins 6</td>' in page
    assert "Le plus : au moins 6 (de 10 à 20 km)" in page
    assert "chart__column--partial" in page
    assert "« au moins », « en partie » : une part du total n’est pas publiée" in page
    assert "« < 6 » : moins de 6 personnes, ou non publiable." in page.replace("&lt;", "<")
    # Both tell their hours: what is whole is not marked.
    assert '<th scope="row">de 8 h à 9 h</th><td class="num">22</td>' in page
    assert '<p class="kpi__value">22</p>' in page
    alone = read(client, "/observatoire/?region=beta").decode()
    assert f"au moins{NBSP}" not in alone and "chart__column--partial" not in alone


def test_the_map_shows_the_areas_of_the_territory_or_says_why_not(
    twins: Twins, _database: None
) -> None:
    published(twins.a, "35238", "22278")
    published(twins.b, "59350")
    agree(twins.a, twins.b, pools=["statistics"])
    client = StrictClient(PLATFORM)
    query = "territory=departement-35&level=intercommunality"
    page = read(client, f"/observatoire/?{query}").decode()
    assert '<th scope="row">Rennes Métropole</th><td class="num">6</td>' in page
    assert "par intercommunalité, octobre 2026 (Ille-et-Vilaine)" in page
    assert "Une intercommunalité qui dépasse du département" in page
    drawn = json.loads(read(client, f"/observatoire/carte.json?{query}"))["features"]
    names = {one["properties"]["title"] for one in drawn}
    assert "Rennes Métropole" in names and 10 < len(names) < 30
    told = json.loads(read(client, f"/observatoire/donnees.json?{query}"))["figures"]
    areas = {(row["region"], row["area"]) for row in told if row["area"] == "intercommunality"}
    assert areas == {("alpha", "intercommunality")}
    page = read(client, "/observatoire/?level=intercommunality").decode()
    assert "Pour voir les intercommunalités, choisissez une région" in page
    page = read(client, "/observatoire/?territory=departement-35").decode()
    assert "montrent toute la région Alpha" in page and "Nord</th>" not in page

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
    assert "rien de publié" not in page and "pas les mêmes régions" not in page
    page = read(client, "/observatoire/?month=2026-11").decode()
    assert f"Sans Beta{NBSP}: rien de publié pour ce mois." in page
    assert "pas les mêmes régions le mois d’avant" in page
    alone = read(client, "/observatoire/?month=2026-11&region=alpha").decode()
    assert "rien de publié" not in alone and "pas les mêmes régions" not in alone

"""Lists of the console: what the address says is what shows, and what a file holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from core.accounts.models import Account
from core.shell.exports import file_of, harmless
from core.shell.tables import Column, Filter, Table
from tenants.models import Tenant
from tests.factories import make_account

TABLE: Table[Account] = Table(
    name="people",
    caption="Personnes",
    columns=(
        Column("first", "Prénom", value=lambda a: a.first_name, sort=("first_name",), fixed=True),
        Column("last", "Nom", value=lambda a: a.last_name, sort=("last_name",), header=True),
        Column("since", "Depuis", value=lambda a: a.created_at, kind="day"),
        Column("active", "Actif", value=lambda a: a.is_active, kind="yesno", usual=False),
        Column("number", "Nombre", value=lambda a: 1234, kind="number", usual=False),
    ),
    filters=(
        Filter(
            "actif",
            "État",
            choices=lambda: [("oui", "En service"), ("non", "Suspendu")],
            apply=lambda rows, value: rows.filter(is_active=value == "oui"),
        ),
    ),
    search=lambda rows, text: rows.filter(last_name__icontains=text),
    search_label="Chercher",
    order=("pk",),
    selectable=True,
)


@pytest.fixture
def view(tenant: Tenant) -> Any:
    def ask(query: str = "") -> Any:
        with translation.override("fr"):
            return TABLE.view(RequestFactory().get(f"/x/?{query}"), Account.objects.all())

    return ask


def names(view: Any) -> list[str]:
    return [line.row.last_name for line in view.lines if line.row.last_name != ""]


def test_the_address_sorts_searches_filters_and_turns_pages(view: Callable[..., Any]) -> None:
    for last_name, active in (("Bihan", True), ("Abgrall", True), ("Cozic", False)):
        make_account(last_name=last_name, is_active=active)
    assert names(view("tri=last"))[:3] == ["Abgrall", "Bihan", "Cozic"]
    assert names(view("tri=-last"))[:3] == ["Cozic", "Bihan", "Abgrall"]
    asked = view("q=oz&actif=non")
    assert names(asked) == ["Cozic"]
    assert [(chip.label, chip.url) for chip in asked.chips] == [
        ("« oz »", "?actif=non"),
        ("État\u00a0: Suspendu", "?q=oz"),
    ]
    assert [len(view(f"lignes={n}").lines) for n in ("10", "9", "zz")] == [4, 4, 4]
    head = view("tri=last&page=3").heads[1]
    assert (head.url, head.order) == ("?tri=-last", "ascending")


def test_columns_are_chosen_and_some_always_stay(view: Callable[..., Any]) -> None:
    assert [head.label for head in view().heads] == ["Prénom", "Nom", "Depuis"]
    asked = view("col=active&col=number&col=nothing")
    assert [head.label for head in asked.heads] == ["Prénom", "Actif", "Nombre"]
    make_account()
    assert [cell.text for cell in view("col=active&col=number").lines[-1].cells] == [
        "Camille",
        "Oui",
        "1\u00a0234",
    ]


@pytest.mark.parametrize("query", ["q=%00", "tri=pk&page=-1", "tri=--last", "actif=%27", "col=%00"])
def test_odd_addresses_get_a_list(view: Callable[..., Any], query: str) -> None:
    assert view(query).heads


def test_the_page_reads_without_a_script(view: Callable[..., Any]) -> None:
    make_account(last_name="<b>Bihan</b>")
    request = RequestFactory().get("/x/")
    shown = {"table": view(), "bulk": "", "request": request}
    with translation.override("fr"):
        page = render_to_string("components/table.html", shown)
    assert "&lt;b&gt;Bihan" in page and "<b>Bihan" not in page
    assert 'role="region"' in page and "Afficher ces colonnes" in page


def test_more_rows_make_no_more_queries(view: Callable[..., Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            view()
        return len(captured)

    make_account()
    few = count()
    for _ in range(20):
        make_account()
    assert count() == few


def _file(query: str) -> bytes:
    request = RequestFactory().get(f"/x/?{query}")
    with translation.override("fr"):
        response = file_of(
            TABLE, request, Account.objects.all(), prepare=lambda rows: None, name="Les gens"
        )
    assert "les-gens-" in response["Content-Disposition"]
    content = b"".join(response)  # type: ignore[arg-type]
    response.file_to_stream.close()  # type: ignore[union-attr]
    return content


def test_a_file_holds_the_filtered_list_and_no_formula(tenant: Tenant) -> None:
    evil = '=HYPERLINK("http://x")'
    make_account(first_name=evil, last_name="Bihan")
    make_account(last_name="Cozic")
    asked = "q=Bihan&col=last&col=number&format="
    text = _file(asked + "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows == [["Prénom", "Nom", "Nombre"], [f"'{evil}", "Bihan", "1234"]]
    sheet = load_workbook(io.BytesIO(_file(asked + "xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Prénom", "Nom", "Nombre"],
        [evil, "Bihan", 1234],
    ]
    assert sheet["A2"].data_type == "s"
    with pytest.raises(Http404):
        _file("format=exe")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_what_begins_like_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"

"""Columns that we do not know by their name are named by hand, and remembered."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import storages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communities.communities.ending import community_delete
from communities.communities.models import Community
from communities.imports import running, services
from communities.imports.columns import known_fields
from communities.imports.errors import ColumnsInvalidError
from communities.imports.invitations import unsent_send
from communities.imports.models import Import, Invitation
from core.accounts.models import Account
from tests.factories import make_account, make_community

pytestmark = pytest.mark.usefixtures("tenant")

OWN = "Agent;Joindre;Service\nZoé;zoe@example.org;Voirie\nYann;yann@example.org;Eau\n"


@pytest.fixture
def runner() -> Account:
    return make_account()


@pytest.fixture
def community(runner: Account) -> Community:
    return make_community(runner)


def begin(community: Community, by: Account, text: str = OWN) -> Import:
    return services.import_begin(
        kind="members", community=community, by=by, file_name="f.csv", content=text.encode()
    )


def test_columns_are_named_once_for_the_same_headings(
    client: Any, community: Community, runner: Account
) -> None:
    made = begin(community, runner)
    assert made.state == "columns" and not made.lines.exists()
    client.force_login(runner)
    page = f"/administration/communautes/import/{made.public_id}/"
    assert client.get(page)["Location"] == f"{page}colonnes/"
    shown = client.get(f"{page}colonnes/")
    html = shown.content.decode()
    assert "zoe@example.org · yann@example.org" in html and "Voirie · Eau" in html
    assert [one.value() for _column, one in shown.context["form"].lines()] == ["", "email", ""]
    # Twice the same, and no address: each is said where it is wrong.
    wrong = client.post(f"{page}colonnes/", {"headings": "1", "column-0": "last_name"})
    assert wrong.status_code == 422 and "adresse" in wrong.content.decode()
    twice = {"headings": "1", "column-0": "email", "column-1": "email", "column-2": "pape"}
    wrong = client.post(f"{page}colonnes/", twice)
    assert set(wrong.context["form"].errors) == {"column-2"}, "no choice of ours"
    wrong = client.post(f"{page}colonnes/", {**twice, "column-2": ""})
    assert set(wrong.context["form"].errors) == {"column-1"}
    right = {"headings": "1", "column-0": "last_name", "column-1": "email"}
    assert client.post(f"{page}colonnes/", right)["Location"] == page
    made.refresh_from_db()
    assert (made.state, made.total, made.verdicts) == ("ready", 2, {"new": 2})
    assert made.lines.get(number=2).last_name == "Zoé"
    again = begin(community, runner)
    assert again.state == "ready" and again.columns == made.columns, "remembered"
    assert begin(community, make_account()).state == "columns", "for who said it alone"
    # Said otherwise, the rows are read anew.
    assert client.get(page).status_code == 200
    services.import_columns_set(of=made, fields=["", "email"], named=False, by=runner)
    made.refresh_from_db()
    assert (made.total, made.verdicts) == (3, {"new": 2, "refused": 1})


def test_a_file_that_is_gone_is_said(client: Any, community: Community, runner: Account) -> None:
    made = begin(community, runner)
    storages["private"].delete(made.file)
    client.force_login(runner)
    page = client.get(f"/administration/communautes/import/{made.public_id}/colonnes/", follow=True)
    assert page.status_code == 200 and "envoyez-le à nouveau" in page.content.decode()


def test_a_title_above_the_table_hides_no_column(community: Community, runner: Account) -> None:
    made = begin(community, runner, "Agents de la ville\nNom;Adresse\nZoé;zoe@example.org\n")
    if made.separator != ";":
        made = services.import_read_again(of=made, encoding="utf-8", separator=";")
    assert made.columns == [["Agents de la ville", ""], ["", "email"]]


def test_a_community_that_is_deleted_meanwhile_is_left_alone(
    community: Community, runner: Account, monkeypatch: Any
) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    made = begin(community, runner, "Email\na@example.org\nb@example.org\n")
    services.import_start(of=made, mode="valid", by=runner)
    claimed = running._claim(made.pk)
    assert claimed is not None and running._chunk(claimed)
    community_delete(community=community, by=runner)
    with pytest.raises(running._Closed):
        running._chunk(claimed)
    made.refresh_from_db()
    assert made.done == Invitation.objects.count() == 1
    assert unsent_send() == 0, "nobody is invited to what is closed"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    # As many as rows have cells: by that ``core.sheets`` tells a row from a part of one.
    headings=st.lists(st.text("éA1 =,@", max_size=12), min_size=2, max_size=2),
    fields=st.lists(st.sampled_from(["", *known_fields("members"), "pape"]), max_size=9),
    bad=st.lists(st.text('éa1;,"|=\0@', max_size=30), max_size=6),
    named=st.booleans(),
)
def test_whatever_is_said_no_good_row_is_lost(
    headings: list[str],
    fields: list[str],
    bad: list[str],
    named: bool,
    community: Community,
    runner: Account,
) -> None:
    good = [f"Zoé;Le Goff;good{n}@example.org" for n in range(8)]
    lines = [";".join(["Titre", *headings]), *good]
    for place, line in enumerate(bad):
        lines.insert(1 + place * 2 % len(lines), line)
    made = begin(community, runner, "\n".join(lines))
    if made.separator != ";":
        made = services.import_read_again(of=made, encoding="utf-8", separator=";")
    try:
        made = services.import_columns_set(of=made, fields=fields, named=named, by=runner)
    except ColumnsInvalidError:
        made.refresh_from_db()
    said = ["", "last_name", "email"]
    made = services.import_columns_set(of=made, fields=said, named=True, by=runner)
    kept = made.lines.filter(verdict="new", last_name="Le Goff").values_list("email", flat=True)
    assert set(kept) >= {f"good{n}@example.org" for n in range(8)}

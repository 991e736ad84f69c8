"""Municipalities and EPCI that merge or split: what follows, what is kept, what is comparable."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from communities.communities.models import CommunityMunicipality
from core.accounts.models import RoleAssignment
from core.accounts.services import role_grant
from core.audit.queries import entries_of
from regions.territories.correspondence import comparable, correspondence
from regions.territories.models import Intercommunality, TerritoryChange
from regions.territories.moves import TerritoryError, territories_move
from regions.territories.queries import municipality_get
from tenants.context import platform_scope, tenant_scope
from tests.conftest import Twins
from tests.factories import make_account, make_community
from tests.rides.situations import make_advert

RENNES, CESSON, VERN = "35238", "35051", "35352"


def test_a_merger_moves_what_regions_keep_once_and_says_so_before(
    twins: Twins, _database: None
) -> None:
    with tenant_scope(twins.a):
        inside = make_community()
        around = make_community(kind="territory", municipalities=[CESSON, RENNES, VERN])
        lives = make_account(residence_code=RENNES)
        advert = make_advert()
        assert advert.origin_code == RENNES
    asked = ("municipality", f"{RENNES}:{CESSON}", "--since=2027-01-01", "--note=Arrêté")

    def state() -> tuple[str, list[str], str, str]:
        with tenant_scope(twins.a):
            for row in (inside, lives, advert):
                row.refresh_from_db()
            rows = CommunityMunicipality.objects.filter(community=around).order_by("pk")
            codes = list(rows.values_list("code", flat=True))
            return inside.municipality_code, codes, lives.residence_code, advert.origin_code

    def move(*more: str) -> list[str]:
        said = io.StringIO()
        call_command("move_territories", *asked, *more, stdout=said)
        return said.getvalue().splitlines()

    before = state()
    report = move("--dry-run")
    assert report[-1] == "4 rows would move"
    assert {"alpha: 2 communities", "alpha: 1 residences", "alpha: 1 adverts"} <= set(report)
    assert state() == before
    with platform_scope(reason="a test reads"):
        assert not TerritoryChange.objects.exists()
    assert move()[:-1] == report[:-1]
    assert state() == (CESSON, [CESSON, VERN], CESSON, CESSON)
    with tenant_scope(twins.a):
        (line,) = entries_of("community", inside.pk)
        assert line.action == "community.moved"
        assert line.changes["municipality_code"] == [RENNES, CESSON]
        # Regions read it, for their statistics.
        assert correspondence() == {RENNES: (CESSON,)}
    assert move() == ["0 rows moved"]
    with platform_scope(reason="a test reads"):
        assert TerritoryChange.objects.get().since == date(2027, 1, 1)


def test_of_a_split_municipality_each_goes_where_it_lies(twins: Twins, _database: None) -> None:
    parts = (CESSON, VERN)
    with tenant_scope(twins.a):
        near = []
        for code in parts:
            place = municipality_get(code)
            assert place is not None
            made = make_community()
            made.lat, made.lon = place.lat, place.lon
            made.save()
            near.append(made)
        around = make_community(kind="territory", municipalities=[RENNES])
    territories_move(
        kind="municipality", changes=[(RENNES, part) for part in parts], since=date(2027, 1, 1)
    )
    with tenant_scope(twins.a):
        for made, code in zip(near, parts, strict=True):
            made.refresh_from_db()
            assert made.municipality_code == code
        rows = CommunityMunicipality.objects.filter(community=around)
        assert set(rows.values_list("code", flat=True)) == set(parts), "it keeps its ground"


def test_a_role_within_an_epci_reaches_what_it_has_become(twins: Twins, _database: None) -> None:
    with tenant_scope(twins.a):
        old, new, other = Intercommunality.objects.values_list("code", flat=True)[:3]
        account = make_account()
        role_grant(account=account, role="community_manager", territories=[old, "35"])
    territories_move(
        kind="intercommunality", changes=[(old, new), (old, other)], since=date(2027, 1, 1)
    )
    with tenant_scope(twins.a):
        assert RoleAssignment.objects.get(account=account).territories == [new, other, "35"]


def test_what_was_counted_before_compares_with_what_is_counted_after(
    twins: Twins, _database: None
) -> None:
    with platform_scope(reason="a test writes"):
        for old, new, since in (
            ("A1", "B", date(2025, 1, 1)),
            ("A2", "B", date(2025, 1, 1)),
            ("B", "C", date(2026, 1, 1)),
            ("D", "D", date(2026, 1, 1)),
            ("D", "E", date(2026, 1, 1)),
        ):
            TerritoryChange.objects.create(
                kind="municipality", old_code=old, new_code=new, since=since
            )
        assert correspondence() == {"A1": ("C",), "A2": ("C",), "B": ("C",), "D": ("D", "E")}
        assert correspondence(on=date(2025, 6, 1)) == {"A1": ("B",), "A2": ("B",)}
        merged, split = frozenset({"A1", "A2", "B", "C"}), frozenset({"D", "E"})
        assert comparable(["A2", "C", "E", "Z"]) == {
            "A2": merged,
            "C": merged,
            "E": split,
            "Z": frozenset({"Z"}),
        }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([(RENNES, "99999")], "unknown_territory"),
        ([], "unknown_territory"),
        ([(RENNES, RENNES)], "same_territory"),
        ([(RENNES, CESSON), (CESSON, VERN)], "territory_circle"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    twins: Twins, _database: None, changes: list[tuple[str, str]], code: str
) -> None:
    with pytest.raises(TerritoryError) as error:
        territories_move(kind="municipality", changes=changes, since=date(2027, 1, 1))
    assert error.value.code == code
    with pytest.raises(CommandError, match="OLD:NEW"):
        call_command("move_territories", "municipality", "35238", "--since=2027-01-01")

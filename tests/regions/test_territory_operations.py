"""The platform's team moves territories: a correspondence, what would move, done, told."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone

from core.accounts.models import Account
from regions.statistics.facts import facts_recount
from regions.statistics.models import Area, Fact
from regions.territories import operations
from regions.territories.changes import TerritoryError, changes_read
from regions.territories.correspondence import comparable
from regions.territories.models import TerritoryChange, TerritoryMove
from regions.territories.queries import municipality_get
from rides.places.models import CarpoolPlace
from rides.search.alerts import alert_create
from rides.search.models import SavedSearch
from tenants.context import platform_scope, tenant_scope
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account
from tests.regions.test_observatory import ride

RENNES, CESSON, VERN = "35238", "35051", "35352"
SINCE = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True


@pytest.fixture
def operator(twins: Twins, _database: None) -> StrictClient:
    """Someone of the platform's team."""
    client = StrictClient("platform.localhost")
    with platform_scope(reason="a person of the platform"):
        client.force_login(make_account(is_platform_operator=True, first_name="Ariane"))
    return client


def place(code: str) -> Any:
    found = municipality_get(code)
    assert found is not None
    return found


def make_parking(code: str, near: str) -> CarpoolPlace:
    """A carpool place of a municipality's code, in the middle of another."""
    there = place(near)
    return CarpoolPlace.objects.create(
        key=f"{code}-C-001",
        name="Aire du Rond-Point",
        code=code,
        kind="Parking",
        dated=date(2026, 3, 1),
        lat=there.lat,
        lon=there.lon,
    )


def alert(account: Account, origin: str, destination: str) -> SavedSearch:
    return alert_create(
        account=account, origin=place(origin), destination=place(destination), asked={}
    )


def test_an_operator_sees_what_would_move_confirms_and_reads_what_moved(
    twins: Twins, operator: StrictClient
) -> None:
    with tenant_scope(twins.a):
        account = make_account(residence_code=RENNES)
        alert(account, RENNES, VERN)
        twin, lone = alert(account, CESSON, VERN), alert(make_account(), RENNES, VERN)
        parking = make_parking(RENNES, RENNES)
    file = SimpleUploadedFile("fusion.csv", f"ancien;nouveau\n{RENNES};{CESSON}\n".encode())
    asked = {"kind": "municipality", "since": "2027-01-01", "note": "Arrêté", "file": file}
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = operator.post("/territoires/", asked)
    assert answer.status_code == 302
    address = answer["Location"]
    page = operator.get(address).content.decode()
    for words in (
        "À confirmer",
        "Alertes des membres",
        "Lieux de covoiturage",
        "Alpha",
        "Arrêté",
        "Ariane",
        "Rennes <code>35238</code> → Cesson-Sévigné <code>35051</code>",
    ):
        assert words in page, words
    with tenant_scope(twins.a):
        parking.refresh_from_db()
        assert parking.code == RENNES, "nothing has moved"
    assert operator.get(f"{address}etat/").json() == {
        "state": "prepared",
        "busy": False,
        "done": 2,
        "total": 2,
    }
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert operator.post(f"{address}confirmer/").status_code == 302
    assert "Ce qui a été déplacé" in operator.get(address).content.decode()
    assert "Arrêté" in operator.get("/territoires/").content.decode(), "the journal"
    with tenant_scope(twins.a):
        parking.refresh_from_db()
        assert parking.code == CESSON
        # Two alerts that are the same question now are one; it searches around the new place.
        assert SavedSearch.objects.get(account=account).pk == twin.pk
        lone.refresh_from_db()
        assert (lone.origin_code, lone.north, lone.west) == (CESSON, twin.north, twin.west)
        assert alert(lone.account, CESSON, VERN).pk == lone.pk, "asked again, it is the same one"
    # Confirmed once: a second press says so and does nothing.
    page = operator.post(f"{address}confirmer/", follow=True).content.decode()
    assert "a déjà été confirmé ou abandonné" in page
    with platform_scope(reason="a test reads"):
        assert TerritoryMove.objects.get(public_id=address.split("/")[2]).state == "moved"
        assert TerritoryChange.objects.get().note == "Arrêté"


def test_a_split_asks_where_things_lie_and_a_lost_task_is_taken_up_again(
    twins: Twins, _database: None
) -> None:
    with tenant_scope(twins.a):
        parking = make_parking(RENNES, VERN)
        asks = alert(make_account(), RENNES, VERN)
    move = operations.move_plan(
        kind="municipality", changes=[(RENNES, RENNES), (RENNES, VERN)], since=SINCE
    )
    operations.move_prepare(move.public_id)
    other = operations.move_plan(kind="municipality", changes=[(CESSON, VERN)], since=SINCE)
    operations.move_prepare(other.public_id)
    with platform_scope(reason="a test reads"):
        move.refresh_from_db()
    assert not operations.can_resume(move)
    operations.move_confirm(move=move)
    with pytest.raises(TerritoryError) as error:
        operations.move_confirm(move=other)
    assert error.value.code == "territory_busy"
    with pytest.raises(TerritoryError) as error:
        operations.move_resume(move=move)
    assert error.value.code == "territory_settled", "its task may still be alive"
    with platform_scope(reason="time passes"):
        late = timezone.now() - timedelta(minutes=5)
        TerritoryMove.objects.filter(pk=move.pk).update(touched_at=late)
        move.refresh_from_db()
    with TestCase.captureOnCommitCallbacks(execute=True):
        operations.move_resume(move=move)
    with platform_scope(reason="a test reads"):
        move.refresh_from_db()
        assert (move.state, move.report) == ("moved", [["alpha", "places", 1]])
    with tenant_scope(twins.a):
        parking.refresh_from_db()
        asks.refresh_from_db()
        assert (parking.code, asks.origin_code) == (VERN, RENNES)
    operations.move_give_up(move=other)
    with platform_scope(reason="a test reads"):
        other.refresh_from_db()
        assert other.state == "given_up" and TerritoryChange.objects.count() == 2


def test_a_correspondence_that_cannot_be_is_refused_whole_with_a_reason_for_each_line(
    twins: Twins, operator: StrictClient
) -> None:
    operations.move_now(kind="municipality", changes=[(RENNES, CESSON)], since=SINCE)
    with platform_scope(reason="a test reads"):
        before = TerritoryMove.objects.count()
    lines = [
        f"{VERN};99999",
        f"{VERN};{VERN}",
        "35047;35024",
        "35047;35024",
        f"{RENNES};35024",
        f"{CESSON};35024",
    ]
    asked = {"kind": "municipality", "since": "2026-06-01", "lines": "\n".join(lines)}
    answer = operator.post("/territoires/", asked)
    page = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 422
    for words in (
        "Ligne 1 : le registre ne connaît aucun code 99999",
        "Ligne 4 : 35047 y est déjà envoyé par une ligne précédente",
        f"Ligne 5 : {RENNES} est déjà devenu {CESSON}",
        f"Ligne 6 : {CESSON} prendrait fin avant de commencer",
    ):
        assert words in page, words
    operator.post("/territoires/", {**asked, "lines": f"{VERN} -> {VERN}"})
    assert (
        "deviendrait"
        in operator.post("/territoires/", {**asked, "lines": f"{VERN} -> {VERN}"}).content.decode()
    )
    typed = {**asked, "lines": f"{VERN} {CESSON}\n35-1"}
    page = operator.post("/territoires/", typed).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Ligne 2 : « 35-1 » n’est pas un ancien code puis un nouveau" in page
    # Lines count as they were typed: a header and an empty one with them.
    typed = {**asked, "lines": f"old;new\n\n{VERN};99999"}
    page = operator.post("/territoires/", typed).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Ligne 3 : le registre ne connaît aucun code 99999" in page
    assert changes_read("old, new\n\n35001\t35002\n35003→35002") == [
        ("35001", "35002"),
        ("35003", "35002"),
    ]
    with platform_scope(reason="a test reads"):
        assert TerritoryMove.objects.count() == before, "refused whole"


@pytest.mark.parametrize("kind", ["merger", "split"])
def test_what_is_counted_compares_before_and_after(
    twins: Twins, _database: None, kind: str
) -> None:
    changes = [(RENNES, CESSON)] if kind == "merger" else [(RENNES, RENNES), (RENNES, VERN)]

    def counted(group: frozenset[str]) -> Counter[tuple[str, str, date]]:
        facts_recount()
        rows = Fact.objects.filter(kind=Area.MUNICIPALITY, grain="day", code__in=group)
        found: Counter[tuple[str, str, date]] = Counter()
        for source, amount, start, value in rows.values_list("source", "amount", "start", "value"):
            found[source, amount, start] += value
        return +found

    with tenant_scope(twins.a):
        people = [
            make_account(residence_code=code)
            for code in (RENNES, RENNES, CESSON, VERN, RENNES, CESSON)
        ]
        for number, town in enumerate((RENNES, CESSON, VERN, RENNES)):
            ride(people[number], people[number + 1], town, date(2026, 10, 2 + number))
        before = {code: counted(frozenset({code})) for code in (RENNES, CESSON, VERN)}
    operations.move_now(kind="municipality", changes=changes, since=SINCE)
    with tenant_scope(twins.a):
        codes = {code for pair in changes for code in pair}
        groups = comparable(codes)
        assert set(groups.values()) == {frozenset(codes)}, "one ground"
        after = counted(frozenset(codes))
        assert after == sum((before[code] for code in codes), Counter())
        assert after, "something was counted"
        if kind == "merger":
            assert not counted(frozenset({RENNES})), "nothing stays behind"

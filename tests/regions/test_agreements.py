"""Agreements: signed by all, suspended by any, the stricter terms hold, each sees its own."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from core.audit.models import AuditEntry
from regions.agreements import services
from regions.agreements.effects import EFFECTS, Effect
from regions.agreements.errors import AgreementError
from regions.agreements.models import Act, Agreement, Party
from regions.agreements.queries import Reach, agreements_of_region, overlaps, reach
from regions.agreements.tasks import turn_of_the_day
from tenants.context import current_tenant, platform_scope, registry_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import administrator, agree, terms

FIELDS = ["communities", "contribution", "wheelchair"]


@pytest.fixture
def pair(twins: Twins, _database: None) -> Twins:
    return twins


def shared(tenant: Tenant) -> list[Reach]:
    with tenant_scope(tenant):
        return reach("adverts")


def acted(tenant: Tenant, act: Callable[..., Agreement], agreement: Agreement, **said: Any) -> Any:
    with tenant_scope(tenant):
        return act(agreement=agreement, actor=administrator(tenant), **said)


def proposed(a: Tenant, b: Tenant, **said: Any) -> Agreement:
    with tenant_scope(a):
        return services.agreement_propose(
            actor=administrator(a), terms=terms(**said), partners=[b.slug]
        )


def test_it_holds_once_all_have_signed_and_no_longer_than_both_want(pair: Twins) -> None:
    a, b = pair
    with tenant_scope(a):
        made = services.agreement_propose(actor=administrator(a), terms=terms(), partners=[b.slug])
    assert shared(a) == shared(b) == []
    made = acted(b, services.agreement_sign, made, version=1)
    assert made.state == "in_force"
    assert shared(a) == [Reach(b.pk, FIELDS, None)]
    assert shared(b) == [Reach(a.pk, FIELDS, None)]
    with tenant_scope(a):
        assert reach("statistics") == []
    acted(b, services.agreement_suspend, made, note="Une panne.")
    assert shared(a) == shared(b) == []
    with pytest.raises(AgreementError) as refused:
        acted(a, services.agreement_resume, made)
    assert refused.value.code == "not_yours_to_resume"
    acted(b, services.agreement_resume, made)
    assert len(shared(a)) == 1
    acted(a, services.agreement_end, made)
    assert shared(a) == shared(b) == []
    with pytest.raises(AgreementError) as refused:
        acted(b, services.agreement_resume, made)
    assert refused.value.code == "wrong_state"
    with platform_scope(reason="a test looks"):
        log = [(act.what, act.tenant_id) for act in Act.objects.filter(agreement=made)]
    assert log == [
        ("proposed", a.pk),
        ("signed", a.pk),
        ("signed", b.pk),
        ("suspended", b.pk),
        ("resumed", b.pk),
        ("ended", a.pk),
    ]


def test_each_suspends_for_itself(pair: Twins) -> None:
    a, b = pair
    made = agree(a, b)
    acted(a, services.agreement_suspend, made)
    acted(b, services.agreement_suspend, made)
    assert acted(a, services.agreement_resume, made).state == "suspended"
    assert acted(b, services.agreement_resume, made).state == "in_force"


def test_a_new_version_is_signed_anew(pair: Twins) -> None:
    a, b = pair
    with tenant_scope(a):
        made = services.agreement_propose(actor=administrator(a), terms=terms(), partners=[b.slug])
    made = acted(b, services.agreement_amend, made, terms=terms(fields=["wheelchair"]))
    assert (made.version, made.state) == (2, "proposed")
    with pytest.raises(AgreementError) as refused:
        acted(a, services.agreement_sign, made, version=1)
    assert refused.value.code == "version_changed"
    acted(a, services.agreement_sign, made, version=2)
    assert shared(a) == [Reach(b.pk, ["wheelchair"], None)]
    with platform_scope(reason="a test looks"):
        contents = Act.objects.filter(agreement=made, what__in=["proposed", "amended"])
        assert [act.content["fields"] for act in contents] == [FIELDS, ["wheelchair"]]


def test_days_bound_it(pair: Twins) -> None:
    a, b = pair
    today = date.today()
    coming = agree(a, b, starts_on=today + timedelta(days=2))
    over = agree(a, b, starts_on=today - timedelta(days=9), ends_on=today)
    waits = proposed(a, b, ends_on=today)
    assert (coming.state, coming.stage, over.stage) == ("in_force", "upcoming", "in_force")
    with platform_scope(reason="two days go by"):
        Agreement.objects.filter(pk__in=[over.pk, waits.pk]).update(
            starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=2)
        )
        over.refresh_from_db()
    assert over.stage == "ended", "before the night has passed"
    assert shared(a) == []
    with pytest.raises(AgreementError) as refused:
        acted(b, services.agreement_sign, waits, version=1)
    assert refused.value.code == "dates_over"
    turn_of_the_day.enqueue()
    turn_of_the_day()
    with platform_scope(reason="a test looks"):
        over.refresh_from_db()
        assert over.state == "ended"
        assert over.acts.last().what == "lapsed"


def test_its_last_day_is_over_in_paris_wherever_the_clock_runs(pair: Twins) -> None:
    agree(*pair, ends_on=date(2096, 6, 30))
    noon = datetime(2096, 6, 30, 12, tzinfo=UTC)  # past midnight in Kiribati
    with timezone.override("Pacific/Kiritimati"), platform_scope(reason="a clock elsewhere"):
        assert services.agreements_lapse(now=noon) == 0
        assert services.agreements_lapse(now=noon + timedelta(hours=10)) == 1, "00:00 in Paris"


def test_the_stricter_of_two_agreements_holds_and_is_shown(pair: Twins) -> None:
    a, b = pair
    wide = agree(a, b, fields=["contribution", "wheelchair"], departments=["35", "59"])
    agree(a, b, title="La seconde", fields=["wheelchair", "communities"], departments=["59", "62"])
    assert shared(a) == [Reach(b.pk, ["wheelchair"], ["59"])]
    # One that pools something else says nothing of adverts.
    agree(a, b, pools=["statistics"], fields=[])
    assert shared(a) == [Reach(b.pk, ["wheelchair"], ["59"])]
    with tenant_scope(a):
        mine = next(one for one in agreements_of_region() if one.pk == wide.pk)
        (overlap,) = overlaps(mine)
    assert overlap.other.title == "La seconde"
    assert (overlap.fields, overlap.departments) == (("wheelchair",), ("59",))
    assert (overlap.left_out, overlap.not_signed) == (("communities", "contribution"), False)
    agree(a, b, title="La troisième", departments=["75"])
    assert shared(a) == [Reach(b.pk, ["wheelchair"], [])]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("partners", {"partners": ["alpha"]}),
        ("partners", {"partners": ["atlantide"]}),
        ("partners", {"partners": []}),
        ("ends_on", {"ends_on": date(2025, 12, 31)}),
        ("ends_on", {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31)}),
        ("pools", {"pools": []}),
        ("pools", {"pools": ["passwords"]}),
        ("fields", {"fields": ["phone"]}),
        ("departments", {"departments": ["35", "999"]}),
        ("title", {"title": "  "}),
        ("purpose", {"purpose": "?"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_remembered(
    pair: Twins, field: str, said: dict[str, Any]
) -> None:
    partners = said.pop("partners", ["beta"])
    with tenant_scope(pair.a):
        actor = administrator(pair.a)
        with pytest.raises(AgreementError) as refused:
            services.agreement_propose(actor=actor, terms=terms(**said), partners=partners)
        assert refused.value.code == "invalid_agreement"
        assert set(refused.value.fields) == {field}
        line = AuditEntry.objects.get(action="agreement.refused")
        assert (line.actor, line.note) == (actor, "agreement.proposed: invalid_agreement")
        assert agreements_of_region() == []


def test_no_region_reads_or_acts_for_another(pair: Twins) -> None:
    a, b = pair
    made = agree(a, b)
    with platform_scope(reason="a third region"):
        Party.objects.filter(agreement=made, tenant=a).delete()
    with pytest.raises(AgreementError) as refused:
        acted(a, services.agreement_suspend, made)
    assert refused.value.code == "not_a_party"
    for statement in (
        "SELECT * FROM agreements_agreement",
        "SELECT * FROM agreements_party",
        "SELECT * FROM agreements_act",
        f"SELECT * FROM agreements_between({b.pk}, 'adverts')",
    ):
        with (
            tenant_scope(a),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    for scope in (registry_scope(), platform_scope(reason="a test")):
        with (
            scope,
            pytest.raises(ProgrammingError, match=r"permission denied|no region"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM agreements_reach('adverts')")


def test_parties_act_upon_what_changed(
    committed_regions: Callable[..., Tenant],
) -> None:
    seen: list[str] = []
    a, b = committed_regions("une"), committed_regions("deux")
    with EFFECTS.restored(empty=True):
        EFFECTS.register(Effect("test", lambda: seen.append(current_tenant().slug)))
        made = agree(a, b)
        assert seen == ["une", "deux"]
        acted(b, services.agreement_suspend, made)
        assert seen == ["une", "deux"] * 2


def test_sign_and_end_at_the_same_moment_leave_one_state(
    committed_regions: Callable[..., Tenant],
) -> None:
    a, b = committed_regions("une"), committed_regions("deux")
    with tenant_scope(a):
        made = services.agreement_propose(actor=administrator(a), terms=terms(), partners=[b.slug])
    actors = {a: administrator(a), b: administrator(b)}
    start = threading.Barrier(3)
    results: list[object] = []

    def run(tenant: Tenant, act: Callable[..., Agreement], **said: Any) -> None:
        with tenant_scope(tenant):
            try:
                start.wait(10)
                results.append(act(agreement=made, actor=actors[tenant], **said).state)
            except AgreementError as refused:
                results.append(refused.code)
            finally:
                for one in connections.all():
                    one.close()

    threads = [
        threading.Thread(target=run, args=(b, services.agreement_sign), kwargs={"version": 1}),
        threading.Thread(target=run, args=(b, services.agreement_sign), kwargs={"version": 1}),
        threading.Thread(target=run, args=(a, services.agreement_end)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with platform_scope(reason="a test looks"):
        made.refresh_from_db()
        signed = Act.objects.filter(agreement=made, what="signed", tenant=b).count()
    assert made.state == "ended" and "ended" in results and signed <= 1, results


# --- pages ----------------------------------------------------------------------------------------
def test_two_administrators_agree_on_their_own_pages(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    ours = client_for(pair.a, administrator(pair.a))
    theirs = client_for(pair.b, administrator(pair.b))
    data = {
        "partners": ["beta"],
        "title": "Deux rives",
        "purpose": "Voyager d’une région à l’autre.",
        "pools": ["adverts"],
        "fields_shared": ["contribution"],
        "departments": "35, 59",
        "starts_on": "2026-01-01",
    }
    page = ours.post("/administration/conventions/proposer/", {**data, "ends_on": "2025-01-01"})
    assert page.status_code == 422
    assert "La fin précède le début" in page.content.decode()
    answer = ours.post("/administration/conventions/proposer/", data)
    assert answer.status_code == 302
    address = answer["Location"]
    assert (
        "Votre signature est attendue"
        in theirs.get("/administration/conventions/").content.decode()
    )
    assert "Ille-et-Vilaine (35), Nord (59)" in theirs.get(address).content.decode()
    assert theirs.post(f"{address}signer/", {"version": "1"}).status_code == 302
    assert "En vigueur" in ours.get(address).content.decode()
    assert len(shared(pair.a)) == 1
    ours.post(f"{address}suspendre/", {"note": "Le temps d’une vérification."})
    page = theirs.get(address).content.decode()
    assert "Le temps d’une vérification." in page
    assert not re.search(r'action="[^"]*reprendre/"', page), "only who suspended resumes"
    ours.post(f"{address}reprendre/")
    theirs.post(f"{address}terminer/")
    assert "Terminée" in ours.get(address).content.decode()


def test_what_was_never_signed_is_declined_or_withdrawn_and_comes_last(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    a, b = pair
    ours, theirs = (client_for(one, administrator(one)) for one in pair)
    agree(a, b, title="En vigueur déjà")
    agree(a, b, title="Pas encore", starts_on=date.today() + timedelta(days=400))
    addresses = {
        name: f"/administration/conventions/{proposed(a, b, title=name).public_id}/"
        for name in ("À décliner", "À retirer", "À signer")
    }
    page = theirs.get("/administration/conventions/").content.decode()
    assert re.search(r'class="count">3<', page), "signatures awaited, in the menu"
    assert "Retirer la proposition" in ours.get(addresses["À retirer"]).content.decode()
    page = theirs.get(addresses["À décliner"]).content.decode()
    assert "Décliner cette convention" in page and "supprimé" not in page.split("<main")[1]
    theirs.post(f"{addresses['À décliner']}terminer/", {"note": "Trop tôt."})
    ours.post(f"{addresses['À retirer']}terminer/")
    for client, name, words in (
        (ours, "À décliner", "a décliné la convention"),
        (theirs, "À retirer", "a retiré sa proposition"),
    ):
        page = client.get(addresses[name]).content.decode()
        assert words in page and "a mis fin" not in page and "Terminée" not in page
    with tenant_scope(b):
        assert [one.title for one in agreements_of_region()] == [
            "À signer",
            "En vigueur déjà",
            "Pas encore",
            "À retirer",
            "À décliner",
        ]
        assert AuditEntry.objects.filter(action="agreement.declined").count() == 1
    page = theirs.get("/administration/conventions/").content.decode()
    assert "À venir" in page and "Déclinée" in page and "Proposition retirée" in page


def test_the_platform_sees_who_shares_with_whom(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    made = agree(pair.a, pair.b, title="D’un bord à l’autre", text="Article premier.")
    client = StrictClient("platform.localhost")
    with platform_scope(reason="a test's operator"):
        from tests.factories import make_account

        client.force_login(make_account(is_platform_operator=True))
    response = client.get("/federation/conventions/")
    page = response.content.decode()
    assert page.count("D’un bord à l’autre") == 4, "in the list, twice in the matrix, on the map"
    drawn = response.context["map"]["features"]
    areas = {one["properties"]["title"]: one for one in drawn[:-1]}
    assert set(areas) == {pair.a.name, pair.b.name}
    assert areas[pair.a.name]["properties"]["text"] == f"Avec {pair.b.name}"
    assert drawn[-1]["properties"]["title"] == f"{pair.a.name} – {pair.b.name}"
    assert len(drawn[-1]["geometry"]["coordinates"]) == 2
    one = client.get(f"/federation/conventions/{made.public_id}/").content.decode()
    assert f'href="/federation/conventions/{made.public_id}/"' in page
    for said in ("Article premier.", "la participation demandée", "a proposé la convention"):
        assert said in one, said
    assert "<form" not in one.split("<main")[1].split("</main")[0], "regions alone act"

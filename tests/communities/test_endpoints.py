"""The API: the same communities, rules and words as the pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.communities.models import Community, Membership
from communities.communities.services import membership_join
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account, make_community

Clients = Callable[..., StrictClient]
ROOT = "/api/v1/communities/"


def body(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Les Ateliers du Scorff",
        "kind": "organisation",
        "short_description": "Pour venir travailler ensemble.",
        "municipality_code": "56121",
        **changes,
    }


def post(client: StrictClient, path: str, data: Any = None) -> Any:
    return client.post(path, data or {}, content_type="application/json")


def test_anyone_reads_the_list_and_a_community(tenant: Tenant, client_for: Clients) -> None:
    community = make_community(name="Hôtel de ville", description="Texte.")
    membership_join(account=make_account(), community=community)
    make_community(name="Ligne du littoral", kind="line")
    client = client_for(tenant)
    answer = client.get(ROOT).json()
    assert answer["count"] == 2 and answer["next"] is None
    first = answer["results"][0]
    assert first == client.get(f"{ROOT}hotel-de-ville/").json()
    assert first["id"] == str(community.public_id)
    assert (first["slug"], first["members_count"]) == ("hotel-de-ville", 2)
    assert (first["url"], first["logo_url"]) == ("/communautes/hotel-de-ville/", "")
    assert first["membership"] is None
    assert not {"members", "created_by", "is_active", "pk"} & set(first), "nobody is named"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=HOTEL", ["Hôtel de ville"]),
        ("?kind=line", ["Ligne du littoral"]),
        ("?page_size=1", ["Hôtel de ville"]),
        ("?page_size=1&page=2", ["Ligne du littoral"]),
    ],
)
def test_search_filter_and_pages(
    query: str, names: list[str], tenant: Tenant, client_for: Clients
) -> None:
    make_community(name="Hôtel de ville")
    make_community(name="Ligne du littoral", kind="line")
    found = client_for(tenant).get(ROOT + query).json()["results"]
    assert [row["name"] for row in found] == names


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?kind=club", 400, "invalid"),
        ("?page=9", 404, "not_found"),
        ("?page=zz", 404, "not_found"),
        ("?q=%00", 400, "invalid"),
        ("?q=" + "a" * 101, 400, "invalid"),
    ],
)
def test_odd_questions_are_refused_in_the_one_shape(
    query: str, status: int, code: str, tenant: Tenant, client_for: Clients
) -> None:
    answer = client_for(tenant).get(ROOT + query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "fields"}


def test_no_more_rows_than_allowed(tenant: Tenant, client_for: Clients) -> None:
    creator = make_account()
    for number in range(102):
        make_community(creator, name=f"Groupe {number}")
    answer = client_for(tenant).get(ROOT + "?page_size=5000").json()
    assert answer["count"] == 102 and len(answer["results"]) == 100


def test_join_and_leave(tenant: Tenant, client_for: Clients) -> None:
    make_community(name="Hôtel de ville")
    person = make_account()
    client = client_for(tenant, person)
    for _ in range(2):
        answer = post(client, f"{ROOT}hotel-de-ville/join/")
        assert answer.status_code == 200
        assert answer.json()["membership"] == {
            "status": "accepted",
            "role": "member",
            "can_ask_again_at": None,
        }
        assert answer.json()["members_count"] == 2
    assert client.get(ROOT).json()["results"][0]["membership"]["status"] == "accepted"
    for _ in range(2):
        answer = post(client, f"{ROOT}hotel-de-ville/leave/")
        assert answer.status_code == 200
        assert answer.json()["membership"]["status"] == "left"
        assert answer.json()["members_count"] == 1


def test_the_last_moderator_is_refused(tenant: Tenant, client_for: Clients) -> None:
    creator = make_account()
    make_community(creator, name="Hôtel de ville")
    answer = post(client_for(tenant, creator), f"{ROOT}hotel-de-ville/leave/")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_moderator")
    assert Membership.objects.get(account=creator).is_moderator


def test_create(tenant: Tenant, client_for: Clients) -> None:
    creator, key = make_account(), str(uuid.uuid4())
    client = client_for(tenant, creator)
    made = post(client, ROOT, body(address="2 quai du Port", key=key))
    assert made.status_code == 201
    assert made.json()["place_label"] == "2 quai du Port, Lorient"
    assert made.json()["membership"]["role"] == "moderator"
    assert post(client, ROOT, body(key=key)).json()["id"] == made.json()["id"], "sent twice"
    taken = post(client, ROOT, body(name="LES ATELIERS DU SCORFF"))
    assert (taken.status_code, taken.json()["code"]) == (409, "same_name")
    assert set(taken.json()["fields"]) == {"name"}
    assert post(client, ROOT, body(same_name_meant=True)).status_code == 201


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": "a"}),
        ("kind", {"kind": "club"}),
        ("short_description", {"short_description": " "}),
        ("municipality_code", {"municipality_code": "99999"}),
        ("municipality_code", {"municipality_code": "59350"}),
        ("municipality_code", {"municipality_code": "Lorient"}),
        ("key", {"key": "x"}),
    ],
)
def test_what_is_wrong_is_told_by_field(
    field: str, change: dict, tenant: Tenant, client_for: Clients
) -> None:
    answer = post(client_for(tenant, make_account()), ROOT, body(**change))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not Community.objects.exists()


def test_an_unverified_address_creates_nothing(tenant: Tenant, client_for: Clients) -> None:
    person = make_account()
    person.emailaddress_set.update(verified=False)
    answer = post(client_for(tenant, person), ROOT, body())
    assert (answer.status_code, answer.json()["code"]) == (403, "email_not_verified")


@pytest.mark.parametrize("path", ["", "hotel-de-ville/join/", "hotel-de-ville/leave/"])
def test_visitors_write_nothing(path: str, tenant: Tenant, client_for: Clients) -> None:
    make_community(name="Hôtel de ville")
    answer = post(client_for(tenant), ROOT + path, body())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_authenticated")
    assert (Community.objects.count(), Membership.objects.count()) == (1, 1)


@pytest.mark.parametrize("path", ["hotel-de-ville/join/", "hotel-de-ville/leave/"])
def test_a_session_without_its_token_writes_nothing(path: str, tenant: Tenant) -> None:
    make_community(name="Hôtel de ville")
    client = StrictClient(f"{tenant.slug}.localhost", enforce_csrf_checks=True)
    client.force_login(make_account())
    assert post(client, ROOT + path).status_code == 403
    assert Membership.objects.count() == 1


def test_what_is_inactive_or_elsewhere_does_not_exist(twins: Twins, client_for: Clients) -> None:
    with tenant_scope(twins.a):
        make_community(name="Hôtel de ville")
        closed = make_community(name="Fermée")
        Community.objects.filter(pk=closed.pk).update(is_active=False)
        person = make_account()
    assert client_for(twins.a).get(f"{ROOT}fermee/").status_code == 404
    assert post(client_for(twins.a, person), f"{ROOT}fermee/join/").status_code == 404
    with tenant_scope(twins.b):
        stranger = make_account()
    for path in ("", "join/", "leave/"):
        client = client_for(twins.b, stranger)
        address = f"{ROOT}hotel-de-ville/{path}"
        answer = post(client, address) if path else client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_memberships_of_a_page_take_one_query(tenant: Tenant, client_for: Clients) -> None:
    person = make_account()
    client = client_for(tenant, person)
    make_community(person)
    client.get(ROOT)
    with CaptureQueriesContext(connection) as few:
        client.get(ROOT)
    for _ in range(5):
        membership_join(account=person, community=make_community())
    with CaptureQueriesContext(connection) as many:
        client.get(ROOT)
    assert len(many) == len(few)


def test_joining_over_the_api_follows_the_validation(tenant: Tenant, client_for: Clients) -> None:
    make_community(name="Sur demande", validation="moderator")
    make_community(name="Par domaine", validation="domain", domains=["ville.example"])
    make_community(name="Par fichier", validation="secured")
    client = client_for(tenant, make_account())
    asked = post(client, f"{ROOT}sur-demande/join/", {"message": "Bonjour"})
    assert asked.json()["membership"]["status"] == "pending"
    refused = post(client, f"{ROOT}par-domaine/join/")
    assert (refused.status_code, refused.json()["code"]) == (403, "domain_not_allowed")
    for number in range(6):
        answer = post(client, f"{ROOT}par-fichier/join/", {"identifier": "X1"})
        expected = (429, "too_many_tries") if number == 5 else (403, "identifier_refused")
        assert (answer.status_code, answer.json()["code"]) == expected
    Membership.objects.update(status="refused", refused_at=timezone.now())
    shown = client.get(f"{ROOT}sur-demande/").json()["membership"]
    assert shown["status"] == "refused" and shown["can_ask_again_at"] > timezone.now().isoformat()

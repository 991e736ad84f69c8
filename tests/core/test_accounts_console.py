"""« Utilisateurs »: administrators see people, never what they write; acts leave a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Account
from core.accounts.services import role_grant
from core.audit.models import AuditEntry
from core.audit.queries import entries_of
from tenants.models import Tenant
from tests.client import StrictClient
from tests.communities.test_pages import text_of
from tests.factories import make_account, make_community

Clients = Callable[..., StrictClient]
LIST = "/administration/utilisateurs/"


@pytest.fixture
def odile(tenant: Tenant) -> Account:
    account: Account = make_account(first_name="Odile", last_name="Le Goff")
    role_grant(account=account, role="administrator")
    return account


@pytest.fixture
def admin(tenant: Tenant, client_for: Clients, odile: Account) -> StrictClient:
    return client_for(tenant, odile)


def page_of(account: Any, tab: str = "") -> str:
    return f"{LIST}{account.public_id}/{tab}"


def test_people_are_found_by_name_address_role_and_state(
    admin: StrictClient, odile: Account
) -> None:
    make_account(first_name="Maëlle", last_name="Roux", email="maelle@roux.example")
    make_account(last_name="Parti", is_active=False)
    for query, last_names in (
        ("q=MAELLE+roux", ["Roux"]),
        ("q=@roux.exa", ["Roux"]),
        ("etat=suspended", ["Parti"]),
        ("q=goff&role=administrator", ["Le Goff"]),
        ("q=goff&role=analyst", []),
        ("q=roux&verifie=oui", ["Roux"]),
        ("q=roux&emails=oui", []),
    ):
        table = admin.get(f"{LIST}?{query}").context["table"]
        assert [line.row.last_name for line in table.lines] == last_names, query
    file = admin.get(f"{LIST}?format=csv")
    assert "Roux" in b"".join(file).decode("utf-8-sig")  # type: ignore[arg-type]
    assert AuditEntry.objects.filter(action="accounts.exported", actor=odile).exists()


def test_more_people_make_no_more_queries(admin: StrictClient) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(LIST).status_code == 200
        return len(captured)

    make_account()
    count()
    few = count()
    for _ in range(15):
        make_account()
    assert count() == few


def test_a_persons_page_tells_what_they_do_never_what_they_write(
    admin: StrictClient, tenant: Tenant
) -> None:
    from rides.conversations.services import message_send, thread_of
    from tests.rides.situations import make_advert

    nina = make_account(first_name="Nina", last_name="Roux")
    make_community(nina, name="Atelier du port")
    yann = make_account(first_name="Yann")
    thread = thread_of(make_advert(author=nina), yann, started_by=yann)
    message_send(thread=thread, sender=nina, body="Un secret entre nous.")
    words = text_of(admin.get(page_of(nina)))
    for told in (
        "Nina Roux",
        nina.email,
        "Atelier du port",
        "Annonces",
        "Conversations",
        "Trajets",
    ):
        assert told in words
    assert "Un secret" not in words


def test_suspension_has_a_reason_keeps_out_and_is_undone(
    admin: StrictClient, odile: Account, tenant: Tenant, client_for: Clients
) -> None:
    nina = make_account(first_name="Nina", last_name="Roux")
    hers = client_for(tenant, nina)
    assert admin.post(page_of(nina, "suspendre/"), {}).status_code == 422
    with TestCase.captureOnCommitCallbacks(execute=True):
        admin.post(page_of(nina, "suspendre/"), {"reason": "Messages déplacés"})
    assert "Messages déplacés" in str(mail.outbox[-1].body)
    assert hers.get("/compte/").status_code == 302
    words = text_of(admin.get(page_of(nina)))
    assert "Compte suspendu" in words and "Odile L. a suspendu le compte" in words
    admin.post(page_of(nina, "retablir/"))
    nina.refresh_from_db()
    assert nina.is_active
    assert [e.action for e in entries_of("account", nina.pk)] == [
        "account.restored",
        "account.suspended",
    ]
    own = admin.post(page_of(odile, "suspendre/"), {"reason": "x"})
    assert own.status_code == 422


def test_roles_are_given_within_territories_and_taken_back(
    admin: StrictClient, odile: Account, tenant: Tenant, client_for: Clients
) -> None:
    nina = make_account(residence_code="35238")
    admin.post(page_of(nina, "roles/"), {"role": "administrator", "territories": ["35"]})
    assert "Ille-et-Vilaine (35)" in text_of(admin.get(page_of(nina)))
    assert admin.post(page_of(nina, "roles/"), {"role": "king"}).status_code == 422
    local = client_for(tenant, nina)
    inside, outside = make_account(residence_code="35360"), make_account(residence_code="29019")
    assert local.get(page_of(inside)).status_code == 200
    assert local.get(page_of(outside)).status_code == 404
    assert local.get(page_of(odile)).status_code == 404
    assert local.post(page_of(inside, "roles/"), {"role": "administrator"}).status_code == 404
    admin.post(page_of(nina, "roles/"), {"revoke": "administrator"})
    assert not nina.roles.exists()
    assert client_for(tenant, nina).get(LIST).status_code == 404

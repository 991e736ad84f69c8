"""« Mes messages » as people meet them, in French, without JavaScript."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.communities.services import membership_join
from core.accounts.services import role_grant
from rides.adverts.settings import RidesSettings
from rides.conversations.models import Message, Preferences, Report, Thread
from rides.conversations.services import (
    account_block,
    message_send,
    report_create,
    thread_start,
)
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account, make_community
from tests.rides.booking_help import ask
from tests.rides.situations import make_advert

ClientFor = Callable[..., StrictClient]


@pytest.fixture
def author(tenant: Tenant) -> Any:
    return make_account(first_name="Pierre", last_name="Lemoine")


@pytest.fixture
def nina(tenant: Tenant) -> Any:
    return make_account(first_name="Nina", last_name="Roux")


@pytest.fixture
def hers(client_for: ClientFor, tenant: Tenant, nina: Any) -> StrictClient:
    return client_for(tenant, nina)


@pytest.fixture
def his(client_for: ClientFor, tenant: Tenant, author: Any) -> StrictClient:
    return client_for(tenant, author)


def words(html: bytes) -> str:
    return re.sub(r"\s+", " ", html.decode().replace("\u00a0", " "))


def test_from_the_advert_to_an_answer(hers: StrictClient, his: StrictClient, author: Any) -> None:
    advert = make_advert(author=author)
    assert "Écrire à Pierre L." in words(hers.get(f"/annonces/{advert.public_id}/").content)
    form = {"key": str(uuid.uuid4()), "body": "<script>Bonjour</script>"}
    address = hers.post(f"/messages/nouveau/{advert.public_id}/", form)["Location"]
    page = words(his.get("/").content)
    assert re.search(r'class="count">1<', page)
    page = words(his.get("/messages/").content)
    assert "Nina R." in page
    page = words(his.get(address).content)
    assert "&lt;script&gt;Bonjour&lt;/script&gt;" in page
    assert not re.search(r'class="count">1<', words(his.get("/").content))
    answer = his.post(address, {"key": str(uuid.uuid4()), "body": "Avec plaisir"})
    assert answer["Location"] == f"{address}#fin"
    assert "Avec plaisir" in words(hers.get(f"{address}lignes/").content)
    # The second time, the same conversation.
    assert hers.get(f"/messages/nouveau/{advert.public_id}/")["Location"] == address


def test_members_are_written_to_from_the_list_of_a_community(
    hers: StrictClient, author: Any, nina: Any
) -> None:
    community = make_community(creator=author)
    without = make_account(first_name="Solène")
    for person in (nina, without):
        membership_join(account=person, community=community)
    make_advert(author=author)
    later, own = make_advert(author=author), make_advert(author=nina)
    address = f"{community.get_absolute_url()}?onglet=membres"

    links = re.findall(r"/messages/nouveau/[^\"]+", hers.get(address).content.decode())
    assert links == [f"/messages/nouveau/{later.public_id}/"]
    assert str(own.public_id) not in links
    # Who blocked whom is not said: there is nothing to press.
    account_block(blocker=author, blocked=nina)
    assert "/messages/nouveau/" not in hers.get(address).content.decode()


def test_an_empty_message_says_so(hers: StrictClient, author: Any, nina: Any) -> None:
    thread = thread_start(account=nina, advert=make_advert(author=author), body="Bonjour")
    answer = hers.post(f"/messages/{thread.public_id}/", {"key": str(uuid.uuid4()), "body": " "})
    assert answer.status_code == 422
    assert Message.objects.count() == 1


def test_too_many_contacts_keep_the_words(hers: StrictClient) -> None:
    RidesSettings.objects.create(new_contacts_per_day=0)
    advert = make_advert()
    form = {"key": str(uuid.uuid4()), "body": "Mes mots à moi"}
    answer = hers.post(f"/messages/nouveau/{advert.public_id}/", form)
    assert answer.status_code == 429
    assert "Mes mots à moi" in words(answer.content)
    assert not Thread.objects.exists()


def test_block_and_unblock(hers: StrictClient, his: StrictClient, author: Any, nina: Any) -> None:
    thread = thread_start(account=nina, advert=make_advert(author=author), body="Bonjour")
    address = f"/messages/{thread.public_id}/"
    assert "Débloquer" in words(his.post(f"{address}bloquer/", follow=True).content)
    answer = hers.post(address, {"key": str(uuid.uuid4()), "body": "Encore"})
    assert answer.status_code == 422
    assert "Encore" in words(answer.content)
    his.post(f"{address}debloquer/")
    assert hers.post(address, {"key": str(uuid.uuid4()), "body": "Encore"}).status_code == 302


def test_a_report_reaches_the_administrators(
    his: StrictClient, client_for: ClientFor, tenant: Tenant, author: Any, nina: Any
) -> None:
    admin = make_account()
    role_grant(account=admin, role="administrator")
    console = client_for(tenant, admin)
    assert "Aucun signalement" in words(console.get("/administration/signalements/").content)
    thread = thread_start(account=nina, advert=make_advert(author=author), body="Des mots durs")
    address = f"/messages/{thread.public_id}/signaler/"
    assert his.post(address, {}).status_code == 422
    his.post(address, {"reason": "rude", "text": "Voyez vous-même", "block": "on"})
    page = words(console.get("/administration/signalements/").content)
    for text in ("Insultes", "Des mots durs", "Voyez vous-même", "À traiter"):
        assert text in page
    report = Report.objects.get()
    console.post(f"/administration/signalements/{report.public_id}/traiter/")
    assert "Traité" in words(console.get("/administration/signalements/").content)


def test_choices_of_notifications(hers: StrictClient, nina: Any) -> None:
    assert "Mes notifications" in words(hers.get("/compte/notifications/").content)
    form = {"bookings": "on", "quiet": "on", "quiet_from": "20:00", "quiet_until": "06:30"}
    assert hers.post("/compte/notifications/", form).status_code == 302
    chosen = Preferences.objects.get(account=nina)
    assert (chosen.messages, chosen.bookings, chosen.quiet_from.hour) == (False, True, 20)
    assert hers.post("/compte/notifications/", {"quiet_from": "25:00"}).status_code == 422


def test_the_list_and_a_thread_ask_the_same_number_of_questions(
    his: StrictClient, author: Any, nina: Any
) -> None:
    def count(address: str) -> int:
        his.get(address)
        with CaptureQueriesContext(connection) as queries:
            his.get(address)
        return len(queries)

    advert = make_advert(author=author)
    thread = thread_start(account=nina, advert=advert, body="Bonjour")
    address = f"/messages/{thread.public_id}/"
    ask(advert, asker=nina)
    before = count("/messages/"), count(address)
    for _ in range(4):
        thread_start(account=make_account(), advert=advert, body="Bonjour")
        message_send(thread=thread, sender=nina, body="Encore")
    assert (count("/messages/"), count(address)) == before


def test_reports_of_one_conversation_wait_for_each_other(author: Any, nina: Any) -> None:
    thread = thread_start(account=nina, advert=make_advert(author=author), body="Bonjour")
    assert report_create(thread=thread, reporter=nina, reason="other").reported == author


# --- the API --------------------------------------------------------------------------------------
def test_the_api_writes_reads_and_masks(
    client_for: ClientFor, hers: StrictClient, tenant: Tenant, author: Any
) -> None:
    his, advert = client_for(tenant, author), make_advert(author=author)
    body = {"advert": str(advert.public_id), "body": "Mon numéro : 06 12 34 56 78"}
    made = hers.post("/api/v1/conversations/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["partner"] == "Pierre L."
    address = f"/api/v1/conversations/{made.json()['id']}/"
    assert his.get(address).json()["unread"] == 1
    (line,) = his.get(f"{address}messages/").json()
    assert (line["text"], line["hidden"], line["own"]) == ("Mon numéro : •••", True, False)
    assert his.get(address).json()["unread"] == 1, "reading over the API marks nothing"
    assert his.patch(address, {"unread": 0}, content_type="application/json").json()["unread"] == 0
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = his.post(
            f"{address}messages/", {"body": "Oui", "key": key}, content_type="application/json"
        )
    assert [one["text"] for one in answer.json()] == ["Mon numéro : •••", "Oui"]
    assert hers.get("/api/v1/conversations/").json()["results"][0]["unread"] == 1
    his.post(f"/messages/{made.json()['id']}/bloquer/")
    refused = hers.post(f"{address}messages/", {"body": "?"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_reachable")

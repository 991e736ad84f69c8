"""Letters between regions: once, in order, by agreement alone; what is wrong stays outside."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Account
from core.audit.models import AuditEntry
from regions.agreements.services import agreement_end, agreement_propose, agreement_suspend
from regions.letters.errors import LetterError
from regions.letters.models import Letter
from regions.letters.receivers import RECEIVERS, RETURNED, Receiver
from regions.letters.services import letter_send, letters_receive
from regions.outbox.models import OutboxEvent
from regions.outbox.services import record
from regions.projection.models import Parked
from regions.projection.projector import drain
from regions.projection.services import region_project
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import administrator, agree, terms

SUBJECT = uuid.UUID("00000000-0000-4000-8000-000000000001")
read: list[tuple[int, str, str]] = []


def _read(letter: Letter) -> None:
    if letter.body.get("poison"):
        raise ValueError("nobody can read this: 06 12 34 56 78")
    read.append((letter.sender, letter.kind, letter.body.get("text", "")))


@pytest.fixture(autouse=True)
def _receivers() -> Iterator[None]:
    read.clear()
    with RECEIVERS.restored(empty=True):
        RECEIVERS.register(Receiver("word", _read))
        RECEIVERS.register(Receiver("farewell", _read, parting=lambda _body: True))
        RECEIVERS.register(Receiver("last", _read, closing=True))
        RECEIVERS.register(Receiver(RETURNED, _read))
        yield


def write(tenant: Tenant, to: int, text: str, *, kind: str = "word", **body: object) -> None:
    with tenant_scope(tenant), transaction.atomic():
        letter_send(to=to, kind=kind, subject=SUBJECT, body={"text": text, **body})


def post(*tenants: Tenant) -> None:
    for tenant in tenants:
        drain(tenant)
    for tenant in tenants:
        with tenant_scope(tenant):
            letters_receive()


def test_letters_arrive_once_and_in_order_at_one_partner(twins: Twins, _database: None) -> None:
    a, b = twins
    agree(a, b)
    for text in ("un", "deux", "trois"):
        write(a, b.pk, text)
    post(a, b)
    post(a, b)
    assert read == [(a.pk, "word", text) for text in ("un", "deux", "trois")]
    with tenant_scope(b):
        assert Letter.objects.count() == 0, "nothing is kept of what was read"


def test_a_forged_region_is_refused_returned_and_in_the_history(
    twins: Twins, _database: None
) -> None:
    """A region that writes its outbox by hand reaches only those that it has an agreement with."""
    a, b = twins
    for to in (b.pk, a.pk, 987654):
        with tenant_scope(a), transaction.atomic():
            payload = {"to": to, "from": b.pk, "kind": "word", "body": {"text": f"{to}"}}
            record(kind="letter", version=1, subject=uuid.uuid4(), payload=payload)
    post(a, b)
    assert sorted(kind for _sender, kind, _text in read) == [RETURNED] * 3
    with tenant_scope(b):
        assert not AuditEntry.objects.filter(action__startswith="letter").exists()
    with tenant_scope(a):
        told = AuditEntry.objects.filter(action="letter.refused").order_by("pk")
        assert [row.note for row in told] == [
            f"no_agreement: word, {to}" for to in (b.pk, a.pk, 987654)
        ]
        with pytest.raises(LetterError) as refused, transaction.atomic():
            letter_send(to=b.pk, kind="word", subject=SUBJECT, body={})
        assert refused.value.code == "no_agreement"


def test_only_an_ending_crosses_once_agreements_are_over(twins: Twins, _database: None) -> None:
    a, b = twins
    made = agree(a, b)
    write(a, b.pk, "en route")
    with tenant_scope(b):
        agreement_suspend(agreement=made, actor=administrator(b))
    write(a, b.pk, "au revoir", kind="farewell")
    post(a, b)
    assert sorted(kind for _sender, kind, _text in read) == ["farewell", RETURNED]
    with tenant_scope(b):
        agreement_end(agreement=made, actor=administrator(b))
    write(a, b.pk, "adieu", kind="farewell")
    post(a, b)
    assert read[-1] == (a.pk, "farewell", "adieu")


def test_nothing_crosses_by_an_agreement_that_was_declined(twins: Twins, _database: None) -> None:
    a, b = twins
    with tenant_scope(a):
        made = agreement_propose(actor=administrator(a), terms=terms(), partners=[b.slug])
    with tenant_scope(b):
        agreement_end(agreement=made, actor=administrator(b))
    write(a, b.pk, "adieu", kind="farewell")
    post(a, b)
    assert [kind for _sender, kind, _text in read] == [RETURNED]


def test_a_poisoned_letter_is_parked_and_holds_its_own_subject_alone(
    twins: Twins, _database: None
) -> None:
    a, b = twins
    agree(a, b)
    write(a, b.pk, "", poison=True)
    write(a, b.pk, "derrière")
    with tenant_scope(a), transaction.atomic():
        letter_send(to=b.pk, kind="word", subject=uuid.uuid4(), body={"text": "ailleurs"})
        record(kind="letter", version=9, subject=uuid.uuid4(), payload={})
        record(kind="letter", version=1, subject=uuid.uuid4(), payload={"to": b.pk, "kind": "?"})
    for _try in range(6):
        post(a, b)
        with tenant_scope(b):
            Letter.objects.update(not_before="2026-01-01T00:00Z")
    assert read == [(a.pk, "word", "ailleurs")]
    with tenant_scope(b):
        first = Letter.objects.order_by("pk")[0]
        assert first.parked_at is not None and first.reason == "ValueError in builtins"
        assert AuditEntry.objects.get(action="letter.parked").note == "word: ValueError in builtins"
    with tenant_scope(a):
        assert OutboxEvent.objects.filter(parked_at__isnull=False).count() == 2
    with platform_scope(reason="a test looks"):
        assert Parked.objects.filter(tenant=a).count() == 2, "operators see what is no letter"


def test_the_last_letter_of_a_subject_waits_behind_nothing_parked(
    twins: Twins, _database: None
) -> None:
    """Somebody who has left is forgotten, though nobody could read what they had written."""
    a, b = twins
    agree(a, b)
    for text, kind, poison in (
        ("illisible", "word", True),
        ("j’annule", "word", False),
        ("adieu", "last", False),
    ):
        write(a, b.pk, text, kind=kind, poison=poison)
    post(a, b)
    with tenant_scope(b):
        for _try in range(5):
            assert read == []
            Letter.objects.update(not_before=timezone.now())
            letters_receive()
        assert [text for _sender, _kind, text in read] == ["j’annule", "adieu"]
        assert not Letter.objects.exists()
    with platform_scope(reason="a test looks"):
        assert Parked.objects.get().outcome == Parked.Outcome.DISCARDED


def test_the_last_letter_of_a_subject_takes_back_what_was_parked_before_it_left(
    twins: Twins, _database: None
) -> None:
    a, b = twins
    agree(a, b)
    write(a, b.pk, "06 12 34 56 78")
    with tenant_scope(a):
        OutboxEvent.objects.update(version=9)
    post(a, b)
    write(a, b.pk, "adieu", kind="last")
    post(a, b)
    assert [text for _sender, _kind, text in read] == ["adieu"]
    with tenant_scope(a):
        assert not OutboxEvent.objects.exists(), "nor are their words kept at home"
    with platform_scope(reason="a test looks"):
        assert Parked.objects.get().outcome == Parked.Outcome.REPLACED


def test_operators_see_letters_that_wait_and_settle_parked_ones(
    twins: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """In health and on their page; tried again once it can be read, or given up."""
    a, b = twins
    agree(a, b)
    other = uuid.uuid4()
    for subject in (SUBJECT, other):
        with tenant_scope(a), transaction.atomic():
            for text in ("malade", "derrière"):
                body = {"text": text, "poison": text == "malade"}
                letter_send(to=b.pk, kind="word", subject=subject, body=body)
    for _try in range(6):
        post(a, b)
        with tenant_scope(b):
            Letter.objects.update(not_before="2026-01-01T00:00Z", created_at="2026-01-01T00:00Z")
    region_project(b)
    client = client_for(a, host="platform.localhost")
    with platform_scope(reason="a test's operator"):
        operator = Account.objects.create(email="ariane@example.org", is_platform_operator=True)
        client.force_login(operator)
        first, second = Parked.objects.filter(tenant=b, queue="letters").order_by("event")
    told = client.get("/health/").json()["projection"]
    assert (told["letters_waiting"], told["letters_parked"]) == (2, 2)
    assert told["letters_lag_seconds"] > 86_400 and told["parked"] == 0
    page = client.get("/federation/echanges/").content.decode()
    assert page.count("word v1") == 2 and "06 12 34 56 78" not in page
    with RECEIVERS.restored(empty=True):  # mended
        RECEIVERS.register(Receiver("word", lambda letter: read.append((0, "word", "guérie"))))
        client.post(f"/federation/echanges/{first.public_id}/reessayer/")
        with tenant_scope(b):
            letters_receive()
    assert read == [(0, "word", "guérie")] * 2
    client.post(f"/federation/echanges/{second.public_id}/abandonner/")
    post(b)
    assert read[2:] == [(a.pk, "word", "derrière")]
    told = client.get("/health/").json()["projection"]
    assert (told["letters_waiting"], told["letters_parked"]) == (0, 0)

"""From outboxes to the public schema: nothing lost, nothing doubled, in each subject's order."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from core.accounts.models import Account
from regions.outbox.models import OutboxEvent
from regions.outbox.services import record, records
from regions.projection import projector
from regions.projection.handlers import HANDLERS, Event, Handler, UselessError
from regions.projection.models import Applied, Backlog, Parked
from regions.projection.projector import POINTS, TRIES, project
from regions.projection.services import parked_discard, parked_retry, region_project
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins

TABLE = "test_projection_written"
POISON = "poison"


def write(tenant: Tenant, events: Sequence[Event]) -> None:
    """A handler that keeps everything it is given, in order."""
    with connection.cursor() as cursor:
        for event in events:
            if event.payload.get("word") == POISON:
                raise ValueError(f"secret of {event.payload}")
            if event.payload.get("word") == "useless":
                raise UselessError
            cursor.execute(
                f"INSERT INTO {TABLE} (tenant, subject, sequence) VALUES (%s, %s, %s)",
                [tenant.pk, event.subject, event.sequence],
            )


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    with HANDLERS.restored():
        HANDLERS.register(Handler(name="test", versions=(1,), apply=write))
        yield


@pytest.fixture
def table() -> Iterator[None]:
    """A read model, committed: what the platform's role writes."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (n serial, tenant int, subject uuid, sequence int)")
    yield
    for one in connections.all():
        one.close()
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
    connections["owner"].close()


@pytest.fixture
def region(committed_regions: Callable[..., Tenant], table: None) -> Tenant:
    return committed_regions("sortie")


def say(tenant: Tenant, subject: uuid.UUID, word: str = "", **options: object) -> None:
    with tenant_scope(tenant), transaction.atomic():
        said = {"kind": "test", "version": 1, **options}
        record(subject=subject, payload={"word": word}, **said)  # type: ignore[arg-type]


def written(tenant: Tenant) -> dict[uuid.UUID, list[int]]:
    """What was applied, in the order in which it was."""
    with platform_scope(reason="a test looks"), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject, sequence FROM {TABLE} WHERE tenant = %s ORDER BY subject, n",
            [tenant.pk],
        )
        rows = cursor.fetchall()
    return {
        subject: [sequence for _s, sequence in group]
        for subject, group in groupby(rows, lambda row: row[0])
    }


def hurry(tenant: Tenant) -> None:
    """As if the time until the next try had passed."""
    with tenant_scope(tenant):
        OutboxEvent.objects.update(not_before=timezone.now() - timedelta(seconds=1))


def waiting(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        return OutboxEvent.objects.count()


def test_an_event_and_its_act_are_one(region: Tenant) -> None:
    subject = uuid.uuid4()
    with tenant_scope(region):
        with pytest.raises(transaction.TransactionManagementError):
            record(kind="test", version=1, subject=subject, payload={})
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(kind="test", version=1, subject=subject, payload={})
            raise ZeroDivisionError
    assert waiting(region) == 0
    # The commit wakes the projector by itself.
    say(region, subject)
    say(region, subject)
    assert written(region) == {subject: [1, 2]}
    assert waiting(region) == 0


def test_a_poison_event_holds_back_its_own_subject_alone(region: Tenant) -> None:
    sick, sound = uuid.uuid4(), uuid.uuid4()
    say(region, sick, POISON)
    say(region, sick, "after")
    say(region, sound)
    for _ in range(TRIES + 1):
        hurry(region)
        region_project(region)
    assert written(region) == {sound: [1]}
    with tenant_scope(region):
        parked, after = OutboxEvent.objects.order_by("sequence")
        assert parked.parked_at is not None and parked.attempts == TRIES
        assert after.parked_at is None and after.attempts == 0
        assert parked.reason == "ValueError in builtins", "a reason never quotes the payload"
    with platform_scope(reason="a test looks"):
        line = Parked.objects.get(tenant=region)
        assert (line.subject, line.outcome) == (sick, "waits")
        backlog = Backlog.objects.get(tenant=region)
        assert (backlog.waiting, backlog.parked) == (1, 1)
        parked_discard(parked=line)
    region_project(region)
    assert written(region) == {sound: [1], sick: [2]}


def test_what_is_replaced_needs_no_one(region: Tenant) -> None:
    """A tombstone is never held back by what it takes away."""
    subject = uuid.uuid4()
    say(region, subject, "useless")
    say(region, subject, "gone", replaces=True)
    assert written(region) == {subject: [2]}
    with platform_scope(reason="a test looks"):
        assert Parked.objects.get(tenant=region).outcome == "replaced"


def test_an_unknown_version_or_kind_is_parked_at_once(region: Tenant) -> None:
    newer, other = uuid.uuid4(), uuid.uuid4()
    say(region, newer, version=9)
    say(region, other, kind="elsewhere")
    with platform_scope(reason="a test looks"):
        lines = Parked.objects.filter(tenant=region).order_by("event")
        assert [line.reason for line in lines] == ["unknown version 9", "unknown kind elsewhere"]
        first = lines[0]
        # Once the handler knows the version, the operator lets it be tried again.
        HANDLERS.register(Handler(name="elsewhere", versions=(1,), apply=write))
        parked_retry(parked=lines[1])
        parked_retry(parked=first)
    region_project(region)
    assert written(region) == {other: [1]}
    assert waiting(region) == 1


def test_an_event_that_comes_twice_is_applied_once(region: Tenant) -> None:
    subject = uuid.uuid4()
    say(region, subject)
    with tenant_scope(region):
        OutboxEvent.objects.create(
            kind="test", version=1, subject=subject, sequence=1, payload={"word": "again"}
        )
    region_project(region)
    assert written(region) == {subject: [1]}
    assert waiting(region) == 0


def test_projectors_and_writers_at_once_keep_each_subjects_order(region: Tenant) -> None:
    subjects = [uuid.uuid4() for _ in range(6)]
    errors: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                errors.append(error)
            finally:
                for one in connections.all():
                    one.close()

        return run

    def writer() -> None:
        order = subjects * 5
        random.Random(threading.get_ident()).shuffle(order)
        for subject in order:
            say(region, subject)

    def reader() -> None:
        for _ in range(40):
            project(region, limit=3)

    threads = [threading.Thread(target=guarded(work)) for work in (writer, writer, reader, reader)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    region_project(region)
    assert written(region) == {subject: list(range(1, 11)) for subject in sorted(subjects)}


def test_kill_9_at_every_point_loses_and_doubles_nothing(region: Tenant) -> None:
    storm(region, kills=60)


def storm(region: Tenant, *, kills: int) -> None:
    """Kill a projector at a named point, again and again, while events are recorded."""
    subjects = [uuid.uuid4() for _ in range(10)]
    told = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regions.outbox.services._wakers", [])  # only those that are killed
        for number in range(kills):
            with tenant_scope(region), transaction.atomic():
                records(kind="test", version=1, payloads={one: {} for one in subjects})
            told += 1
            for one in connections.all():
                one.close()
            child = os.fork()
            if child == 0:
                _die_at(region, POINTS[number % len(POINTS)], 1 + number % 2)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
            assert all(
                numbers == list(range(1, len(numbers) + 1)) for numbers in written(region).values()
            )
    region_project(region)
    assert written(region) == {one: list(range(1, told + 1)) for one in sorted(subjects)}
    assert waiting(region) == 0


def _die_at(region: Tenant, point: str, after: int) -> None:
    """In a child process: project, and be killed the ``after``-th time that a point is passed."""
    try:
        passed = 0

        def at(name: str) -> None:
            nonlocal passed
            passed += name == point
            if passed == after:
                os.kill(os.getpid(), signal.SIGKILL)

        while True:
            project(region, limit=4, at=at)
            if waiting(region) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(1)


def test_a_region_never_reads_what_the_projector_remembers(twins: Twins, _database: None) -> None:
    from django.db.utils import ProgrammingError

    for model in (Applied, Parked, Backlog):
        with (
            tenant_scope(twins.a),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            model.objects.exists()


def test_health_says_how_far_behind(twins: Twins, client_for: Callable[..., StrictClient]) -> None:
    with tenant_scope(twins.a):
        OutboxEvent.objects.create(
            kind="test",
            version=1,
            subject=uuid.uuid4(),
            sequence=1,
            payload={},
            created_at=timezone.now() - timedelta(minutes=3),
            not_before=timezone.now() + timedelta(hours=1),
        )
    region_project(twins.a)
    answer = client_for(twins.a, host="platform.localhost").get("/health/").json()
    assert answer["status"] == "ok"
    assert answer["projection"]["lag_seconds"] in range(180, 185)
    assert answer["projection"]["waiting"] == 1


def test_operators_settle_parked_events(
    twins: Twins, client_for: Callable[..., StrictClient]
) -> None:
    with platform_scope(reason="a test's operator"):
        operator = Account.objects.create(email="ariane@example.org", is_platform_operator=True)
        parked = Parked.objects.create(
            tenant=twins.a,
            event=7,
            kind="test",
            version=1,
            subject=uuid.uuid4(),
            reason="ValueError",
        )
    client = StrictClient("platform.localhost")
    with platform_scope(reason="a test's operator"):
        client.force_login(operator)
    page = client.get("/federation/echanges/")
    assert "Alpha" in page.content.decode()
    for _ in range(2):
        answer = client.post(f"/federation/echanges/{parked.public_id}/reessayer/")
        assert answer.status_code == 302
    with platform_scope(reason="a test looks"):
        parked.refresh_from_db()
    assert parked.outcome == "retried"


def test_a_lost_connection_is_no_failed_attempt(
    region: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(tenant: Tenant, events: Sequence[Event]) -> None:
        with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
        Parked.objects.exists()

    monkeypatch.setattr("regions.outbox.services._wakers", [])
    say(region, uuid.uuid4())
    with HANDLERS.restored(empty=True):
        HANDLERS.register(Handler(name="test", versions=(1,), apply=cut))
        with pytest.raises(Exception, match=r"terminat|closed|connection"):
            project(region)
    connections["default"].close()
    with tenant_scope(region):
        assert OutboxEvent.objects.get().attempts == 0
    assert projector.project(region) == 1

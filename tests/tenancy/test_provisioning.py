"""A region in one act: equal to a migrated one, usable at once, or not there at all."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from tenants import provisioning, roles, template
from tenants.errors import ProvisioningError
from tenants.migration import migrate_all, schema_migrate
from tenants.models import Domain, Tenant
from tenants.provisioning import ProvisioningRequest, tenant_create, tenant_remove
from tests.factories import provision
from tests.tenancy.sql import rows, value


@pytest.fixture
def unblocked(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        for one in connections.all():
            one.close()


def _structure(schema: str) -> str:
    """The schema as pg_dump sees it, without its own name."""
    text = template._pg_dump(schema)
    text = re.sub(r"^\\.*$|^--.*$", "", text, flags=re.M)
    return re.sub(rf'"?\b{schema}\b"?', "SCHEMA", text)


def test_a_replayed_schema_equals_a_migrated_one(unblocked: None) -> None:
    replayed = provision("replayed")
    schema_migrate("migrated_by_hand")
    try:
        ours, theirs = _structure(replayed.schema_name), _structure("migrated_by_hand")
        assert ours == theirs, "write checks as PostgreSQL keeps them: no IN, no BETWEEN"
        assert "CONSTRAINT account_email_is_lower_case" in ours, "names are kept"
        assert template.applied_migrations(replayed.schema_name) == template.applied_migrations(
            "migrated_by_hand"
        )
    finally:
        tenant_remove(replayed)
        rows("DROP SCHEMA migrated_by_hand CASCADE", alias="owner")


def test_usable_within_a_second(unblocked: None) -> None:
    warm = provision("warm")  # what a process does once is not what a region costs
    Client(headers={"host": "warm.localhost"}).get("/")
    tenant_remove(warm)
    started = time.monotonic()
    tenant = provision("swift")
    page = Client(headers={"host": "swift.localhost"}).get("/")
    elapsed = time.monotonic() - started
    try:
        assert page.status_code == 200
        assert elapsed < 1.0
        from core.accounts.models import Account, RoleAssignment
        from tenants.context import tenant_scope

        with tenant_scope(tenant):
            admin = Account.objects.get(email="admin@swift.example.org")
            assert RoleAssignment.objects.filter(account=admin, role="administrator").exists()
    finally:
        tenant_remove(tenant)


def _traces(slug: str) -> list[object]:
    schema = f"t_{slug}"
    return [
        value("SELECT count(*) FROM pg_namespace WHERE nspname = %s", schema, alias="owner"),
        roles.role_exists(roles.role_of(schema)),
        Tenant.objects.using("owner").filter(slug=slug).exists(),
        Domain.objects.using("owner").filter(host__contains=slug).exists(),
    ]


@pytest.mark.parametrize("broken_after", [0, 1, 99])
def test_a_failure_half_way_leaves_nothing(
    broken_after: int, unblocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(**kwargs: object) -> None:
        raise ZeroDivisionError("half-way")

    steps = list(provisioning._steps.items())
    steps.insert(min(broken_after, len(steps)), ("broken", explode))
    monkeypatch.setattr(provisioning, "_steps", dict(steps))
    with pytest.raises(ZeroDivisionError):
        provision("halfway")
    assert _traces("halfway") == [0, False, False, False]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("slug", {"slug": "A"}),
        ("slug", {"slug": "admin"}),
        ("slug", {"slug": "ab_cd"}),
        ("slug", {"slug": "x" * 31}),
        ("slug", {"slug": "1abc"}),
        ("slug", {"slug": "pg-stat"}),
        ("name", {"name": "  "}),
        ("host", {"hosts": []}),
        ("host", {"hosts": ["http://x.example.org"]}),
        ("host", {"hosts": ["UPPER.example.org"]}),
        ("host", {"hosts": ["x.example.org", "x.example.org"]}),
        ("host", {"hosts": ["platform.localhost"]}),
        ("modules", {"modules": ["teleport"]}),
        ("regions", {"extra": {"regions": ["99"], "admin_email": "a@example.org"}}),
        ("regions", {"extra": {"regions": [], "admin_email": "a@example.org"}}),
        ("admin_email", {"extra": {"regions": ["53"], "admin_email": "nobody"}}),
    ],
)
def test_refused_before_anything_is_made(field: str, change: dict, unblocked: None) -> None:
    good = {
        "slug": "refused",
        "name": "Refused",
        "hosts": ["refused.localhost"],
        "extra": {"regions": ["53"], "admin_email": "a@example.org"},
    }
    with pytest.raises(ProvisioningError) as caught:
        tenant_create(ProvisioningRequest(**{**good, **change}))
    assert field in caught.value.fields
    assert _traces("refused") == [0, False, False, False]


def test_taken_slug_and_host(unblocked: None) -> None:
    first = provision("taken")
    try:
        with pytest.raises(ProvisioningError) as caught:
            provision("taken")
        assert {"slug", "host"} <= set(caught.value.fields)
        with pytest.raises(ProvisioningError) as caught:
            provision("another", hosts=["taken.localhost"])
        assert set(caught.value.fields) == {"host"}
    finally:
        tenant_remove(first)


def test_two_at_once_one_wins(unblocked: None) -> None:
    outcomes: list[object] = []

    def work() -> None:
        try:
            outcomes.append(provision("race"))
        except ProvisioningError as error:
            outcomes.append(error)
        finally:
            for one in connections.all():
                one.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one for one in outcomes if isinstance(one, Tenant)]
    assert len(made) == 1
    assert all(isinstance(one, ProvisioningError) for one in outcomes if one not in made)
    tenant_remove(made[0])
    assert _traces("race") == [0, False, False, False]


def test_twenty_regions_one_locked_one_broken(
    unblocked: None, capsys: pytest.CaptureFixture
) -> None:
    """One region that cannot be migrated stops no other, and the exit status says so."""
    from django.core.management import CommandError, call_command

    made = [provision(f"fleet-{number}") for number in range(20)]
    try:
        for tenant in made:  # all are one migration behind
            rows(
                f"DELETE FROM {roles.quote(tenant.schema_name)}.django_migrations "
                "WHERE app = 'cache'",
                alias="owner",
            )
            rows(f"DROP TABLE {roles.quote(tenant.schema_name)}.cache_entry", alias="owner")
        # fleet-3 keeps a table in the way: its migration fails each time.
        rows('CREATE TABLE "t_fleet_3".cache_entry (id int)', alias="owner")
        with pytest.raises(CommandError) as caught:
            call_command("migrate_schemas")
        assert caught.value.returncode == 1
        lines = [line for line in capsys.readouterr().out.splitlines() if "t_fleet" in line]
        assert len(lines) == 20
        assert [line.split()[1] for line in lines if line.startswith("FAILED")] == ["t_fleet_3"]
        rows('DROP TABLE "t_fleet_3".cache_entry', alias="owner")
        outcomes = migrate_all(lambda outcome: None)
        assert [o.schema for o in outcomes if o.error] == []
        assert [o.schema for o in outcomes if o.changed] == ["t_fleet_3"]
        assert [o for o in migrate_all(lambda outcome: None) if o.changed or o.error] == []
    finally:
        for tenant in made:
            tenant_remove(tenant)


def test_a_locked_region_is_retried_then_reported(
    unblocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from tenants import migration

    monkeypatch.setattr(migration, "LOCK_TIMEOUT", "200ms")
    locked, free = provision("locked"), provision("free")
    owner = connections["owner"].settings_dict
    try:
        for tenant in (locked, free):
            rows(
                f"DELETE FROM {roles.quote(tenant.schema_name)}.django_migrations "
                "WHERE app = 'cache'",
                alias="owner",
            )
            rows(f"DROP TABLE {roles.quote(tenant.schema_name)}.cache_entry", alias="owner")
        with psycopg.connect(
            host=owner["HOST"],
            port=owner["PORT"],
            user=owner["USER"],
            password=owner["PASSWORD"],
            dbname=owner["NAME"],
        ) as holder:
            holder.execute('LOCK TABLE "t_locked".django_migrations IN ACCESS EXCLUSIVE MODE')
            outcomes = {o.schema: o for o in migrate_all(lambda outcome: None)}
            assert (
                "LockNotAvailable" in outcomes["t_locked"].error
                or "lock" in outcomes["t_locked"].error
            )
            assert outcomes["t_free"].changed
            assert not outcomes["t_free"].error
        monkeypatch.undo()
        outcomes = {o.schema: o for o in migrate_all(lambda outcome: None)}
        assert outcomes["t_locked"].changed
        assert not outcomes["t_locked"].error
    finally:
        for tenant in (locked, free):
            tenant_remove(tenant)


def test_dropping_under_load_hurts_nobody_else(unblocked: None) -> None:
    """Regions leave one per transaction while another is being read."""
    from tenants.context import tenant_scope
    from tests.tenancy.sql import mark, read_mark

    stays, leaving = provision("stays"), [provision(f"leaving-{n}") for n in range(6)]
    with tenant_scope(stays):
        mark("stays")
    stop, wrong, reads = threading.Event(), [], [0]

    def read() -> None:
        try:
            with tenant_scope(stays):
                while not stop.is_set():
                    if read_mark() != "stays":
                        wrong.append("leak")
                    reads[0] += 1
        except BaseException as error:
            wrong.append(repr(error))
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for tenant in leaving:
            tenant_remove(tenant)
    finally:
        stop.set()
        reader.join()
        tenant_remove(stays)
    assert wrong == []
    assert reads[0] > 20
    assert (
        value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_leaving%%'", alias="owner")
        == 0
    )
    assert settings.TENANT_ROLE_PREFIX

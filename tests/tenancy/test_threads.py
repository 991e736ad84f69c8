"""What is current belongs to one thread; a new thread starts with nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection

from tenants.context import current_tenant_or_none, each_tenant, tenant_scope
from tenants.errors import NoTenantError
from tenants.models import Tenant
from tests.tenancy.sql import mark, read_mark


def test_interleaved_threads_keep_their_region(committed_regions: Callable[..., Tenant]) -> None:
    """Two scopes nested in step, in two threads: the stock stack hands each the other's."""
    a, b = committed_regions("thread-a"), committed_regions("thread-b")
    for tenant in (a, b):
        with tenant_scope(tenant):
            mark(tenant.slug)
    step = threading.Barrier(2, timeout=10)
    seen: dict[str, list[str]] = {"thread-a": [], "thread-b": []}
    errors: list[BaseException] = []

    def work(own: Tenant, other: Tenant) -> None:
        try:
            for _ in range(20):
                with tenant_scope(own):
                    step.wait()
                    with tenant_scope(other):
                        step.wait()
                        seen[own.slug].append(read_mark())
                    step.wait()
                    seen[own.slug].append(read_mark())
                step.wait()
        except BaseException as error:
            errors.append(error)
            step.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert seen == {
        "thread-a": ["thread-b", "thread-a"] * 20,
        "thread-b": ["thread-a", "thread-b"] * 20,
    }


def test_a_new_thread_reads_no_region(committed_regions: Callable[..., Tenant]) -> None:
    tenant = committed_regions("newborn")
    found: list[object] = []

    def work() -> None:
        found.append(current_tenant_or_none())
        try:
            found.append(read_mark())
        except ProgrammingError as error:
            found.append(type(error.__cause__).__name__)
        finally:
            connection.close()

    with tenant_scope(tenant):
        mark(tenant.slug)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert found == [None, "InsufficientPrivilege"]


def test_a_scope_ends_with_its_error(tenant: Tenant) -> None:
    other = Tenant(slug="other", schema_name="t_other", name="Other")
    with pytest.raises(ZeroDivisionError), tenant_scope(other):
        raise ZeroDivisionError
    assert current_tenant_or_none() == tenant


@pytest.mark.parametrize("schema", ["", "public"])
def test_public_is_not_a_region(schema: str) -> None:
    with pytest.raises(NoTenantError), tenant_scope(Tenant(slug="x", schema_name=schema)):
        pass


def test_each_tenant_visits_live_regions_in_their_own_scope(
    committed_regions: Callable[..., Tenant],
) -> None:
    made = [committed_regions("tour-a"), committed_regions("tour-b")]
    quiet = committed_regions("tour-quiet", state=Tenant.State.PREPARING)
    for tenant in [*made, quiet]:
        with tenant_scope(tenant):
            mark(tenant.slug)
    visited = {t.slug: read_mark() for t in each_tenant() if t.slug.startswith("tour-")}
    assert visited == {"tour-a": "tour-a", "tour-b": "tour-b"}
    everyone = [t.slug for t in each_tenant(state=None) if t.slug.startswith("tour-")]
    assert everyone == ["tour-a", "tour-b", "tour-quiet"]
    for tenant in each_tenant():
        assert current_tenant_or_none() == tenant
        break
    assert current_tenant_or_none() is None
    with tenant_scope(made[0]):  # the list is read in the registry, not lazily in a region
        assert {t.slug for t in each_tenant()} >= {"tour-a", "tour-b"}
        assert current_tenant_or_none() == made[0]

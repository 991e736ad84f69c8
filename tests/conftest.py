"""The harness: real PostgreSQL, the powerless login, twin regions, a demanding client."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tenants.context import tenant_scope
from tenants.memory import forget_all
from tenants.middleware import forget_addresses
from tenants.models import Tenant
from tests import databases
from tests.client import StrictClient
from tests.factories import provision


@dataclass(frozen=True)
class Twins:
    """Two regions with the same primary keys and different content: a leak shows a wrong name."""

    a: Tenant
    b: Tenant

    def __iter__(self) -> Iterator[Tenant]:
        return iter((self.a, self.b))


TEST_SECONDS = 300


def _overdue(_number: int, _frame: Any) -> None:
    """End a test that hangs: by an error first, then by the end of its process."""
    signal.signal(signal.SIGALRM, lambda *_: os._exit(70))
    signal.alarm(30)
    faulthandler.dump_traceback()
    raise TimeoutError(f"the test took more than {TEST_SECONDS} s")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Give every test a limit: a browser that never answers must not hold up a whole run."""
    signal.signal(signal.SIGALRM, _overdue)
    signal.alarm(TEST_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every database test use both logins: the powerless one and the owner."""
    for item in items:
        if "_database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(databases=["default", "owner"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this worker its own copy of the template, and its own role names."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock():
        settings.TENANT_ROLE_PREFIX = f"{name}_"
        template = databases.template_database()
        databases.create(name, template)
        databases.point_to(name)
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture(scope="session")
def twins(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Twins:
    """Make the two regions once; their first rows are committed, tests add theirs and roll back."""
    with django_db_blocker.unblock():
        made = Twins(
            provision("alpha", name="Alpha", regions=["53"]),
            provision("beta", name="Beta", regions=["32"]),
        )
        for connection in connections.all():
            connection.close()
    return made


@pytest.fixture
def _database(twins: Twins, db: None) -> None:
    """A transaction that is rolled back, with the twins committed before it."""


@pytest.fixture
def tenant(twins: Twins, _database: None) -> Iterator[Tenant]:
    """Enter twin A for the whole test."""
    with tenant_scope(twins.a):
        yield twins.a


@pytest.fixture
def client_for(twins: Twins, _database: None) -> Callable[..., StrictClient]:
    """Return a function (tenant, account=None, host=None) → a client, signed in as ``account``."""

    def make(tenant: Tenant, account: Any = None, host: str | None = None) -> StrictClient:
        client = StrictClient(host or f"{tenant.slug}.localhost")
        if account is not None:
            with tenant_scope(tenant):
                client.force_login(account)
        return client

    return make


@pytest.fixture
def client(twins: Twins, client_for: Callable[..., StrictClient]) -> StrictClient:
    """A visitor of twin A."""
    return client_for(twins.a)


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """No test sees what another's process has remembered."""
    forget_addresses()
    forget_all()
    yield
    forget_addresses()
    forget_all()


@pytest.fixture
def committed_regions(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[..., Tenant]]:
    """Return a function (slug) → a committed region, removed after the test.

    For tests with several connections: threads, processes, a live server.
    """
    from tenants.provisioning import tenant_remove

    made: list[Tenant] = []
    with django_db_blocker.unblock():

        def make(slug: str, **options: Any) -> Tenant:
            tenant = provision(slug, **options)
            made.append(tenant)
            return tenant

        yield make
        for connection in connections.all():
            connection.close()
        for tenant in made:
            tenant_remove(tenant)
        connections["owner"].close()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a real Redis, started by ``manage.py test``."""
    url = os.environ.get("REDIS_TEST_URL", "")
    assert url, "REDIS_TEST_URL is not set: run the suite with `python3 manage.py test`"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = f"{url.rsplit('/', 1)[0]}/{int(worker) + 1}"  # one numbered database per worker
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()
    return url


@pytest.fixture
def account_factory() -> Callable[..., Any]:
    """Return a function that makes an account in the current scope."""
    from tests.factories import make_account

    return make_account

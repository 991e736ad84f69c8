"""Seeded faults: each takes one mechanism of the boundary away, and its tests must then fail.

A pytest plugin. ``test_seeded_faults.py`` runs the named tests in a process of their own with
``PASSERELLE_FAULT`` set; the same tests pass without it in the suite.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What is taken away, and the tests (pytest arguments) that must notice."""

    apply: Callable[[], None]
    tests: tuple[str, ...]


def _swallow() -> None:
    """A failed SET is ignored, as the stock backend does."""
    from tenants.backend.base import DatabaseWrapper

    def enter(self: Any) -> None:
        wanted = self._wanted()
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(wanted)
        except Exception:
            pass

    DatabaseWrapper._enter = enter


def _stale_after_rollback() -> None:
    """The state is remembered across a rollback that undid it."""
    from django_tenants.postgresql_backend.base import DatabaseWrapper as Stock

    from tenants.backend.base import DatabaseWrapper

    DatabaseWrapper.rollback = Stock.rollback


def _one_role() -> None:
    """Every region's role may use every region's tables."""
    from tenants import roles

    real = roles.grant_schema

    def grant(schema_name: str) -> None:
        real(schema_name)
        schema, everyone = roles.quote(schema_name), roles.quote(roles.tenants_role())
        roles._run(
            [
                f"GRANT USAGE ON SCHEMA {schema} TO {everyone}",
                f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {everyone}",
            ]
        )

    roles.grant_schema = grant


def _shared_stack() -> None:
    """What is current is kept on the process, not on the thread."""
    from tenants import context

    class Shared:
        def __init__(self) -> None:
            self.value = context.REGISTRY

        def get(self) -> Any:
            return self.value

        def set(self, value: Any) -> Any:
            before, self.value = self.value, value
            return before

        def reset(self, before: Any) -> None:
            self.value = before

    context._scope = Shared()


def _content_types_in_tenants() -> None:
    """Content types live in every region."""
    from django.conf import settings

    settings.TENANT_APPS.append("django.contrib.contenttypes")


def _open_public() -> None:
    """Every region may read all of public."""
    from tenants import roles

    real = roles.grant_schema

    def grant(schema_name: str) -> None:
        real(schema_name)
        role = roles.quote(roles.role_of(schema_name))
        roles._run([f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"])

    roles.grant_schema = grant


def _lazy_tour() -> None:
    """``each_tenant`` reads its list lazily, in whatever scope is current."""
    from tenants import context
    from tenants.models import Tenant
    from tests.tenancy import test_threads

    def each(*, state: str | None = "live") -> Any:
        rows = Tenant.objects.order_by("pk")
        for tenant in rows if state is None else rows.filter(state=state):
            with context.tenant_scope(tenant):
                yield tenant

    test_threads.each_tenant = each


def _task_without_region() -> None:
    """A task runs wherever the worker happens to be."""
    import celery

    from tenants.tasks import TenantTask

    TenantTask.__call__ = celery.Task.__call__


def _plain_cache_keys() -> None:
    """Cache keys carry no region."""
    from tenants import cache

    def plain(key: str, key_prefix: str, version: int) -> str:
        return f"{key_prefix}:{version}:{key}"

    cache.make_key = plain
    from django.core.cache import caches

    caches["default"].key_func = cache.make_key


def _plain_memory() -> None:
    """What a process remembers is one value for all regions."""
    from tenants import memory
    from tenants.context import REGISTRY

    memory.current_scope = lambda: REGISTRY


def _plain_salts() -> None:
    """Signed values carry no region."""
    from tenants import signing

    signing._salt = lambda purpose: purpose


def _plain_session_hash() -> None:
    """A session's hash carries no region."""
    from django.contrib.auth.base_user import AbstractBaseUser

    from core.accounts.models import Account

    Account._get_session_auth_hash = AbstractBaseUser._get_session_auth_hash


def _plain_prefix() -> None:
    """Files of all regions share one prefix."""
    from tenants import storage

    storage.tenant_prefix = lambda: "shared"


def _pooler_accepted() -> None:
    """Nobody looks for a pooler."""
    from tests.tenancy import test_pooler

    test_pooler.check_session_pooling = lambda **kwargs: []


def _first_failure_stops() -> None:
    """One broken region stops the migration of the others."""
    from tenants import migration

    real = migration.schema_migrate

    def strict(schema_name: str) -> str:
        try:
            return real(schema_name)
        except Exception as error:
            raise SystemExit(1) from error

    migration.schema_migrate = strict


def _role_left_behind() -> None:
    """A region that leaves keeps its role."""
    from tenants import roles

    roles.drop_role = lambda schema_name: None


def _any_host() -> None:
    """A host is taken as it comes."""
    from tenants import middleware

    middleware.normalise_host = lambda raw: raw.strip()


def _sticky_scope() -> None:
    """The region stays set after the response."""
    from tenants import context, middleware

    @contextlib.contextmanager
    def sticky(tenant: Any) -> Any:
        context._scope.set(context.Scope("tenant", tenant))
        yield tenant

    middleware.tenant_scope = sticky


def _talkative_logs() -> None:
    """Nothing is scrubbed."""
    from tenants import logs

    logs.scrub = lambda text: text
    logs._scrub_value = lambda value: value


def _not_atomic() -> None:
    """A region is made step by step, each committed."""
    from tenants import provisioning

    class Loose:
        @staticmethod
        def atomic(using: str) -> Any:
            return contextlib.nullcontext()

    provisioning.transaction = Loose


def _names_lost() -> None:
    """The replay loses the names of constraints, as a clone does."""
    from tenants import provisioning, template

    real = template.replay_sql

    class Lossy:
        dump_renew = staticmethod(template.dump_renew)

        @staticmethod
        def replay_sql(dump: Any, schema_name: str) -> str:
            return real(dump, schema_name).replace("account_email_is_lower_case", "check_1")

    provisioning.template = Lossy


T = "tests/tenancy"


def _regular_in_utc() -> None:
    """What repeats is stepped as an instant, a week at a time: summer moves it by an hour."""
    import datetime as dt

    from rides.adverts import occurrences
    from rides.matching.timing import instant

    def stepped(day: dt.date, at: dt.time, zone: str) -> dt.datetime:
        winter = dt.date(day.year, 1, 1)
        return instant(winter, at, zone) + (day - winter)

    occurrences.instant = stepped


FAULTS: dict[str, Fault] = {
    "failed-set-swallowed": Fault(_swallow, (f"{T}/test_backend.py",)),
    "state-kept-after-rollback": Fault(_stale_after_rollback, (f"{T}/test_backend.py",)),
    "one-role-for-all": Fault(_one_role, (f"{T}/test_roles.py",)),
    "stack-on-the-process": Fault(_shared_stack, (f"{T}/test_threads.py",)),
    "content-types-in-regions": Fault(_content_types_in_tenants, (f"{T}/test_introspection.py",)),
    "public-open-to-regions": Fault(
        _open_public, (f"{T}/test_introspection.py", f"{T}/test_roles.py")
    ),
    "lazy-tour": Fault(_lazy_tour, (f"{T}/test_threads.py",)),
    "task-without-region": Fault(_task_without_region, (f"{T}/test_tasks.py",)),
    "cache-key-without-region": Fault(_plain_cache_keys, (f"{T}/test_cache_and_signing.py",)),
    "memory-without-region": Fault(_plain_memory, (f"{T}/test_memory.py",)),
    "salt-without-region": Fault(_plain_salts, (f"{T}/test_cache_and_signing.py",)),
    "session-hash-without-region": Fault(_plain_session_hash, (f"{T}/test_cache_and_signing.py",)),
    "files-without-prefix": Fault(_plain_prefix, (f"{T}/test_media.py",)),
    "pooler-accepted": Fault(_pooler_accepted, (f"{T}/test_pooler.py",)),
    "first-failure-stops-migrations": Fault(
        _first_failure_stops, (f"{T}/test_provisioning.py", "-k", "twenty")
    ),
    "regular-in-utc": Fault(
        _regular_in_utc, ("tests/rides/test_occurrences.py", "-k", "ten_years")
    ),
    "role-left-behind": Fault(
        _role_left_behind, (f"{T}/test_provisioning.py", "-k", "two_at_once")
    ),
    "host-as-it-comes": Fault(_any_host, (f"{T}/test_hosts.py",)),
    "region-stays-set": Fault(_sticky_scope, (f"{T}/test_hosts.py",)),
    "logs-not-scrubbed": Fault(_talkative_logs, (f"{T}/test_logs.py",)),
    "provisioning-not-atomic": Fault(_not_atomic, (f"{T}/test_provisioning.py", "-k", "half_way")),
    "constraint-names-lost": Fault(_names_lost, (f"{T}/test_provisioning.py", "-k", "equals")),
}


def pytest_collection_finish() -> None:
    """Take the mechanism away once everything is imported, before the first fixture."""
    name = os.environ.get("PASSERELLE_FAULT")
    if name:
        FAULTS[name].apply()

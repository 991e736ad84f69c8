"""Each region's role reaches its own schema, and no other: N × (N − 1) probes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest
from django.db import ProgrammingError, transaction
from psycopg.errors import InsufficientPrivilege

from tenants import roles
from tenants.context import platform_scope, registry_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.tenancy.sql import rows, value


def _tables(schema: str) -> list[str]:
    return [
        name
        for (name,) in rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1",
            schema,
            alias="owner",
        )
    ]


def _refused(statement: str) -> bool:
    try:
        with transaction.atomic():
            rows(statement)
    except ProgrammingError as error:
        return isinstance(error.__cause__, InsufficientPrivilege)
    return False


def test_n_by_n_minus_one(committed_regions: Callable[..., Tenant]) -> None:
    regions = [committed_regions(f"probe-{letter}") for letter in "abcd"]
    tables = _tables(regions[0].schema_name)
    assert len(tables) > 5
    probes = 0
    for here, there in permutations(regions, 2):
        with tenant_scope(here):
            for table in tables:
                for statement in (
                    f'SELECT count(*) FROM "{there.schema_name}"."{table}"',
                    f'DELETE FROM "{there.schema_name}"."{table}"',
                ):
                    assert _refused(statement), statement
                    probes += 1
    assert probes == 12 * len(tables) * 2
    for region in regions:
        with tenant_scope(region):
            for table in tables:
                assert value(f'SELECT count(*) FROM "{region.schema_name}"."{table}"') >= 0


def test_public_is_closed_but_for_the_allow_list(
    twins: Twins, _database: None, django_db_blocker: object
) -> None:
    allowed = set(roles.readable_by_tenants())
    assert "territories_municipality" in allowed
    assert not {"accounts_account", "django_session", "tenants_tenant"} & allowed
    for table in _tables("public"):
        with tenant_scope(twins.a):
            assert _refused(f'SELECT count(*) FROM public."{table}"') is (table not in allowed), (
                table
            )
            assert _refused(f'DELETE FROM public."{table}"'), table
        with registry_scope():
            open_to_registry = table in roles.READABLE_BY_REGISTRY
            assert _refused(f'SELECT count(*) FROM public."{table}"') is not open_to_registry, table
        with platform_scope(reason="probe"):
            assert not _refused(f'SELECT count(*) FROM public."{table}"'), table


def test_no_scope_and_the_platform_read_no_region(twins: Twins, _database: None) -> None:
    for scope in (registry_scope(), platform_scope(reason="probe")):
        with scope:
            for table in _tables(twins.a.schema_name):
                assert _refused(f'SELECT count(*) FROM "{twins.a.schema_name}"."{table}"'), table


def test_tenant_roles_own_nothing_and_cannot_log_in(twins: Twins, _database: None) -> None:
    for region in twins:
        role = roles.role_of(region.schema_name)
        assert (
            value(
                "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
                "WHERE r.rolname = %s",
                role,
            )
            == 0
        )
        assert rows(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles "
            "WHERE rolname = %s",
            role,
        ) == [(False, False, False, False)]
    with tenant_scope(twins.a), pytest.raises(ProgrammingError):
        rows("CREATE TABLE mine (id int)")

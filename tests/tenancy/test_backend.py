"""The connection is in the scope's role and schema, or it is closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from tenants.context import platform_scope, registry_scope, tenant_scope
from tenants.errors import TenancyDoorError
from tenants.models import Tenant
from tests.conftest import Twins
from tests.tenancy.sql import READ_MARK, mark, read_mark, rows, value
from tests.tenancy.storms import cancel_storm

STATE = "SELECT current_user, current_setting('search_path')"


def test_each_scope_has_its_role_and_path(twins: Twins, _database: None) -> None:
    from tenants import roles

    expected = {
        "registry": (roles.web_login(), "public"),
        "a": (roles.role_of("t_alpha"), "t_alpha, public"),
        "b": (roles.role_of("t_beta"), "t_beta, public"),
        "platform": (roles.platform_role(), "public"),
    }
    with registry_scope():
        assert rows(STATE) == [expected["registry"]]
        with tenant_scope(twins.a):
            assert rows(STATE) == [expected["a"]]
            with tenant_scope(twins.b):
                assert rows(STATE) == [expected["b"]]
            with platform_scope(reason="test"):
                assert rows(STATE) == [expected["platform"]]
            assert rows(STATE) == [expected["a"]], "the previous scope is restored"
        assert rows(STATE) == [expected["registry"]]


def test_web_session_is_powerless(twins: Twins, _database: None) -> None:
    from tenants import roles

    with connection.cursor() as cursor:
        assert not any(roles.describe(cursor, roles.web_login()).values())


def test_the_first_query_of_a_new_session_is_in_scope(twins: Twins, _database: None) -> None:
    fresh = connection.copy()
    try:
        with tenant_scope(twins.a), fresh.cursor() as cursor:
            cursor.execute("SELECT current_setting('search_path')")
            assert cursor.fetchone() == ("t_alpha, public",)
    finally:
        fresh.close()


def test_what_is_prepared_for_one_region_never_answers_for_another(
    twins: Twins, _database: None
) -> None:
    for tenant in twins:
        with tenant_scope(tenant):
            mark(tenant.slug)
    for _turn in range(3):
        for tenant in twins:
            with tenant_scope(tenant), connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(READ_MARK)
                assert cursor.fetchone() == (tenant.slug,)
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, %s) > 0"
    assert value(prepared, READ_MARK) == 2, "once for each region, and kept"


@pytest.mark.parametrize("undo", ["savepoint", "transaction"])
def test_a_rollback_undoes_the_set_and_the_next_query_sets_it_again(
    undo: str, committed_regions: Callable[..., Tenant]
) -> None:
    a, b = committed_regions("undo-a"), committed_regions("undo-b")
    for tenant in (a, b):
        with tenant_scope(tenant):
            mark(tenant.slug)
    with tenant_scope(a):
        assert read_mark() == "undo-a"
        if undo == "savepoint":
            with transaction.atomic():
                with pytest.raises(ZeroDivisionError), transaction.atomic(), tenant_scope(b):
                    assert read_mark() == "undo-b"
                    raise ZeroDivisionError
                assert read_mark() == "undo-a"
        else:
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                with tenant_scope(b):
                    assert read_mark() == "undo-b"
                raise ZeroDivisionError
    with tenant_scope(b):
        assert read_mark() == "undo-b"
    # The dangerous order: SET inside, ROLLBACK, then the same scope again.
    with tenant_scope(a):
        assert read_mark() == "undo-a"
    with tenant_scope(b):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert read_mark() == "undo-b"
            raise ZeroDivisionError
        assert read_mark() == "undo-b"


def test_a_failed_statement_leaves_the_savepoint_usable(tenant: Tenant) -> None:
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            rows("SELECT 1/0")
        assert value("SELECT 1") == 1


def test_a_set_that_fails_closes_the_session_and_raises(
    committed_regions: Callable[..., Tenant],
) -> None:
    real = committed_regions("closing")
    with tenant_scope(real):
        value("SELECT 1")
    ghost = Tenant(slug="ghost", schema_name="t_ghost", name="Ghost")
    with tenant_scope(ghost):
        with pytest.raises(DatabaseError):
            value("SELECT 1")
        assert connection.connection is None, "the session whose role is not known is gone"
        with pytest.raises(DatabaseError):
            value("SELECT count(*) FROM tenants_tenant")
    with tenant_scope(real):
        assert value("SELECT 1") == 1, "and the next scope opens another"


@pytest.mark.parametrize(
    "door",
    [
        lambda tenant: connection.set_tenant(tenant),
        lambda tenant: connection.set_schema("t_alpha"),
        lambda tenant: tenant.__enter__(),
        lambda tenant: tenant.activate(),
    ],
)
def test_no_other_door_opens(door: Callable[[Tenant], None], twins: Twins, _database: None) -> None:
    value("SELECT 1")
    with pytest.raises(TenancyDoorError):
        door(twins.a)


def test_cancel_storm(committed_regions: Callable[..., Tenant]) -> None:
    """Cancelling at random moments never makes a query run in another region."""
    storm = cancel_storm(committed_regions("storm-a"), committed_regions("storm-b"), seconds=3)
    assert storm.wrong == []
    assert storm.reads > 500
    assert storm.interrupted > 20, f"the storm must bite: {storm}"


def test_an_unknown_table_raises_instead_of_reading_public(tenant: Tenant) -> None:
    with pytest.raises(ProgrammingError):
        rows("SELECT * FROM public.tenants_tenant")

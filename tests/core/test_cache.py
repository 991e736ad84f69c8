"""The cache's table is what Django's back end expects, in every schema."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import connection

from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins


def columns(table: str, schema: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull "
            "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relname = %s AND n.nspname = %s AND a.attnum > 0 ORDER BY a.attnum",
            [table, schema],
        )
        return cursor.fetchall()


def test_the_columns_are_those_of_the_back_end(tenant: Tenant) -> None:
    """See ``createcachetable`` in Django, which this table replaces."""
    wanted = [
        ("cache_key", "character varying(255)", True),
        ("value", "text", True),
        ("expires", "timestamp with time zone", True),
    ]
    assert columns("cache_entry", tenant.schema_name) == wanted
    assert columns("cache_entry", "public") == wanted


def test_values_of_one_region_are_not_the_others(twins: Twins, tenant: Tenant) -> None:
    cache.set("greeting", "from alpha", 60)
    with tenant_scope(twins.b):
        assert cache.get("greeting") is None
        cache.set("greeting", "from beta", 60)
    with platform_scope(reason="a test reads the cache"):
        assert cache.get("greeting") is None
        assert cache.add("greeting", "from the platform", 60)
    assert cache.get("greeting") == "from alpha"
    assert cache.add("counter", 0)
    assert not cache.add("counter", 5)
    assert cache.incr("counter") == 1

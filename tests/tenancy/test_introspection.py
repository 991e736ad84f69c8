"""What exists where: no table in both schemas but the named ones; nothing falls through."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, transaction
from django.db.models import ForeignKey

from tenants.context import tenant_scope
from tenants.models import Tenant
from tenants.routers import lives_in
from tests.conftest import Twins
from tests.tenancy.sql import rows

DUAL = {"accounts", "cache", "sessions", "account", "mfa"}


def _tables(schema: str) -> set[str]:
    return {
        row[0]
        for row in rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", schema, alias="owner"
        )
    }


def test_only_named_apps_are_dual(twins: Twins, _database: None) -> None:
    both = {
        c.label
        for c in apps.get_app_configs()
        if lives_in(c.label, public=True) and lives_in(c.label, public=False)
    }
    assert both == DUAL
    shared = _tables("public") & _tables(twins.a.schema_name)
    dual_tables = {
        m._meta.db_table for label in DUAL for m in apps.get_app_config(label).get_models()
    }
    assert shared == dual_tables | {"django_migrations"}


def test_each_model_has_its_table_exactly_where_its_app_lives(
    twins: Twins, _database: None
) -> None:
    public, tenant = _tables("public"), _tables(twins.a.schema_name)
    for model in apps.get_models(include_auto_created=True):
        table, label = model._meta.db_table, model._meta.app_label
        assert (table in public) is lives_in(label, public=True), table
        assert (table in tenant) is lives_in(label, public=False), table


def test_no_foreign_key_crosses_the_line() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, ForeignKey):
                here, there = model._meta.app_label, field.related_model._meta.app_label
                for public in (True, False):
                    if lives_in(here, public=public):
                        assert lives_in(there, public=public), f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("table", ["django_content_type", "auth_permission", "django_admin_log"])
def test_content_types_exist_in_public_only(table: str, twins: Twins, _database: None) -> None:
    assert table in _tables("public")
    assert table not in _tables(twins.a.schema_name)
    with tenant_scope(twins.a), pytest.raises(ProgrammingError), transaction.atomic():
        rows(f"SELECT * FROM {table}")


def test_a_missing_table_raises_instead_of_reading_public(
    committed_regions: Callable[..., Tenant],
) -> None:
    tenant = committed_regions("hole")
    rows('DROP TABLE "t_hole".accounts_account CASCADE', alias="owner")
    from core.accounts.models import Account

    with tenant_scope(tenant), pytest.raises(ProgrammingError):
        list(Account.objects.all())


def test_every_listed_app_is_real() -> None:
    installed = {config.name for config in apps.get_app_configs()}
    for name in [*settings.SHARED_APPS, *settings.TENANT_APPS]:
        assert name in installed or any(config.name == name for config in apps.get_app_configs())

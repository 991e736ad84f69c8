"""Which tables exist in which schema, and which connection migrates them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections


def lives_in(app_label: str, *, public: bool) -> bool:
    """Whether an app's tables exist in the public schema (or in tenants' schemas)."""
    listed = settings.SHARED_APPS if public else settings.TENANT_APPS
    return apps.get_app_config(app_label).name in listed


class SchemaRouter:
    """Only ``owner`` migrates, and each schema receives the apps that live there."""

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """Answer Django's question for the schema that the owner connection has chosen."""
        if db != "owner":
            return False
        schema = connections[db].schema_name  # type: ignore[attr-defined]
        return lives_in(app_label, public=schema == "public")

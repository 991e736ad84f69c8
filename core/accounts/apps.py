"""The accounts app: label ``accounts``, in the public schema and in every tenant's."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts of members (tenant schemas) and of platform operators (public schema)."""

    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Fill the registries of the floors below: provisioning, menus, home, own data."""
        from core.accounts import entries, first_administrator, own_data
        from tenants import provisioning

        provisioning.register_validator("accounts", first_administrator.validate)
        provisioning.register_step("accounts", first_administrator.create)
        entries.register_entries()
        own_data.register_own_data()

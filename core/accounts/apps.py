"""The accounts app: label ``accounts``, in the public schema and in every tenant's."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts of members (tenant schemas) and of platform operators (public schema)."""

    name = "core.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

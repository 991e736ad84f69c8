"""Addresses under ``/administration/parametres/``. Namespace ``accounts-settings``."""

from __future__ import annotations

from django.urls import path

from core.accounts.console import rules

app_name = "accounts-settings"

urlpatterns = [path("", rules.rules, name="rules")]

"""The sheets app: no tables."""

from __future__ import annotations

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Reads CSV and XLSX files that people send."""

    name = "core.sheets"
    label = "sheets"

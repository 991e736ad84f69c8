"""The application "imports": files of people and of communities, and invitations."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Imports of one region. Tenant schema."""

    name = "communities.imports"
    label = "imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        """Put imports in the console, the history and the inventory of personal data."""
        from communities.imports import entries

        entries.register()

"""The application "search"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Finds rides for a passenger."""

    name = "rides.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Offer the search to the shell: first on the home page, and in the menus."""
        from rides.search import entries

        entries.register()

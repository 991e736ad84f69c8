"""The application "places"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Carpool places of the national schema: imported, shown, offered as stops."""

    name = "rides.places"
    label = "places"
    verbose_name = _("Carpool places")

    def ready(self) -> None:
        """Open the room of the console."""
        from rides.places import entries

        entries.register()

"""The application "adverts"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdvertsConfig(AppConfig):
    """Adverts of rides: published, shown, paused and deleted."""

    name = "rides.adverts"
    label = "adverts"
    verbose_name = _("Adverts")

    def ready(self) -> None:
        """Offer the pages of this app to the shell and to communities."""
        from rides.adverts import entries, measures

        entries.register()
        measures.register()

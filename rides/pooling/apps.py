"""The application "pooling"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoolingConfig(AppConfig):
    """Adverts that leave the region, by their authors' will. Tenant schema."""

    name = "rides.pooling"
    label = "pooling"
    verbose_name = _("Rides of partner regions")

    def ready(self) -> None:
        """Follow adverts, bookings and agreements; offer the pages."""
        from rides.pooling import entries

        entries.register()

"""The application "bookings"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """Rides asked for, accepted and cancelled."""

    name = "rides.bookings"
    label = "bookings"
    verbose_name = _("Bookings")

    def ready(self) -> None:
        """Offer « Réserver » on adverts, and this app's personal data."""
        from rides.bookings import entries, measures

        entries.register()
        measures.register()

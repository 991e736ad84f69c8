"""The application "relay"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelayConfig(AppConfig):
    """Conversations and bookings between members of two regions. Tenant schema."""

    name = "rides.relay"
    label = "relay"
    verbose_name = _("Rides across regions")

    def ready(self) -> None:
        """Follow bookings and conversations, read partners' letters, offer the pages."""
        from rides.relay import entries

        entries.register()

"""The application "conversations"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    """Messages between two people about an advert."""

    name = "rides.conversations"
    label = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        """Follow bookings, offer « Mes messages » and « Écrire »."""
        from rides.conversations import entries

        entries.register()

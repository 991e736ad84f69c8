"""The notifications app: no tables."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Sends mails."""

    name = "core.notifications"
    label = "notifications"

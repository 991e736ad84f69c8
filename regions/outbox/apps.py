"""The application "outbox"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Events that wait to be projected. Tenant schema."""

    name = "regions.outbox"
    label = "outbox"
    verbose_name = _("Outbox")

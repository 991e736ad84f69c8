"""The audit app: label ``audit``, in every region's schema."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The history of what was done in a region. Tenant schema."""

    name = "core.audit"
    label = "audit"
    verbose_name = _("History")

    def ready(self) -> None:
        """Say which personal data the history holds."""
        from core.audit import own_data

        own_data.register_own_data()

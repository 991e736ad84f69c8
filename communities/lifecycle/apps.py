"""The application "lifecycle": communities that fall asleep, change hands, or end."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    """The life and end of communities of one region. Tenant schema."""

    name = "communities.lifecycle"
    label = "lifecycle"
    verbose_name = _("Life of communities")

    def ready(self) -> None:
        """Say on the pages of communities what becomes of them."""
        from communities.lifecycle import entries

        entries.register()

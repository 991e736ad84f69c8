"""The application "bulk": one act on a whole list of members."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulkConfig(AppConfig):
    """Acts on whole lists of one region. Tenant schema."""

    name = "communities.bulk"
    label = "bulk"
    verbose_name = _("Acts on whole lists")

    def ready(self) -> None:
        """Take the acts on whole lists, give words to the history."""
        from communities.bulk import entries

        entries.register()

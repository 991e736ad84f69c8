"""The application "communities": people with an interest in common, and who belongs to them."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    """Communities of one region. Tenant schema."""

    name = "communities.communities"
    label = "communities"
    verbose_name = _("Communities")

    def ready(self) -> None:
        """Put communities in the menus, on the home page and in the registration."""
        from communities.communities import entries, measures

        entries.register()
        measures.register()

"""The application "communities.pooling"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesPoolingConfig(AppConfig):
    """Communities that are one with those of partner regions. Tenant schema."""

    name = "communities.pooling"
    label = "communities_pooling"
    verbose_name = _("Communities of several regions")

    def ready(self) -> None:
        """Follow communities and agreements; offer the pages."""
        from communities.pooling import entries

        entries.register()

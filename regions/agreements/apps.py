"""The application "agreements"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    """Agreements between regions. Public schema."""

    name = "regions.agreements"
    label = "agreements"
    verbose_name = _("Agreements between regions")

    def ready(self) -> None:
        """Let regions ask what they share; open the rooms of both consoles."""
        from regions.agreements import entries
        from tenants import roles

        roles.allow_execute("agreements_reach(text)", "agreements_caller()")
        entries.register()

"""The application "observatory"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    """Published figures of all regions: a read model. Public schema."""

    name = "regions.observatory"
    label = "observatory"
    verbose_name = _("Published figures")

    def ready(self) -> None:
        """Apply releases; let regions read what agreements allow."""
        from regions.observatory import entries, services
        from regions.projection.handlers import HANDLERS, Handler
        from regions.statistics.services import KIND, VERSION
        from tenants import roles

        HANDLERS.register(Handler(name=KIND, versions=(VERSION,), apply=services.apply))
        entries.register()
        roles.allow_execute(
            "observatory_regions()",
            "observatory_released(text[], text[], text, text, date, date, text[], text[], "
            "integer, integer)",
            "observatory_counted(text[], text[], text, text, date, date, text[], text[])",
        )

"""The application "statistics"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    """A region's figures, and what of them is published. Tenant schema."""

    name = "regions.statistics"
    label = "statistics"
    verbose_name = _("Statistics of a region")

    def ready(self) -> None:
        """Count accounts."""
        from regions.statistics import measures
        from regions.statistics.territory import facts_follow
        from regions.territories import moves

        measures.register()
        moves.register(
            moves.Mover(
                "statistics", facts_follow, order=200, label=_("Figures that are counted anew")
            )
        )

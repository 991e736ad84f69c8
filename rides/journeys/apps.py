"""The application "journeys"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    """« Mes trajets »: to come, to confirm, done."""

    name = "rides.journeys"
    label = "journeys"
    verbose_name = _("Journeys")

    def ready(self) -> None:
        """Offer « Mes trajets » to the shell."""
        from regions.territories import moves
        from rides.journeys import entries, measures
        from rides.journeys.territories import journeys_move

        entries.register()
        measures.register()
        moves.register(
            moves.Mover("journeys", journeys_move, label=_("Journeys done, by departure"))
        )

"""The application "letters"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """What one region tells another: carried by the projector, opened by its reader. Tenant."""

    name = "regions.letters"
    label = "letters"
    verbose_name = _("Letters between regions")

    def ready(self) -> None:
        """Carry events of kind ``letter``; name what histories say of them."""
        from core.audit import actions
        from regions.letters import border
        from regions.letters.receivers import KIND, VERSION
        from regions.projection.handlers import HANDLERS, Handler

        HANDLERS.register(Handler(name=KIND, versions=(VERSION,), apply=border.apply))
        actions.register("letter.refused", _("tried to write to a region without an agreement"))
        actions.register("letter.parked", _("could not read what a partner region wrote"))

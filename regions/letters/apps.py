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
        from regions.letters import border, tasks
        from regions.letters.models import Letter
        from regions.letters.receivers import KIND, LETTERS, VERSION
        from regions.projection.handlers import HANDLERS, Handler
        from regions.projection.queues import QUEUES, Queue

        HANDLERS.register(Handler(name=KIND, versions=(VERSION,), apply=border.apply))
        QUEUES.register(
            Queue(
                name=LETTERS,
                label=_("Letter"),
                prefix="letters_",
                rows=Letter.objects.all,
                wake=tasks.receive.enqueue,
            )
        )
        actions.register("letter.refused", _("tried to write to a region without an agreement"))
        actions.register("letter.parked", _("could not read what a partner region wrote"))

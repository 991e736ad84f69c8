"""The application "projection"."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectionConfig(AppConfig):
    """Applies the regions' events to the public schema."""

    name = "regions.projection"
    label = "projection"
    verbose_name = _("Projection")

    def ready(self) -> None:
        """Be woken by outboxes, tell health, show operators."""
        from regions.onboarding.health import SIGNS, Sign
        from regions.outbox.models import OutboxEvent
        from regions.outbox.services import on_recorded
        from regions.projection import entries, queries, tasks
        from regions.projection.queues import EVENTS, QUEUES, Queue

        on_recorded(tasks.project_region.enqueue)
        QUEUES.register(
            Queue(
                name=EVENTS,
                label=pgettext_lazy("projection", "Event"),
                prefix="",
                rows=OutboxEvent.objects.all,
                wake=tasks.project_region.enqueue,
                order=10,
            )
        )
        SIGNS.register(Sign(name="projection", read=lambda: queries.lag()._asdict()))
        entries.register()

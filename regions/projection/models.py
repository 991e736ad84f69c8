"""What the projector remembers. Public schema; regions read and write none of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class Applied(models.Model):
    """The last event of a subject that was applied: an event that comes twice is applied once."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    subject = models.UUIDField()
    sequence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "subject"], name="applied_once_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.sequence}"


class Parked(models.Model):
    """What a queue of a region set aside, for operators. It says nothing of what is in it."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITS = "waits", _("Waits for somebody")
        RETRIED = "retried", _("Tried again")
        DISCARDED = "discarded", _("Given up")
        REPLACED = "replaced", _("Replaced by a later event")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="+", verbose_name=_("region")
    )
    queue = models.CharField(_("queue"), max_length=10, default="events", db_default="events")
    """``queues.QUEUES``: an event of its outbox, or a letter that it could not read."""
    event = models.BigIntegerField(_("number of the event"))
    kind = models.CharField(_("kind"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    subject = models.UUIDField(_("subject"))
    reason = models.CharField(_("reason"), max_length=200)
    parked_at = models.DateTimeField(_("parked at"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=Outcome.choices, default=Outcome.WAITS
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("parked event")
        verbose_name_plural = _("parked events")
        ordering: ClassVar[list[str]] = ["-parked_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tenant", "queue", "event"],
                condition=Q(outcome="waits"),
                name="parked_once_per_queue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version} {self.event}"


class Backlog(models.Model):
    """How far behind the projector and the readers of letters are with a region, as last seen."""

    tenant = models.OneToOneField(
        Tenant, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    waiting = models.PositiveIntegerField(_("events that wait"))
    parked = models.PositiveIntegerField(_("parked events"))
    oldest_at = models.DateTimeField(_("oldest event that waits"), null=True, blank=True)
    letters_waiting = models.PositiveIntegerField(_("letters that wait"), default=0, db_default=0)
    letters_parked = models.PositiveIntegerField(_("parked letters"), default=0, db_default=0)
    letters_oldest_at = models.DateTimeField(_("oldest letter that waits"), null=True, blank=True)
    """Letters have been brought to the region, which has not read them yet."""
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("backlog of a region")

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.waiting}"

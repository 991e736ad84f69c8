"""The queue of a region's events; a row goes once it is projected. Tenant schema.

The table is the truth: whatever wakes the projector may be lost.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class OutboxSubject(models.Model):
    """What events are about, and how many it has had: the order in which they must be applied."""

    subject = models.UUIDField(_("subject"), primary_key=True)
    sequence = models.BigIntegerField(_("number of its last event"))

    class Meta:
        verbose_name = _("subject of events")

    def __str__(self) -> str:
        return str(self.subject)


class OutboxEvent(models.Model):
    """One event that is not projected yet. Nothing in it says who somebody is."""

    kind = models.CharField(_("kind"), max_length=40)
    """Such as ``advert``: names the handler."""
    version = models.PositiveSmallIntegerField(_("version of the payload"))
    subject = models.UUIDField(_("subject"))
    sequence = models.BigIntegerField(_("number among the subject's events"))
    payload = models.JSONField(_("payload"))
    created_at = models.DateTimeField(_("recorded at"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), db_default=0)
    not_before = models.DateTimeField(_("not before"), db_default=Now())
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    """Set aside: it failed too often. Those of its subject wait behind it, nobody else's."""
    reason = models.CharField(_("last failure"), max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("event to project")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject", "sequence"], name="outbox_once_per_sequence")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(parked_at__isnull=True), name="outbox_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version} {self.subject} {self.sequence}"

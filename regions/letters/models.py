"""A region's letter box: what partners have told it and it has not read yet. Tenant schema."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One thing that a partner told; a row goes once it is read.

    ``sender`` was written by the projector, which knows whose outbox it came from: nothing in the
    letter itself can say otherwise.
    """

    sender = models.BigIntegerField(_("sender (key of its tenant)"))
    sender_name = models.CharField(_("sender’s name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.UUIDField(_("subject"))
    body = models.JSONField(_("body"))
    created_at = models.DateTimeField(_("brought at"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), db_default=0)
    not_before = models.DateTimeField(_("not before"), db_default=Now())
    parked_at = models.DateTimeField(_("parked at"), null=True, blank=True)
    """Set aside: it failed too often. Those of its subject wait behind it, nobody else's."""
    reason = models.CharField(_("last failure"), max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("letter of a partner region")
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["not_before"], condition=Q(parked_at__isnull=True), name="letter_waiting"
            ),
            models.Index(fields=["sender", "subject", "id"], name="letter_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

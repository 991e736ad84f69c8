"""One line of history: who did what to which object, with what changed. Tenant schema.

Lines are written by ``services.record`` and never rewritten, but for what a deleted account takes
with it (see ``own_data``).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Something that a person, or a task, did to an object."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    """Empty: the platform itself, or somebody whose account is gone."""
    by_person = models.BooleanField(_("by a person"), default=True)
    """Tells a task from somebody whose account is gone."""
    action = models.CharField(_("action"), max_length=60)
    """A code such as ``community.updated``; its words are in ``actions``."""
    kind = models.CharField(_("kind of object"), max_length=30)
    object_id = models.CharField(_("object"), max_length=40)
    """Primary key of the object, as text: the object may be gone."""
    label = models.CharField(_("name of the object"), max_length=200, blank=True)
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person concerned"),
    )
    """Whom the act is about: the member who was accepted, the person who was suspended."""
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    """``{"field": [before, after]}``, only of what the act changed."""
    note = models.TextField(_("reason"), blank=True)
    batch = models.UUIDField(_("bulk action"), null=True, blank=True, db_index=True)
    """The same for all lines that one click wrote, so that one click undoes them."""

    class Meta:
        verbose_name = _("line of history")
        verbose_name_plural = _("history")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "object_id", "-at"], name="audit_of_object")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.object_id}"

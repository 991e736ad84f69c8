"""« Publier une annonce », half-way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account


class AdvertDraft(models.Model):
    """« Publier une annonce », half-way: what was typed, as it was typed, for its author alone.

    One of a new advert, and one of each advert that is being changed.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="advert_drafts", verbose_name=_("account")
    )
    advert = models.ForeignKey(
        "adverts.Advert",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name=_("advert being changed"),
    )
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("what was typed"), default=dict
    )
    updated_at = models.DateTimeField(_("changed on"), auto_now=True)

    class Meta:
        verbose_name = _("draft of an advert")
        verbose_name_plural = _("drafts of adverts")
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["updated_at"], name="draft_by_age"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(advert__isnull=True),
                name="draft_one_new_advert_each",
            ),
            models.UniqueConstraint(fields=["advert"], name="draft_one_per_advert"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} · {self.advert_id or '+'}"

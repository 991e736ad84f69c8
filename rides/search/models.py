"""State of the search: alerts (« M'alerter »), and what each has found."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.adverts.models import Advert


class SavedSearch(models.Model):
    """An alert: a search whose author is told, once a day at most, of new adverts that suit it."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="saved_searches", verbose_name=_("account")
    )
    origin_code = models.CharField(_("municipality of departure (INSEE code)"), max_length=5)
    origin_name = models.CharField(_("place of departure"), max_length=120)
    destination_code = models.CharField(_("municipality of arrival (INSEE code)"), max_length=5)
    destination_name = models.CharField(_("place of arrival"), max_length=120)
    question: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("what else is asked"),
        help_text=_("The keywords of ``rules.search_query`` and its filters, as JSON."),
    )
    fingerprint = models.CharField(_("fingerprint of the question"), max_length=64, editable=False)
    # The box of degrees that holds both ends: an advert far from it is not looked at.
    south = models.FloatField(editable=False)
    west = models.FloatField(editable=False)
    north = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("made on"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("last mail"), null=True, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["south", "north"], condition=Q(is_active=True), name="alert_by_latitude"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "fingerprint"], name="alert_once_per_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_name} → {self.destination_name}"


class PooledHit(models.Model):
    """An advert of a partner region that suits an alert, as ``AlertHit``.

    Partners name their adverts by ``pooled``; what it says is asked of the pool each time.
    """

    alert = models.ForeignKey(
        SavedSearch, on_delete=models.CASCADE, related_name="pooled_hits", verbose_name=_("alert")
    )
    pooled = models.UUIDField(_("identifier among regions"))
    mailed = models.BooleanField(_("told by e-mail"), default=False)
    created_at = models.DateTimeField(_("found on"), auto_now_add=True)

    class Meta:
        verbose_name = _("find of an alert in a partner region")
        verbose_name_plural = _("finds of alerts in partner regions")
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["alert"], condition=Q(mailed=False), name="pooled_hit_to_tell"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alert", "pooled"], name="pooled_hit_once")
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} · {self.pooled}"


class AlertHit(models.Model):
    """An advert that suits an alert; ``mailed`` once its author was told."""

    alert = models.ForeignKey(
        SavedSearch, on_delete=models.CASCADE, related_name="hits", verbose_name=_("alert")
    )
    advert = models.ForeignKey(
        Advert, on_delete=models.CASCADE, related_name="+", verbose_name=_("advert")
    )
    mailed = models.BooleanField(_("told by e-mail"), default=False)
    created_at = models.DateTimeField(_("found on"), auto_now_add=True)

    class Meta:
        verbose_name = _("find of an alert")
        verbose_name_plural = _("finds of alerts")
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["alert"], condition=Q(mailed=False), name="alert_hit_to_tell"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alert", "advert"], name="alert_hit_once")
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} · {self.advert_id}"

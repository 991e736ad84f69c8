"""What a region counted, and what of it was published. Tenant schema; nothing in it says who.

``Fact`` follows the region's tables as they are; ``Release`` and ``Cell`` are written once and
never change: they are what the region has told everybody.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Grain(models.TextChoices):
    """How long a period is."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")


class Area(models.TextChoices):
    """What a figure is of, within its region."""

    WHOLE = "whole", _("Whole region")
    ADMINISTRATIVE = "administrative", _("Région")
    DEPARTEMENT = "departement", _("Département")
    INTERCOMMUNALITY = "intercommunality", _("Intercommunality")
    MUNICIPALITY = "municipality", _("Municipality")
    COMMUNITY = "community", _("Community")
    DISTANCE = "distance", _("Class of distance")
    HOUR = "hour", _("Hour of departure")


class Fact(models.Model):
    """One figure of one day or month: exact, for the region itself, never published as it is.

    Figures of stocks (``Kind.HELD``) are changes: what there is on a day is their sum up to it.
    """

    source = models.CharField(max_length=20)
    amount = models.CharField(max_length=20)
    grain = models.CharField(max_length=5, choices=Grain.choices)
    start = models.DateField(help_text=_("First day of the period, in the region's zone."))
    kind = models.CharField(max_length=16, choices=Area.choices)
    code = models.CharField(max_length=36, blank=True)
    """INSEE code of the municipality (empty: unknown), public id of the community, class or
    hour.
    """
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("figure of a region")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "amount", "grain", "kind", "start", "code"], name="fact_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.start} {self.kind} {self.code}"


class DayMark(models.Model):
    """A digest of the records of one day, as they were when its facts were counted."""

    source = models.CharField(max_length=20)
    day = models.DateField()
    digest = models.DecimalField(max_digits=40, decimal_places=0)

    class Meta:
        verbose_name = _("mark of a counted day")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "day"], name="day_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"


class Release(models.Model):
    """A closed month of a source, published once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=20)
    month = models.DateField(help_text=_("Its first day."))
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("published month")
        ordering: ClassVar[list[str]] = ["month", "source"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "month"], name="release_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.month}"


class Cell(models.Model):
    """One figure of a release. What is not here is told by nobody: « < 6 »."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cells")
    amount = models.CharField(max_length=20)
    grain = models.CharField(max_length=5, choices=Grain.choices)
    start = models.DateField()
    kind = models.CharField(max_length=16, choices=Area.choices)
    code = models.CharField(max_length=36, blank=True)
    label = models.CharField(max_length=160, blank=True)
    """Name of a community; areas are named by the national register."""
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("published figure")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["release", "amount", "grain", "start", "kind", "code"], name="cell_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.start} {self.kind} {self.code}"

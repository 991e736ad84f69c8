"""What regions have published. Public schema; only the projector writes, and nobody revises.

Regions' roles read none of it: they call ``observatory_released``, which finds out which region
asks and applies its agreements. What is not here, of a month that is, is « < 6 ».
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class PublishedMonth(models.Model):
    """A month of a source that a region has published."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    month = models.DateField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("month published by a region")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tenant", "source", "month"], name="published_month_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.source} {self.month}"


class PublishedCell(models.Model):
    """One figure of a region, of an area and a period."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    amount = models.CharField(max_length=20)
    grain = models.CharField(max_length=5)
    start = models.DateField()
    kind = models.CharField(max_length=16)
    """A value of ``regions.statistics.models.Area``."""
    code = models.CharField(max_length=36)
    label = models.CharField(max_length=160)
    departments = ArrayField(models.CharField(max_length=3), null=True)
    """Where it lies; null: not to be told of a part of the region."""
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("figure published by a region")
        # The order of its columns is that of reading: every plan takes this index.
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tenant", "amount", "grain", "kind", "start", "code"],
                name="published_cell_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.amount} {self.start} {self.kind} {self.code}"

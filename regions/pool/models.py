"""The read model of pooled adverts, and the cards of regions. Public schema.

Only the projector writes adverts. Regions' roles read none of these tables: they call
``pool_search``, ``pool_own`` and ``pool_get``, which find out which region asks and apply its
agreements. Row-level security would do the same and turn the index off.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant


class PooledAdvert(models.Model):
    """One advert as partners may know it: no name, no exact place, no free text.

    ``keys``, ``week``, ``line``, the plane and ``exceptions`` are what the search of rides makes of
    an advert; this floor stores them and does not read them.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    advert = models.UUIDField()
    """Its identifier among pools: not that of its page."""
    alias = models.CharField(max_length=12)
    role = models.CharField(max_length=9)
    kind = models.CharField(max_length=7)
    seats = models.SmallIntegerField()
    zone = models.CharField(max_length=40)
    origin_code = models.CharField(max_length=5)
    destination_code = models.CharField(max_length=5)
    departments = ArrayField(models.CharField(max_length=3))
    line = ArrayField(models.FloatField())
    keys = ArrayField(models.BigIntegerField())
    week = ArrayField(models.IntegerField())
    plane_x = models.FloatField()
    plane_y = models.FloatField()
    plane_z = models.FloatField()
    date = models.DateField(null=True)
    time = models.TimeField(null=True)
    return_date = models.DateField(null=True)
    return_time = models.TimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    school_holidays = models.BooleanField()
    public_holidays = models.BooleanField()
    cents_per_km = models.SmallIntegerField()
    wheelchair = models.BooleanField()
    exceptions = ArrayField(models.IntegerField())
    pools = ArrayField(models.UUIDField(), default=list, db_default=[])
    """Pooled communities that it is published in."""
    withheld = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    """Keys of regions from which its author keeps it."""
    since = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("pooled advert")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "advert"], name="pooled_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["keys"], fastupdate=False, name="pooled_keys"),
            GinIndex(fields=["pools"], fastupdate=False, name="pooled_in_pools"),
            models.Index(fields=["valid_until"], name="pooled_valid_until"),
            models.Index(fields=["date"], name="pooled_date"),
        ]

    def __str__(self) -> str:
        return str(self.advert)


class RegionCard(models.Model):
    """How a region looks to others: copied when its theme is published."""

    tenant = models.OneToOneField(
        Tenant, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    name = models.CharField(_("name shown"), max_length=60)
    accent = models.CharField(_("colour"), max_length=7)
    logo = models.CharField(_("logo"), max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("card of a region")

    def __str__(self) -> str:
        return self.name

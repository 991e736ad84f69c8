"""The region's switch, and what each member said of each advert. Tenant schema."""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.adverts.models import Advert
from tenants.memory import Remembered


class PoolingSettings(models.Model):
    """Whether the region's adverts may leave it at all; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    enabled = models.BooleanField(
        _("members may offer their adverts to partner regions"), default=False
    )

    class Meta:
        verbose_name = _("pooling of the region")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="pooling_settings_one_row")
        ]

    def __str__(self) -> str:
        return str(self.enabled)


class SharedAdvert(models.Model):
    """A member's « yes » for one advert, and whether partners hold it now."""

    advert = models.OneToOneField(
        Advert, on_delete=models.CASCADE, related_name="sharing", verbose_name=_("advert")
    )
    pool_id = models.UUIDField(
        _("identifier among regions"), default=uuid.uuid4, unique=True, editable=False
    )
    """Not that of its page: nobody finds the page, and the name on it, from what partners hold."""
    agreed_at = models.DateTimeField(_("agreed on"))
    withdrawn_at = models.DateTimeField(_("taken back on"), null=True, blank=True)
    shared = models.BooleanField(_("held by partners"), default=False)
    pools = ArrayField(
        models.UUIDField(), verbose_name=_("pooled communities told"), default=list, db_default=[]
    )
    """Pooled communities in which partners hold it."""

    class Meta:
        verbose_name = _("shared advert")

    def __str__(self) -> str:
        return str(self.pool_id)


class PoolingRefusal(models.Model):
    """A member's « no » for all their adverts, those to come included."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account")
    )
    at = models.DateTimeField(_("refused on"), auto_now_add=True)

    class Meta:
        verbose_name = _("refusal to circulate")

    def __str__(self) -> str:
        return str(self.account_id)


class RegionRefusal(models.Model):
    """A member's « no » for one partner region: none of their adverts shows there."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account")
    )
    region = models.BigIntegerField(_("region (key of its tenant)"))
    at = models.DateTimeField(_("refused on"), auto_now_add=True)

    class Meta:
        verbose_name = _("refusal to circulate in a region")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "region"], name="region_refused_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.region}"


def pooling_enabled() -> bool:
    """Whether the region lets adverts leave, as remembered for seconds."""
    return _ENABLED.get()


def pooling_enabled_stored() -> bool:
    """The same, from the table."""
    return PoolingSettings.objects.filter(enabled=True).exists()


_ENABLED: Final = Remembered(pooling_enabled_stored)


@transaction.atomic
def pooling_switch(*, enabled: bool) -> None:
    """Let adverts leave the region, or keep them all at home."""
    PoolingSettings.objects.update_or_create(pk=1, defaults={"enabled": enabled})
    _ENABLED.forget_on_commit()

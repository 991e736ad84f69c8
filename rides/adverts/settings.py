"""The region's own rules about rides: contributions, contacts, CO₂, school holidays."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.singletons import row_in_force, row_put_in_force
from rides.adverts.calendars import school_zone
from tenants.memory import Remembered

SUGGESTED_CENTS_PER_KM: Final = 6
"""What people know; each region sets its own."""


class RidesSettings(models.Model):
    """The region's own rules about rides; at most one row, defaults without it.

    Read with ``settings.rides_settings()``.
    """

    class SchoolZone(models.TextChoices):
        """Which calendar of school holidays holds."""

        AUTOMATIC = "", _("That of the place of departure")
        A = "A", _("Zone A")
        B = "B", _("Zone B")
        C = "C", _("Zone C")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    suggested_cents_per_km = models.PositiveSmallIntegerField(
        _("suggested contribution (cents per kilometre)"), default=SUGGESTED_CENTS_PER_KM
    )
    warn_above_cents_per_km = models.PositiveSmallIntegerField(
        _("warn above (cents per kilometre)"), default=30
    )
    most_cents_per_km = models.PositiveSmallIntegerField(
        _("refuse above (cents per kilometre)"), default=50
    )
    same_gender_allowed = models.BooleanField(
        _("people may travel with people of the same civil title only"), default=False
    )
    new_contacts_per_day = models.PositiveSmallIntegerField(
        _("new contacts per person and day"), default=20
    )
    co2_grams_per_km = models.PositiveSmallIntegerField(_("CO₂ of a car (g/km)"), default=195)
    co2_source = models.CharField(
        _("source of that figure"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Shown beside every total; empty: the national registry of proofs."),
    )
    school_zone = models.CharField(
        _("school holidays"),
        max_length=1,
        choices=SchoolZone.choices,
        blank=True,
        default=SchoolZone.AUTOMATIC,
    )

    class Meta:
        verbose_name = _("rules of rides")
        verbose_name_plural = _("rules of rides")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="rides_settings_one_row"),
            models.CheckConstraint(
                condition=Q(
                    suggested_cents_per_km__lte=F("warn_above_cents_per_km"),
                    warn_above_cents_per_km__lte=F("most_cents_per_km"),
                ),
                name="rides_settings_contributions_ascend",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


def rides_settings() -> RidesSettings:
    """The rules in force here, to read only; remembered for seconds."""
    return _RULES.get()


def rides_settings_stored() -> RidesSettings:
    """The rules in force here, to change them; unsaved defaults when none were set."""
    return row_in_force(RidesSettings)


_RULES: Final = Remembered(rides_settings_stored)


@transaction.atomic
def rides_settings_save(*, rules: RidesSettings) -> RidesSettings:
    """Put these rules in force; the last one to save wins."""
    row_put_in_force(rules)
    _RULES.forget_on_commit()
    return rules


def school_zone_of(code: str, rules: RidesSettings) -> str:
    """« A », « B », « C » or empty: the calendar that holds for a ride leaving a municipality."""
    return rules.school_zone or school_zone(code)

"""State of a carpool place: the fields of the national schema ``schema-lieux-covoiturage``."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rides.matching.geometry import Point

KINDS: Final = (
    "Aire de covoiturage",
    "Sortie d'autoroute",
    "Parking",
    "Supermarché",
    "Parking relais",
    "Délaissé routier",
    "Auto-stop",
)
"""``type``: the words of the schema itself, in its language."""


class CarpoolPlace(models.Model):
    """A place where people meet to share a car; public, so its point is exact."""

    key = models.CharField(_("identifier of the place"), max_length=60, unique=True)
    name = models.CharField(_("name of the place"), max_length=120)
    address = models.CharField(_("address of the place"), max_length=200, blank=True)
    town = models.CharField(_("municipality or hamlet"), max_length=120, blank=True)
    code = models.CharField(_("municipality of the place (INSEE code)"), max_length=5)
    kind = models.CharField(_("kind of place"), max_length=40)
    dated = models.DateField(_("data of"))
    is_open = models.BooleanField(_("open to all"), default=True)
    source = models.CharField(_("source of the data"), max_length=120, blank=True)
    lat = models.FloatField(_("latitude of the place"))
    lon = models.FloatField(_("longitude of the place"))
    spaces = models.PositiveIntegerField(_("parking spaces"), null=True, blank=True)
    accessible_spaces = models.PositiveIntegerField(
        _("parking spaces for disabled people"), null=True, blank=True
    )
    longest_stay = models.PositiveIntegerField(_("longest stay (minutes)"), null=True, blank=True)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    owner = models.CharField(_("owner of the place"), max_length=200, blank=True)
    is_lit = models.BooleanField(_("lit at night"), null=True, blank=True)
    comment = models.CharField(_("remark on the place"), max_length=500, blank=True)
    imported_at = models.DateTimeField(_("imported on"), auto_now=True)

    class Meta:
        verbose_name = _("carpool place")
        verbose_name_plural = _("carpool places")
        ordering: ClassVar[list[str]] = ["name", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["lat", "lon"], name="place_by_point"),
            models.Index(fields=["code"], name="place_by_municipality"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="place_on_earth",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lon)

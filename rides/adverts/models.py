"""State of an advert: who goes from where to where, on which days, and where it is published.

Times are wall clock in the advert's zone; instants are computed (``rides.matching.timing``). Points
exist twice: the one that others see and that matching uses, and, only where the author gave a point
of their own, that exact point, which nothing but the author's pages reads.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from core.accounts.models import Account
from rides.adverts.drafts import AdvertDraft
from rides.adverts.fields import PackedField
from rides.adverts.inputs import Slot
from rides.adverts.settings import SUGGESTED_CENTS_PER_KM, RidesSettings
from rides.adverts.shown import ShownIn, Via
from rides.matching.geometry import Point
from rides.places.models import CarpoolPlace

__all__ = [
    "Advert",
    "AdvertCommunity",
    "AdvertDraft",
    "AdvertException",
    "RidesSettings",
    "Schedule",
    "Stop",
]

MAX_SEATS: Final = 8
"""More seats than a car has are a bus line."""
MAX_STOPS: Final = 8
"""Stops between the two ends of a route: more is a bus line, too."""
COMMENT_LENGTH: Final = 1000
LABEL_LENGTH: Final = 120


class Advert(models.Model):
    """A ride offered or looked for; regular (weekly, with ``Schedule`` rows) or one-off.

    With a return, it stands for two rides: the return runs the route backwards, through the same
    stops. On which days it really runs, ``occurrences.occurrences`` alone says.
    """

    class Role(models.TextChoices):
        """What the author is on this ride."""

        DRIVER = "driver", _("Driver")
        PASSENGER = "passenger", _("Passenger")
        EITHER = "either", _("Driver or passenger")

    class Kind(models.TextChoices):
        """How often the ride takes place."""

        REGULAR = "regular", _("Regular")
        ONE_OFF = "one_off", _("One-off")

    class Status(models.TextChoices):
        """``paused``: kept, shown to its author only. ``deleted``: shown to nobody.

        ``partner``: of another region, which alone says what becomes of it; kept here for what its
        members share with ours, found by no search.
        """

        ACTIVE = "active", _("Online")
        PAUSED = "paused", _("Paused")
        DELETED = "deleted", _("Deleted")
        PARTNER = "partner", _("Of a partner region")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="adverts", verbose_name=_("author")
    )
    role = models.CharField(_("role"), max_length=9, choices=Role.choices)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    status = models.CharField(
        _("status"), max_length=7, choices=Status.choices, default=Status.ACTIVE
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"),
        validators=[MinValueValidator(1), MaxValueValidator(MAX_SEATS)],
        help_text=_("Offered by a driver, asked for by a passenger."),
    )

    origin_code = models.CharField(_("municipality of departure (INSEE code)"), max_length=5)
    origin_label = models.CharField(_("place of departure"), max_length=LABEL_LENGTH)
    origin_lat = models.FloatField(_("latitude of departure, as shown"))
    origin_lon = models.FloatField(_("longitude of departure, as shown"))
    origin_own_lat = models.FloatField(_("own latitude of departure"), null=True, blank=True)
    origin_own_lon = models.FloatField(_("own longitude of departure"), null=True, blank=True)
    destination_code = models.CharField(_("municipality of arrival (INSEE code)"), max_length=5)
    destination_label = models.CharField(_("place of arrival"), max_length=LABEL_LENGTH)
    destination_lat = models.FloatField(_("latitude of arrival, as shown"))
    destination_lon = models.FloatField(_("longitude of arrival, as shown"))
    destination_own_lat = models.FloatField(_("own latitude of arrival"), null=True, blank=True)
    destination_own_lon = models.FloatField(_("own longitude of arrival"), null=True, blank=True)
    # The box of degrees that holds the route and the plane of its great circle: what a search
    # looks at before it measures (``routes.route_columns`` makes them).
    south = models.FloatField(editable=False)
    west = models.FloatField(editable=False)
    north = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    plane_x = models.FloatField(editable=False)
    plane_y = models.FloatField(editable=False)
    plane_z = models.FloatField(editable=False)
    line = PackedField(
        models.FloatField(),
        default=list,
        db_default=[],
        editable=False,
        help_text=_("Degrees (lat, lon, lat, lon …) of origin, stops and destination, as shown."),
    )
    # Packed cells, days and half hours of the route: what the search's index holds. EXTERNAL, so
    # that reading one never decompresses.
    keys = PackedField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    # The week's departures (``indexing.week_pack``), so that a search reads one row per advert.
    week = PackedField(models.IntegerField(), default=list, db_default=[], editable=False)

    zone = models.CharField(_("time zone"), max_length=40)
    date = models.DateField(_("date"), null=True, blank=True)
    time = models.TimeField(_("time"), null=True, blank=True)
    return_date = models.DateField(_("date of return"), null=True, blank=True)
    return_time = models.TimeField(_("time of return"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    school_holidays = models.BooleanField(
        _("runs during school holidays"), default=True, db_default=True
    )
    public_holidays = models.BooleanField(
        _("runs on public holidays"), default=True, db_default=True
    )

    cents_per_km = models.PositiveSmallIntegerField(
        _("contribution (cents per kilometre)"),
        default=SUGGESTED_CENTS_PER_KM,
        db_default=SUGGESTED_CENTS_PER_KM,
        help_text=_("Of one passenger; 0 is free."),
    )
    wheelchair = models.BooleanField(
        _("wheelchair"),
        default=False,
        db_default=False,
        help_text=_("A driver can take one along; a passenger comes with one."),
    )
    same_gender = models.BooleanField(
        _("with people of the same civil title only"), default=False, db_default=False
    )
    comment = models.TextField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    communities = models.ManyToManyField(
        Community,
        through="AdvertCommunity",
        related_name="adverts",
        blank=True,
        verbose_name=_("communities"),
    )
    created_at = models.DateTimeField(_("published on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed on"), auto_now=True, db_default=Now())
    reminded_of = models.DateField(
        _("last day that its author was reminded of"), null=True, blank=True, editable=False
    )

    # Filled by ``queries.for_cards``, for pages.
    slots: list[Slot]
    via: list[Via]
    shown_in: list[ShownIn]

    class Meta:
        verbose_name = _("advert")
        verbose_name_plural = _("adverts")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            # The latest ones online, without sorting them all. Read backwards: written downwards,
            # every new row would split a page that then stays half empty.
            models.Index(
                fields=["created_at", "id"],
                condition=Q(status="active"),
                name="advert_latest_online",
            ),
            # A pending list would make every search read what was written last, one by one.
            GinIndex(fields=["keys"], fastupdate=False, name="advert_keys"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=MAX_SEATS), name="advert_seats_1_to_8"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="one_off",
                    date__isnull=False,
                    time__isnull=False,
                    valid_from__isnull=True,
                    valid_until__isnull=True,
                )
                | Q(
                    kind="regular",
                    date__isnull=True,
                    time__isnull=True,
                    return_date__isnull=True,
                    return_time__isnull=True,
                    valid_from__isnull=False,
                    valid_until__isnull=False,
                    valid_until__gte=F("valid_from"),
                ),
                name="advert_dates_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(return_date__isnull=True, return_time__isnull=True)
                | Q(return_date__gt=F("date"))
                | Q(return_date=F("date"), return_time__gt=F("time")),
                name="advert_return_after_outward",
            ),
            models.CheckConstraint(
                condition=Q(return_date__isnull=True, return_time__isnull=True)
                | Q(return_date__isnull=False, return_time__isnull=False),
                name="advert_return_has_date_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_label} → {self.destination_label}"

    def get_absolute_url(self) -> str:
        """Path of its page."""
        return reverse(
            "search:partner" if self.elsewhere else "adverts:detail", args=[self.public_id]
        )

    @property
    def elsewhere(self) -> bool:
        """Whether it is a partner region's, which alone holds its seats."""
        return self.status == Advert.Status.PARTNER

    @property
    def origin(self) -> Point:
        """The place of departure as others see it."""
        return Point(self.origin_lat, self.origin_lon)

    @property
    def destination(self) -> Point:
        """The place of arrival as others see it."""
        return Point(self.destination_lat, self.destination_lon)


class Stop(models.Model):
    """A place between the two ends that the route passes and where people get in or out."""

    advert = models.ForeignKey(
        Advert, on_delete=models.CASCADE, related_name="stops", verbose_name=_("advert")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("1 for the first after departure.")
    )
    code = models.CharField(_("municipality (INSEE code)"), max_length=5)
    label = models.CharField(_("place"), max_length=LABEL_LENGTH)
    lat = models.FloatField(_("latitude, as shown"))
    lon = models.FloatField(_("longitude, as shown"))
    own_lat = models.FloatField(_("own latitude"), null=True, blank=True)
    own_lon = models.FloatField(_("own longitude"), null=True, blank=True)
    place = models.ForeignKey(
        CarpoolPlace,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("carpool place"),
        help_text=_("The stop is there: its point is the place's own."),
    )

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering: ClassVar[list[str]] = ["advert", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["advert", "position"], name="stop_once_per_position"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_STOPS), name="stop_position_1_to_8"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def own_point(self) -> Point | None:
        """The author's own point, where they gave one."""
        if self.own_lat is None or self.own_lon is None:
            return None
        return Point(self.own_lat, self.own_lon)


class Schedule(models.Model):
    """One slot of a regular advert: a weekday, its wall-clock times outward and perhaps return.

    A weekday may have several (« 7 h 40 et 13 h 15 »), told apart by their outward times.
    """

    advert = models.ForeignKey(
        Advert, on_delete=models.CASCADE, related_name="schedules", verbose_name=_("advert")
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), help_text=_("0 Monday … 6 Sunday"), validators=[MaxValueValidator(6)]
    )
    time = models.TimeField(_("outward time"))
    return_time = models.TimeField(_("return time"), null=True, blank=True)

    class Meta:
        verbose_name = _("day of the week")
        verbose_name_plural = _("days of the week")
        ordering: ClassVar[list[str]] = ["weekday", "time"]
        indexes: ClassVar[list[models.Index]] = [
            # All that a search asks of the days of many adverts, from the index alone.
            models.Index(
                fields=["weekday", "advert"],
                include=["time", "return_time"],
                name="schedule_by_weekday",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["advert", "weekday", "time"], name="schedule_once_per_slot"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="schedule_weekday_0_to_6"),
            models.CheckConstraint(
                condition=Q(return_time__isnull=True) | Q(return_time__gt=F("time")),
                name="schedule_return_after_outward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.time:%H:%M}"


class AdvertException(models.Model):
    """One ride of one day that is cancelled, or leaves at another time.

    It is named by its day, its direction and the time at which it usually leaves: a day with two
    slots may keep one of them.
    """

    advert = models.ForeignKey(
        Advert, on_delete=models.CASCADE, related_name="exceptions", verbose_name=_("advert")
    )
    day = models.DateField(_("day"))
    backwards = models.BooleanField(_("return"))
    usual = models.TimeField(_("usual time"), help_text=_("Wall clock, as the schedule says it."))
    time = models.TimeField(
        _("time"), null=True, blank=True, help_text=_("Wall clock; none: cancelled.")
    )

    class Meta:
        verbose_name = _("exception of one day")
        verbose_name_plural = _("exceptions of one day")
        ordering: ClassVar[list[str]] = ["day", "backwards", "usual"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["advert", "day", "backwards", "usual"], name="exception_once_per_ride"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.usual:%H:%M}"


class AdvertCommunity(models.Model):
    """« Publier dans ces communautés »: the advert shows on a community's page."""

    advert = models.ForeignKey(
        Advert, on_delete=models.CASCADE, related_name="publications", verbose_name=_("advert")
    )
    community = models.ForeignKey(
        Community,
        on_delete=models.CASCADE,
        related_name="publications",
        verbose_name=_("community"),
    )

    class Meta:
        verbose_name = _("publication in a community")
        verbose_name_plural = _("publications in communities")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["advert", "community"], name="publication_once_per_community"
            )
        ]

    def __str__(self) -> str:
        return f"{self.advert_id} · {self.community_id}"

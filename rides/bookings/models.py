"""State of a booking: who rides with whom, on which days, and how far they have agreed.

Days and times are wall clock in the advert's zone: when a booked ride leaves is computed from the
advert's own occurrences (``dates``), so that a ride that its author moves by ten minutes moves for
all. Points exist twice, as in adverts: the one others see, and the person's own.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.adverts.models import LABEL_LENGTH, MAX_SEATS, Advert
from rides.matching.geometry import Point

MESSAGE_LENGTH: Final = 1000
REASON_LENGTH: Final = 500


class Booking(models.Model):
    """One request of one person for rides of another's advert, and what became of it.

    The driver or the passenger asks, according to whose advert it is; the advert's author answers.
    """

    class Status(models.TextChoices):
        """The states of the standard covoiturage, and the waiting list before them."""

        WAITING_LIST = "waiting_list", _("On the waiting list")
        WAITING = "waiting_confirmation", _("Awaiting an answer")
        CONFIRMED = "confirmed", _("Booking confirmed")
        COMPLETED = "completed_pending_validation", _("Done, to be confirmed")
        VALIDATED = "validated", _("Done and confirmed")
        CANCELLED = "cancelled", _("Booking cancelled")

    class Ending(models.TextChoices):
        """Why a booking is ``cancelled``."""

        NONE = "", ""
        REFUSED = "refused", _("Request refused")
        WITHDRAWN = "withdrawn", _("Request withdrawn")
        CANCELLED = "cancelled", _("Cancelled by one of the two")
        EXPIRED = "expired", _("Nobody answered in time")
        ADVERT = "advert", _("The advert is no longer there")
        ELSEWHERE = "elsewhere", _("No longer possible between the two regions")

    class Meeting(models.TextChoices):
        """Whether another meeting point was proposed by the advert's author."""

        NONE = "", ""
        PROPOSED = "proposed", _("Meeting point proposed")
        AGREED = "agreed", _("Meeting point agreed")

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    advert = models.ForeignKey(
        Advert, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("advert")
    )
    driver = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="bookings_driven", verbose_name=_("driver")
    )
    passenger = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,
        related_name="bookings_ridden",
        verbose_name=_("passenger"),
    )
    asked_by_driver = models.BooleanField(_("asked by the driver"), default=False)
    status = models.CharField(_("state of the booking"), max_length=28, choices=Status.choices)
    ending = models.CharField(
        _("why it ended"), max_length=9, choices=Ending.choices, blank=True, default=Ending.NONE
    )
    reason = models.CharField(_("reason given"), max_length=REASON_LENGTH, blank=True)
    status_before = models.CharField(
        _("state before it ended"),
        max_length=28,
        blank=True,
        help_text=_("Where the end may be taken back."),
    )
    seats = models.PositiveSmallIntegerField(
        _("seats booked"), validators=[MinValueValidator(1), MaxValueValidator(MAX_SEATS)]
    )

    pickup_label = models.CharField(_("pick-up place"), max_length=LABEL_LENGTH)
    pickup_lat = models.FloatField(_("latitude of pick-up, as shown"))
    pickup_lon = models.FloatField(_("longitude of pick-up, as shown"))
    pickup_own_lat = models.FloatField(_("own latitude of pick-up"), null=True, blank=True)
    pickup_own_lon = models.FloatField(_("own longitude of pick-up"), null=True, blank=True)
    dropoff_label = models.CharField(_("drop-off place"), max_length=LABEL_LENGTH)
    dropoff_lat = models.FloatField(_("latitude of drop-off, as shown"))
    dropoff_lon = models.FloatField(_("longitude of drop-off, as shown"))
    dropoff_own_lat = models.FloatField(_("own latitude of drop-off"), null=True, blank=True)
    dropoff_own_lon = models.FloatField(_("own longitude of drop-off"), null=True, blank=True)
    meeting = models.CharField(
        _("state of the meeting point"),
        max_length=8,
        choices=Meeting.choices,
        blank=True,
        default=Meeting.NONE,
    )
    meeting_label = models.CharField(_("meeting point"), max_length=LABEL_LENGTH, blank=True)

    metres = models.PositiveIntegerField(_("metres of road shared in one ride"))
    price_cents = models.PositiveIntegerField(_("contribution for one ride, all seats (cents)"))
    message = models.TextField(_("first message"), max_length=MESSAGE_LENGTH, blank=True)
    created_at = models.DateTimeField(_("asked on"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)
    closed_until = models.DateTimeField(
        _("rides that arrived up to here are settled"), default=timezone.now
    )
    # Kept by ``follow``, so that nobody need compute the days of every booking:
    next_arrival_at = models.DateTimeField(_("arrival of the next ride"), null=True, blank=True)
    last_arrival_at = models.DateTimeField(_("arrival of the last ride"), null=True, blank=True)

    may_wait: bool = False
    """Just asked for: whether the asker wants to wait where no seat is left. Not kept; the region
    that decides of a partner's advert is told so (``hooks``)."""

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "next_arrival_at"], name="booking_next_arrival"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(seats__gte=1) & Q(seats__lte=MAX_SEATS), name="booking_seats_1_to_8"
            ),
            models.CheckConstraint(
                condition=~Q(driver=F("passenger")), name="booking_between_two_people"
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") | Q(ending=""), name="booking_ending_once_cancelled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pickup_label} → {self.dropoff_label}"

    @property
    def asker_id(self) -> int:
        """Primary key of the person who asked."""
        return self.driver_id if self.asked_by_driver else self.passenger_id

    @property
    def author_id(self) -> int:
        """Primary key of the advert's author."""
        return self.passenger_id if self.asked_by_driver else self.driver_id

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it."""
        return self.status in LIVE

    @property
    def pickup(self) -> Point:
        """Where the passenger gets in on the outward ride, as others see it."""
        return Point(self.pickup_lat, self.pickup_lon)

    @property
    def dropoff(self) -> Point:
        """Where the passenger gets out on the outward ride, as others see it."""
        return Point(self.dropoff_lat, self.dropoff_lon)

    def other(self, account: Account) -> Account:
        """Return the other person."""
        return self.passenger if account.pk == self.driver_id else self.driver

    def drives(self, account: Account) -> bool:
        """Whether this person is the driver."""
        return account.pk == self.driver_id

    def awaits(self) -> int | None:
        """Primary key of the person whose answer is awaited; None when nobody's is.

        The author's; once they have proposed another meeting point, the other person's.
        """
        if self.status != Booking.Status.WAITING:
            return None
        return self.asker_id if self.meeting == Booking.Meeting.PROPOSED else self.author_id


LIVE: Final = (Booking.Status.WAITING_LIST, Booking.Status.WAITING, Booking.Status.CONFIRMED)
"""States in which rides may still be to come."""
AGREED: Final = (Booking.Status.CONFIRMED, Booking.Status.COMPLETED, Booking.Status.VALIDATED)
"""States in which both have said yes: each then sees the other's exact points and words."""


class BookedRide(models.Model):
    """One date of a booking: booked alone, or taken out of booked weeks."""

    class Status(models.TextChoices):
        """``cancelled`` also takes a date out of a ``BookedWeek``."""

        BOOKED = "booked", _("Date booked")
        CANCELLED = "cancelled", _("Date cancelled")

    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="rides", verbose_name=_("booking")
    )
    day = models.DateField(_("day"))
    backwards = models.BooleanField(_("on the return"), default=False)
    time = models.TimeField(_("usual time when it was booked"))
    status = models.CharField(
        _("state of the date"), max_length=9, choices=Status.choices, default=Status.BOOKED
    )
    cancelled_by = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("cancelled by"),
    )

    class Meta:
        verbose_name = _("date of a booking")
        verbose_name_plural = _("dates of bookings")
        ordering: ClassVar[list[str]] = ["day", "backwards", "time", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["booking", "day", "backwards", "time"], name="booked_ride_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.time:%H:%M}"


class BookedWeek(models.Model):
    """Every week, a weekday and a direction of a regular advert, from one day to another."""

    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="weeks", verbose_name=_("booking")
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"),
        help_text=_("0 Monday … 6 Sunday"),
        validators=[MaxValueValidator(6)],
    )
    backwards = models.BooleanField(_("on the return"), default=False)
    time = models.TimeField(_("usual time when it was booked"))
    first = models.DateField(_("first day of it"))
    last = models.DateField(_("last day of it"))

    class Meta:
        verbose_name = _("weekly part of a booking")
        verbose_name_plural = _("weekly parts of bookings")
        ordering: ClassVar[list[str]] = ["weekday", "backwards", "time", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["booking", "weekday", "backwards", "time"], name="booked_week_once"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="booked_week_weekday_0_to_6"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.time:%H:%M}"


class BookingEvent(models.Model):
    """Something that happened to a booking, as both people read it in their conversation."""

    class Kind(models.TextChoices):
        """What happened."""

        ASKED = "asked", _("Asked")
        LISTED = "listed", _("Put on the waiting list")
        PROMOTED = "promoted", _("A seat is free again")
        MEETING_PROPOSED = "meeting", _("Another meeting point")
        MEETING_DECLINED = "meeting_no", _("The first meeting point, please")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("Cancelled")
        CANCELLED_DAY = "cancelled_day", _("One date cancelled")
        CANCELLED_FROM = "cancelled_from", _("Cancelled from a day on")
        EXPIRED = "expired", _("Expired")
        ADVERT_GONE = "advert_gone", _("Advert deleted")
        ADVERT_BACK = "advert_back", _("Advert back")
        ADVERT_CHANGED = "advert_changed", _("Advert changed")
        RESTORED = "restored", _("Cancellation taken back")
        UNDONE = "undone", _("Not possible between the two regions")

    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="events", verbose_name=_("booking")
    )
    kind = models.CharField(_("what happened"), max_length=14, choices=Kind.choices)
    actor = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by whom"),
    )
    day = models.DateField(_("day concerned"), null=True, blank=True)
    text = models.CharField(_("words given with it"), max_length=MESSAGE_LENGTH, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("event of a booking")
        verbose_name_plural = _("events of bookings")
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.kind

"""State of journeys: what was shared on one day, and what each of the two says of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.adverts.models import LABEL_LENGTH
from rides.bookings.models import Booking

THANKS_LENGTH: Final = 300
OBJECT_FOR: Final = dt.timedelta(days=7)
"""Whoever says nothing for so long agrees; until then either may change their word."""


class Journey(models.Model):
    """One ride of one day that one driver and one passenger were to share, once it has arrived.

    It stands alone: when one of the two leaves, the other's totals stay right.
    """

    class Status(models.TextChoices):
        """The last states of the standard covoiturage, for one ride."""

        PENDING = "completed_pending_validation", _("Ride to confirm")
        VALIDATED = "validated", _("Ride confirmed")
        CANCELLED = "cancelled", _("Ride that did not take place")

    class Says(models.TextChoices):
        """What one of the two says."""

        NOTHING = "", _("Nothing yet")
        DONE = "done", _("It took place")
        NOT_DONE = "not_done", _("It did not take place")
        NO_SHOW = "no_show", _("The other person did not come")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    booking = models.ForeignKey(
        Booking, on_delete=models.SET_NULL, related_name="journeys", null=True, blank=True
    )
    driver = models.ForeignKey(
        Account, on_delete=models.SET_NULL, related_name="journeys_driven", null=True, blank=True
    )
    passenger = models.ForeignKey(
        Account, on_delete=models.SET_NULL, related_name="journeys_ridden", null=True, blank=True
    )
    status = models.CharField(max_length=28, choices=Status.choices, default=Status.PENDING)
    day = models.DateField()
    backwards = models.BooleanField()
    time = models.TimeField(help_text=_("Its usual time, wall clock: names the ride."))
    departs_at = models.DateTimeField()
    arrives_at = models.DateTimeField()
    origin_label = models.CharField(max_length=LABEL_LENGTH)
    destination_label = models.CharField(max_length=LABEL_LENGTH)
    seats = models.PositiveSmallIntegerField()
    origin_code = models.CharField(
        max_length=5,
        blank=True,
        default="",
        db_default="",
        help_text=_("INSEE code of the municipality of departure, for statistics."),
    )
    counted = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("In this region’s statistics; a ride across regions, in that of the advert."),
    )
    metres = models.PositiveIntegerField(help_text=_("Of road shared."))
    price_cents = models.PositiveIntegerField(help_text=_("All seats."))
    driver_says = models.CharField(max_length=8, choices=Says.choices, blank=True, default="")
    passenger_says = models.CharField(max_length=8, choices=Says.choices, blank=True, default="")
    driver_thanks = models.CharField(max_length=THANKS_LENGTH, blank=True)
    passenger_thanks = models.CharField(max_length=THANKS_LENGTH, blank=True)

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering: ClassVar[list[str]] = ["-departs_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["driver", "-departs_at"], name="journey_of_driver"),
            models.Index(fields=["passenger", "-departs_at"], name="journey_of_passenger"),
            models.Index(
                fields=["arrives_at"],
                condition=models.Q(status="completed_pending_validation"),
                name="journey_to_validate",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["booking", "day", "backwards", "time"], name="journey_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.origin_label} → {self.destination_label}"

    def drives(self, account: Account) -> bool:
        """Whether this person was the driver."""
        return account.pk == self.driver_id

    def partner(self, account: Account) -> Account | None:
        """Return the other person, if they are still here."""
        return self.passenger if self.drives(account) else self.driver

    def said(self, account: Account) -> str:
        """What this person said."""
        return self.driver_says if self.drives(account) else self.passenger_says

    def thanks(self, account: Account) -> tuple[str, str]:
        """Return this person's word of thanks, and the other's."""
        words = self.driver_thanks, self.passenger_thanks
        return words if self.drives(account) else (words[1], words[0])

    def open_until(self) -> dt.datetime:
        """Until when either may say how it went."""
        return self.arrives_at + OBJECT_FOR


class CalendarFeed(models.Model):
    """The secret address of a person's calendar; revoked by deleting the row.

    The secret is no stored word but a keyed hash of ``nonce``: a copy of the table opens nothing.
    """

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nonce = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return str(self.pk)

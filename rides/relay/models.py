"""Who is from another region, and how far a booking across regions is known on both sides.

Everything else is what it is at home: an advert (of status ``partner``), a thread, a booking.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from rides.bookings.models import Booking


class Guest(models.Model):
    """A member of a partner region, as that region names them: by an alias."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="guest"
    )
    region = models.BigIntegerField(_("region (key of its tenant)"))
    alias = models.CharField(_("alias"), max_length=12)
    left_at = models.DateTimeField(_("left on"), null=True, blank=True)
    """Forgotten since: they left their region, or the agreement that brought them here is over."""
    kept_first_name = models.CharField(
        _("first name kept"), max_length=80, blank=True, default="", db_default=""
    )
    """With the two below: the name, while a suspended agreement keeps it from being shown."""
    kept_initial = models.CharField(
        _("initial kept"), max_length=1, blank=True, default="", db_default=""
    )
    kept_phone = models.CharField(
        _("telephone kept"), max_length=16, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("guest of a partner region")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "alias"], name="guest_once")
        ]

    def __str__(self) -> str:
        return self.alias


class RelayedBooking(models.Model):
    """A booking of two regions: the same identifier in both.

    The advert's region alone decides and counts its versions. The other one's row mirrors it: what
    its member does is sent as a numbered act, and holds here until the answer says what became
    of it.
    """

    booking = models.OneToOneField(
        Booking, on_delete=models.CASCADE, primary_key=True, related_name="relay"
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    """Of the state last told, or last heard; 0: the other region has not answered yet."""
    acts_sent = models.PositiveIntegerField(_("acts sent"), default=0)
    acts_seen = models.PositiveIntegerField(_("acts answered"), default=0)
    introduced = models.BooleanField(_("own member introduced"), default=False)
    """Whether the name of our member was sent, once both had agreed."""
    named = models.BooleanField(_("guest named"), default=False, db_default=False)
    """Whether the guest told our member their name, once both had agreed."""

    class Meta:
        verbose_name = _("booking across regions")

    def __str__(self) -> str:
        return f"{self.booking_id} v{self.version}"

    @property
    def awaited(self) -> bool:
        """On the mirror: whether the region that decides has still to confirm."""
        return self.version == 0 or self.acts_sent > self.acts_seen

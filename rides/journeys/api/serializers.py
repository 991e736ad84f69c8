"""Journeys as the API reads them, and what one says of one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.journeys.models import THANKS_LENGTH, Journey


class JourneySerializer(serializers.Serializer[Journey]):
    """One ride of one day that has arrived, as one of its two people reads it."""

    id = serializers.UUIDField(source="public_id")
    url = serializers.SerializerMethodField(help_text="Path of its page on the region's site.")
    booking = serializers.SerializerMethodField(help_text="Null when it is gone.")
    role = serializers.SerializerMethodField(help_text="`driver` or `passenger`: yours.")
    partner = serializers.SerializerMethodField(
        help_text="The other person: first name, initial; null when they have left."
    )
    departs_at = serializers.DateTimeField()
    arrives_at = serializers.DateTimeField(help_text="An estimate.")
    origin = serializers.CharField(source="origin_label")
    destination = serializers.CharField(source="destination_label")
    seats = serializers.IntegerField()
    metres = serializers.IntegerField(help_text="Of road shared.")
    price_cents = serializers.IntegerField(help_text="All seats.")
    status = serializers.ChoiceField(choices=Journey.Status.choices)
    said = serializers.SerializerMethodField(
        help_text="What you say: `done`, `not_done`, `no_show`, or empty."
    )
    open_until = serializers.DateTimeField(help_text="Until then you may say it.")
    thanks = serializers.SerializerMethodField(help_text="Your word of thanks.")
    their_thanks = serializers.SerializerMethodField(help_text="The other person's.")

    def get_url(self, journey: Journey) -> str:
        """Return the page's path."""
        return reverse("journeys:detail", args=[journey.public_id])

    def get_booking(self, journey: Journey) -> str | None:
        """Return the booking's id."""
        return str(journey.booking.public_id) if journey.booking else None

    def get_role(self, journey: Journey) -> str:
        """Return what the reader was."""
        return "driver" if journey.drives(self._reader) else "passenger"

    def get_partner(self, journey: Journey) -> str | None:
        """Return the other person's name."""
        partner = journey.partner(self._reader)
        return partner.display_name if partner else None

    def get_said(self, journey: Journey) -> str:
        """Return what the reader said."""
        return journey.said(self._reader)

    def get_thanks(self, journey: Journey) -> str:
        """Return the reader's own thanks."""
        return journey.thanks(self._reader)[0]

    def get_their_thanks(self, journey: Journey) -> str:
        """Return the other person's thanks."""
        return journey.thanks(self._reader)[1]

    @property
    def _reader(self) -> Account:
        return signed_in(self.context["request"])


class JourneyPatchSerializer(serializers.Serializer[Any]):
    """How it went, a word of thanks, or both."""

    said = serializers.ChoiceField(
        required=False, choices=[one for one in Journey.Says.choices if one[0]]
    )
    thanks = serializers.CharField(required=False, allow_blank=True, max_length=THANKS_LENGTH)

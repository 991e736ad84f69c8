"""Bookings as the API writes and reads them: in the words of the standard covoiturage."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.adverts.api.serializers import PlaceInputSerializer, place_of
from rides.adverts.inputs import RideKey
from rides.adverts.models import MAX_SEATS
from rides.bookings.access import points_for
from rides.bookings.inputs import Request, Wanted, WeekKey
from rides.bookings.models import MESSAGE_LENGTH, REASON_LENGTH, BookedRide, Booking
from rides.bookings.words import booking_url


class BookedRideSerializer(serializers.Serializer[Any]):
    """One date; wall clock in the advert's zone."""

    day = serializers.DateField()
    backwards = serializers.BooleanField(default=False, help_text="On the advert's return.")
    time = serializers.TimeField(help_text="The usual time of the ride on that day.")


class BookedRideShownSerializer(BookedRideSerializer):
    """One date as it stands."""

    status = serializers.ChoiceField(choices=BookedRide.Status.choices)


class BookedWeekSerializer(serializers.Serializer[Any]):
    """A weekday and direction of a regular advert, every week."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 Monday … 6 Sunday.")
    backwards = serializers.BooleanField(default=False, help_text="On the advert's return.")
    time = serializers.TimeField(help_text="The usual time of the ride on that weekday.")


class PointSerializer(serializers.Serializer[Any]):
    """A place, as the reader may see it: exact once both have agreed."""

    label = serializers.CharField()  # type: ignore[assignment]
    lat = serializers.FloatField(help_text="Degrees, WGS 84.")
    lon = serializers.FloatField(help_text="Degrees, WGS 84.")


class BookingSerializer(serializers.Serializer[Booking]):
    """A booking, as one of its two people reads it."""

    id = serializers.UUIDField(source="public_id")
    url = serializers.SerializerMethodField(help_text="Path of its page on the region's site.")
    advert = serializers.UUIDField(source="advert.public_id")
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    ending = serializers.ChoiceField(choices=Booking.Ending.choices, allow_blank=True)
    driver = serializers.CharField(source="driver.display_name")
    passenger = serializers.CharField(source="passenger.display_name")
    asked_by_driver = serializers.BooleanField()
    seats = serializers.IntegerField(min_value=1, max_value=MAX_SEATS)
    pickup = serializers.SerializerMethodField()
    dropoff = serializers.SerializerMethodField()
    meeting_point = serializers.CharField(source="meeting_label", allow_blank=True)
    meeting_state = serializers.ChoiceField(
        source="meeting", choices=Booking.Meeting.choices, allow_blank=True
    )
    price_cents = serializers.IntegerField(help_text="For one ride, all seats.")
    metres = serializers.IntegerField(help_text="Of road shared in one ride.")
    rides = BookedRideShownSerializer(many=True)
    weeks = BookedWeekSerializer(many=True)
    asked_at = serializers.DateTimeField(source="created_at")

    def get_url(self, booking: Booking) -> str:
        """Return the page's path."""
        return booking_url(booking)

    @extend_schema_field(PointSerializer)
    def get_pickup(self, booking: Booking) -> Any:
        """Return where the passenger gets in."""
        point = points_for(self._reader, booking)[0]
        return {"label": booking.pickup_label, "lat": point.lat, "lon": point.lon}

    @extend_schema_field(PointSerializer)
    def get_dropoff(self, booking: Booking) -> Any:
        """Return where the passenger gets out."""
        point = points_for(self._reader, booking)[1]
        return {"label": booking.dropoff_label, "lat": point.lat, "lon": point.lon}

    @property
    def _reader(self) -> Account:
        return signed_in(self.context["request"])


class BookingInputSerializer(serializers.Serializer[Any]):
    """A request: some dates (``rides``), or every week (``weeks``)."""

    key = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Names the attempt: sent again, the same key makes nothing new.",
    )
    advert = serializers.UUIDField()
    rides = BookedRideSerializer(many=True, required=False, default=list)
    weeks = BookedWeekSerializer(many=True, required=False, default=list)
    first = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="First day of ``weeks``."
    )
    last = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Last day of ``weeks``."
    )
    seats = serializers.IntegerField(min_value=1, max_value=MAX_SEATS, default=1)
    pickup = PlaceInputSerializer(required=False, allow_null=True, default=None)
    dropoff = PlaceInputSerializer(required=False, allow_null=True, default=None)
    message = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=MESSAGE_LENGTH
    )
    drives = serializers.BooleanField(
        default=False, help_text="Where the author is driver or passenger: you drive."
    )
    waiting_list = serializers.BooleanField(
        default=False, help_text="Wait for a seat where none is left."
    )

    def validate_rides(self, value: list[Any]) -> list[Any]:
        """Take no more dates than a person would choose."""
        return _few(value)

    def validate_weeks(self, value: list[Any]) -> list[Any]:
        """Take no more slots than a week has."""
        return _few(value)


def _few(value: list[Any]) -> list[Any]:
    if len(value) > 100:
        raise serializers.ValidationError("At most 100.")
    return value


def request_of(sent: dict[str, Any]) -> Request:
    """What was sent, for the service."""
    return Request(
        wanted=Wanted(
            rides=[RideKey(one["day"], one["backwards"], one["time"]) for one in sent["rides"]],
            weeks=[WeekKey(one["weekday"], one["backwards"], one["time"]) for one in sent["weeks"]],
            first=sent["first"],
            last=sent["last"],
        ),
        seats=sent["seats"],
        pickup=place_of(sent["pickup"]) if sent["pickup"] else None,
        dropoff=place_of(sent["dropoff"]) if sent["dropoff"] else None,
        message=sent["message"],
        drives=sent["drives"],
        waiting_list=sent["waiting_list"],
    )


class BookingPatchSerializer(serializers.Serializer[Any]):
    """An answer: ``confirmed`` accepts; ``cancelled`` refuses, withdraws or cancels."""

    status = serializers.ChoiceField(
        choices=[Booking.Status.CONFIRMED.value, Booking.Status.CANCELLED.value]
    )
    message = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=REASON_LENGTH
    )

"""Adverts as the API writes and reads them. What is read is what pages show to anyone."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rides.adverts.cards import advert_url
from rides.adverts.inputs import OneOff, Place, Planning, Slot, Weekly
from rides.adverts.models import COMMENT_LENGTH, LABEL_LENGTH, MAX_SEATS, Advert
from rides.matching.geometry import Point

INSEE = r"^[0-9][0-9AB][0-9]{3}$"


class PlaceSerializer(serializers.Serializer[Any]):
    """One end of a ride, as others may see it."""

    municipality = serializers.CharField(help_text="INSEE code.")
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The municipality and what its author wrote beside it."
    )
    lat = serializers.FloatField(
        help_text="Degrees, WGS 84: the municipality's centre, or the centre of a 250 m cell."
    )
    lon = serializers.FloatField(help_text="Degrees, WGS 84, likewise.")


class SlotSerializer(serializers.Serializer[Any]):
    """One weekday of a regular advert; wall clock in the advert's zone."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 Monday … 6 Sunday.")
    time = serializers.TimeField()
    return_time = serializers.TimeField(allow_null=True, required=False, default=None)


class CommunityNameSerializer(serializers.Serializer[Any]):
    """A community in which the advert is published."""

    slug = serializers.CharField()
    name = serializers.CharField()


class AdvertSerializer(serializers.Serializer[Advert]):
    """An advert."""

    id = serializers.UUIDField(source="public_id")
    url = serializers.SerializerMethodField(help_text="Path of its page on the region's site.")
    role = serializers.ChoiceField(choices=Advert.Role.choices)
    kind = serializers.ChoiceField(choices=Advert.Kind.choices)
    status = serializers.ChoiceField(choices=Advert.Status.choices)
    author = serializers.CharField(
        source="author.display_name", help_text="First name and initial, nothing more."
    )
    origin = serializers.SerializerMethodField()
    destination = serializers.SerializerMethodField()
    seats = serializers.IntegerField(
        min_value=1, max_value=MAX_SEATS, help_text="Offered by a driver, asked by a passenger."
    )
    zone = serializers.CharField(help_text="IANA name of the zone of all its times.")
    date = serializers.DateField(allow_null=True, help_text="Of a one-off advert.")
    time = serializers.TimeField(allow_null=True, help_text="Of a one-off advert.")
    return_date = serializers.DateField(allow_null=True)
    return_time = serializers.TimeField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True, help_text="Of a regular advert.")
    valid_until = serializers.DateField(allow_null=True, help_text="Of a regular advert.")
    slots = SlotSerializer(many=True, help_text="Of a regular advert.")
    comment = serializers.CharField(allow_blank=True)
    communities = CommunityNameSerializer(source="shown_in", many=True)
    published_at = serializers.DateTimeField(source="created_at")

    def get_url(self, advert: Advert) -> str:
        """Return the page's path."""
        return advert_url(advert)

    @extend_schema_field(PlaceSerializer)
    def get_origin(self, advert: Advert) -> Any:
        """Return where it starts."""
        return _place(advert, "origin")

    @extend_schema_field(PlaceSerializer)
    def get_destination(self, advert: Advert) -> Any:
        """Return where it ends."""
        return _place(advert, "destination")


def _place(advert: Advert, name: str) -> Any:
    return {
        "municipality": getattr(advert, f"{name}_code"),
        "label": getattr(advert, f"{name}_label"),
        "lat": getattr(advert, f"{name}_lat"),
        "lon": getattr(advert, f"{name}_lon"),
    }


class PlaceInputSerializer(serializers.Serializer[Any]):
    """One end of a new advert."""

    municipality = serializers.RegexField(INSEE, help_text="INSEE code.")
    detail = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=LABEL_LENGTH,
        help_text="Shown to everyone: a stop or a square, never an address.",
    )
    lat = serializers.FloatField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Your own point, with lon: kept for you, shown to others as its 250 m cell.",
    )
    lon = serializers.FloatField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for both coordinates or none."""
        if (attrs["lat"] is None) != (attrs["lon"] is None):
            raise serializers.ValidationError({"lon": "lat and lon go together."})
        return attrs


class AdvertInputSerializer(serializers.Serializer[Any]):
    """A new advert. Regular: ``slots``; one-off: ``date`` and ``time``."""

    key = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Names the attempt: sent again, the same key makes nothing new.",
    )
    role = serializers.ChoiceField(choices=Advert.Role.choices)
    kind = serializers.ChoiceField(choices=Advert.Kind.choices)
    origin = PlaceInputSerializer()
    destination = PlaceInputSerializer()
    seats = serializers.IntegerField(min_value=1, max_value=MAX_SEATS)
    date = serializers.DateField(required=False, allow_null=True, default=None)
    time = serializers.TimeField(required=False, allow_null=True, default=None)
    return_date = serializers.DateField(required=False, allow_null=True, default=None)
    return_time = serializers.TimeField(required=False, allow_null=True, default=None)
    slots = SlotSerializer(many=True, required=False, default=list)
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    comment = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=COMMENT_LENGTH
    )
    communities = serializers.ListField(
        child=serializers.SlugField(),
        required=False,
        default=list,
        max_length=50,
        help_text="Slugs of communities that you belong to.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask a one-off advert for its date and time; the service checks all the rest."""
        if attrs["kind"] == Advert.Kind.ONE_OFF:
            missing = [name for name in ("date", "time") if attrs[name] is None]
            if missing:
                required = self.fields["role"].error_messages["required"]
                raise serializers.ValidationError(dict.fromkeys(missing, required))
        return attrs


def place_of(sent: dict[str, Any]) -> Place:
    """What was sent of one end, for the service."""
    point = None if sent["lat"] is None else Point(sent["lat"], sent["lon"])
    return Place(sent["municipality"], sent["detail"], point)


def planning_of(sent: dict[str, Any]) -> Planning:
    """What was sent of the days and times, for the service."""
    if sent["kind"] == Advert.Kind.ONE_OFF:
        return OneOff(sent["date"], sent["time"], sent["return_date"], sent["return_time"])
    slots = [Slot(one["weekday"], one["time"], one["return_time"]) for one in sent["slots"]]
    return Weekly(slots, sent["valid_from"], sent["valid_until"])

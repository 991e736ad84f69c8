"""Adverts as the API writes and reads them. What is read is what pages show to anyone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from communities.communities.models import Community
from regions.territories.queries import municipality_get
from rides.adverts.cards import advert_url
from rides.adverts.inputs import AdvertInput, OneOff, Place, Planning, Slot, Weekly
from rides.adverts.models import COMMENT_LENGTH, LABEL_LENGTH, MAX_SEATS, Advert
from rides.adverts.prices import advert_price
from rides.adverts.route_rules import detail_of
from rides.matching.geometry import Point
from rides.places.queries import places_open

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


class StopSerializer(serializers.Serializer[Any]):
    """A stop between both ends, in the order of the outward ride."""

    label = serializers.CharField()  # type: ignore[assignment]
    lat = serializers.FloatField(source="point.lat", help_text="Degrees, WGS 84, as shown.")
    lon = serializers.FloatField(source="point.lon", help_text="Degrees, likewise.")


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
    stops = StopSerializer(source="via", many=True)
    seats = serializers.IntegerField(
        min_value=1, max_value=MAX_SEATS, help_text="Offered by a driver, asked by a passenger."
    )
    cents_per_km = serializers.IntegerField(help_text="Contribution of one passenger; 0 is free.")
    price_cents = serializers.SerializerMethodField(
        help_text="Contribution of one passenger for the whole way, rounded down to 5 cents."
    )
    school_holidays = serializers.BooleanField(help_text="Whether it runs during them.")
    public_holidays = serializers.BooleanField(help_text="Whether it runs on them.")
    wheelchair = serializers.BooleanField(
        help_text="A driver can take one along; a passenger comes with one."
    )
    same_gender = serializers.BooleanField(
        help_text="Only with people of the same civil title; where the region offers it."
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

    def get_price_cents(self, advert: Advert) -> int:
        """Return the contribution for the whole way."""
        return advert_price(advert)

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
    carpool_place = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The id_lieu of a carpool place in that municipality: exactly there.",
    )

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
    stops = PlaceInputSerializer(
        many=True,
        required=False,
        default=list,
        help_text="In the order in which the outward ride passes them.",
    )
    seats = serializers.IntegerField(min_value=1, max_value=MAX_SEATS)
    cents_per_km = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        help_text="Contribution of one passenger; 0 is free, null what the region suggests.",
    )
    school_holidays = serializers.BooleanField(required=False, default=True)
    public_holidays = serializers.BooleanField(required=False, default=True)
    wheelchair = serializers.BooleanField(required=False, default=False)
    same_gender = serializers.BooleanField(required=False, default=False)
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
    place = None
    if sent["carpool_place"] is not None:
        found = places_open().filter(key=sent["carpool_place"]).first()
        place = found.pk if found else 0  # none has this key: the service says so
    return Place(sent["municipality"], sent["detail"], point, place)


def input_of(told: dict[str, Any], communities: Sequence[Community]) -> AdvertInput:
    """What was sent, for the service."""
    return AdvertInput(
        role=told["role"],
        origin=place_of(told["origin"]),
        destination=place_of(told["destination"]),
        stops=[place_of(stop) for stop in told["stops"]],
        planning=planning_of(told),
        seats=told["seats"],
        cents_per_km=told["cents_per_km"],
        school_holidays=told["school_holidays"],
        public_holidays=told["public_holidays"],
        wheelchair=told["wheelchair"],
        same_gender=told["same_gender"],
        comment=told["comment"],
        communities=communities,
    )


_KEPT: Final = (
    "role", "kind", "seats", "cents_per_km", "school_holidays", "public_holidays", "wheelchair",
    "same_gender", "date", "time", "return_date", "return_time", "valid_from", "valid_until",
    "comment",
)  # fmt: skip


def said_by(advert: Advert) -> dict[str, Any]:
    """An advert as it would be sent: what a change starts from."""

    def end(name: str) -> dict[str, Any]:
        code, label = getattr(advert, f"{name}_code"), getattr(advert, f"{name}_label")
        return {
            "municipality": code,
            "detail": detail_of(municipality_get(code), label),
            "lat": getattr(advert, f"{name}_own_lat"),
            "lon": getattr(advert, f"{name}_own_lon"),
        }

    told: dict[str, Any] = {name: getattr(advert, name) for name in _KEPT}
    return told | {
        "origin": end("origin"),
        "destination": end("destination"),
        "stops": [
            {
                "municipality": stop.code,
                "detail": detail_of(municipality_get(stop.code), stop.label),
                "carpool_place": stop.place.key if stop.place else None,
                "lat": stop.own_lat,
                "lon": stop.own_lon,
            }
            for stop in advert.stops.select_related("place")
        ],
        "slots": [
            {"weekday": slot.weekday, "time": slot.time, "return_time": slot.return_time}
            for slot in advert.schedules.all()
        ],
        "communities": list(advert.communities.values_list("slug", flat=True)),
    }


def planning_of(sent: dict[str, Any]) -> Planning:
    """What was sent of the days and times, for the service."""
    if sent["kind"] == Advert.Kind.ONE_OFF:
        return OneOff(sent["date"], sent["time"], sent["return_date"], sent["return_time"])
    slots = [Slot(one["weekday"], one["time"], one["return_time"]) for one in sent["slots"]]
    return Weekly(slots, sent["valid_from"], sent["valid_until"])

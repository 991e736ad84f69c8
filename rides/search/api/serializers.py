"""The search as the API asks and answers it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from core.api.pagination import MAX_PAGE_SIZE
from regions.pool.queries import PooledRow
from rides.adverts.api.serializers import INSEE, AdvertSerializer
from rides.adverts.models import MAX_SEATS, Advert
from rides.adverts.prices import advert_price
from rides.matching.figures import DEFAULT_RADIUS_M, PAGE, RADII_M
from rides.search.inputs import LookingFor, Side, Sort
from rides.search.partners import partner_name
from rides.search.rules import DEFAULT_MARGIN, MARGINS


class SearchParameters(serializers.Serializer[Any]):
    """The question."""

    origin = serializers.RegexField(INSEE, help_text="INSEE code of the place of departure.")
    destination = serializers.RegexField(INSEE, help_text="INSEE code of the place of arrival.")
    date = serializers.DateField(
        required=False,
        default=None,
        help_text="Day of departure; today, or tomorrow once it is late, if left out.",
    )
    regular = serializers.BooleanField(
        required=False, default=False, help_text="Rides of every week instead of one date."
    )
    weekdays = serializers.RegexField(
        r"^[0-6](,[0-6]){0,6}$",
        required=False,
        default="",
        allow_blank=True,
        help_text="With regular: 0 Monday … 6 Sunday, separated by commas; any if left out.",
    )
    time = serializers.TimeField(
        required=False, default=None, help_text="When to be picked up, wall clock."
    )
    margin = serializers.ChoiceField(
        choices=MARGINS,
        required=False,
        default=DEFAULT_MARGIN,
        help_text="Minutes before and after time.",
    )
    side = serializers.ChoiceField(
        choices=[one.value for one in Side],
        required=False,
        default=Side.AROUND.value,
        help_text="Whether rides may lie before or after time, or on one side of it only.",
    )
    looking_for = serializers.ChoiceField(
        choices=[one.value for one in LookingFor],
        required=False,
        default=LookingFor.DRIVERS.value,
        help_text="drivers: who asks is a passenger. passengers: who asks drives that way, and "
        "time is when they leave.",
    )
    seats = serializers.IntegerField(
        required=False,
        default=None,
        min_value=1,
        max_value=MAX_SEATS,
        help_text="Seats needed (1); of a driver, seats offered (any).",
    )
    radius = serializers.IntegerField(
        required=False,
        default=round(DEFAULT_RADIUS_M),
        min_value=round(RADII_M[0]),
        max_value=round(RADII_M[-1]),
        help_text="Metres: how near to both places a route must pass.",
    )
    role = serializers.ChoiceField(
        choices=Advert.Role.values,
        required=False,
        default="",
        help_text="Adverts of this role only.",
    )
    community = serializers.SlugField(
        required=False,
        default="",
        max_length=80,
        help_text="Adverts of this community only: its slug.",
    )
    free = serializers.BooleanField(required=False, default=False)
    wheelchair = serializers.BooleanField(required=False, default=False)
    same_gender = serializers.BooleanField(
        required=False,
        default=False,
        help_text="People of the reader's civil title only, where the region allows it.",
    )
    sort = serializers.ChoiceField(
        choices=[one.value for one in Sort],
        required=False,
        default=Sort.BEST.value,
        help_text="What comes first; ties by cost, then by the advert's id.",
    )
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=1000)
    page_size = serializers.IntegerField(
        required=False, default=PAGE, min_value=1, max_value=MAX_PAGE_SIZE
    )


class FoundAdvertSerializer(AdvertSerializer):
    """An advert that was found: of this region, or what a partner region tells of one of its own.

    Of a partner's: nobody's name, comment, communities or day of publication; ``id`` is what
    partners know it by; a value that no agreement tells is null.
    """

    author = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="First name and initial; of a partner's, « Membre de … »."
    )
    cents_per_km = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="Contribution of one passenger; 0 is free, null not told."
    )
    price_cents = serializers.SerializerMethodField(
        help_text="Contribution of one passenger for the whole way; null not told."
    )
    wheelchair = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="A driver can take one along; a passenger comes with one; null not told."
    )
    published_at = serializers.DateTimeField(
        source="created_at", allow_null=True, help_text="Null of a partner's."
    )

    def get_author(self, advert: Advert) -> str:
        """Return the name that others see."""
        row = self._partner(advert)
        return partner_name(row) if row else advert.author.display_name

    def get_cents_per_km(self, advert: Advert) -> int | None:
        """Return the contribution for a kilometre."""
        row = self._partner(advert)
        return row.cents_per_km if row else advert.cents_per_km

    def get_price_cents(self, advert: Advert) -> int | None:  # type: ignore[override]
        """Return the contribution for the whole way."""
        row = self._partner(advert)
        return None if row and row.cents_per_km is None else advert_price(advert)

    def get_wheelchair(self, advert: Advert) -> bool | None:
        """Return whether there is room for one."""
        row = self._partner(advert)
        return row.wheelchair if row else advert.wheelchair

    def _partner(self, advert: Advert) -> PooledRow | None:
        partners: dict[UUID, PooledRow] = self.context["partners"]
        return partners.get(advert.public_id) if advert.elsewhere else None


class PartnerRegionSerializer(serializers.Serializer[Any]):
    """The partner region that a ride comes from."""

    name = serializers.CharField()
    accent = serializers.CharField(help_text="Its colour, #rrggbb; empty when it has none.")
    logo = serializers.CharField(
        allow_null=True, help_text="Path of its logo on this host; null when it has none."
    )


class RideSerializer(serializers.Serializer[Any]):
    """One direction of an advert that suits."""

    advert = FoundAdvertSerializer()
    region = PartnerRegionSerializer(
        allow_null=True, help_text="Of a partner region's ride; null of this region's own."
    )
    backwards = serializers.BooleanField(
        help_text="True: the advert's return, from its destination to its origin."
    )
    date = serializers.DateField(allow_null=True, help_text="Day it leaves; null with regular.")
    time = serializers.TimeField(help_text="When it leaves its own start, wall clock.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        help_text="With regular: the days asked for that it serves.",
    )
    walk_before = serializers.IntegerField(help_text="Metres on foot at the departure.")
    walk_after = serializers.IntegerField(help_text="Metres on foot at the arrival.")
    away_before = serializers.IntegerField(help_text="Metres from the departure to the route.")
    away_after = serializers.IntegerField(help_text="Metres from the route to the arrival.")
    detour = serializers.IntegerField(help_text="Seconds that the driver adds.")
    detour_estimated = serializers.BooleanField(
        help_text="Whether detour comes from straight lines, no router having answered."
    )
    cost = serializers.IntegerField(
        help_text="Seconds that rank it: detour, walk and difference of time."
    )


class SearchAnswerSerializer(serializers.Serializer[Any]):
    """The answer, best first; ties by the advert's id."""

    count = serializers.IntegerField(help_text="How many suit in all.")
    radius = serializers.IntegerField(
        help_text="Metres within which every ride passes both places: those asked for, or the "
        "least of 5000, 10000 and 20000 within which anything passes."
    )
    widened = serializers.BooleanField(help_text="Whether nothing passes within those asked for.")
    date = serializers.DateField(
        allow_null=True,
        help_text="Day of the rides: the one asked for, or tomorrow when none leaves today "
        "any more; null with regular.",
    )
    moved = serializers.BooleanField(help_text="Whether date is not the one asked for.")
    results = RideSerializer(many=True)

"""The search over the API: the same function and the same rules as the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from regions.pool.queries import partner_cards
from regions.territories.models import Municipality
from regions.territories.queries import municipalities_get
from rides.adverts.access import require_module
from rides.search.alerts import FILTERS
from rides.search.api.serializers import SearchAnswerSerializer, SearchParameters
from rides.search.errors import SearchError
from rides.search.queries import FoundRide, search_adverts
from rides.search.routers.detours import with_detours
from rides.search.rules import filters_for, search_query


class SearchView(APIView):
    """``GET /api/v1/search/?origin=35238&destination=44109&date=2026-03-02``."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="search",
        summary="Search for a ride",
        description=(
            "Drivers, and those who would drive, whose route passes near the departure and then "
            "near the arrival. A search writes nothing. Rides of partner regions stand in the same "
            "list, with `region`, as far as agreements between regions tell them."
        ),
        parameters=[SearchParameters],
        responses=SearchAnswerSerializer,
        tags=["search"],
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Search."""
        require_module()
        asked = SearchParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        origin, destination = _places(wanted["origin"], wanted["destination"])
        query = search_query(
            origin=origin,
            destination=destination,
            regular=wanted["regular"],
            day=wanted["date"],
            weekdays=[int(day) for day in wanted["weekdays"].split(",") if day],
            at=wanted["time"],
            margin_minutes=wanted["margin"],
            side=wanted["side"],
            seats=wanted["seats"],
            radius=float(wanted["radius"]),
            looking_for=wanted["looking_for"],
            filters=filters_for(request.user, **{name: wanted[name] for name in FILTERS}),
            sort=wanted["sort"],
            first=(wanted["page"] - 1) * wanted["page_size"],
            count=wanted["page_size"],
        )
        found = search_adverts(query, partners=True)
        found = replace(found, rides=with_detours(query, found.rides))
        partners = {ride.partner.advert: ride.partner for ride in found.rides if ride.partner}
        logos = {card.name: card.logo_url for card in partner_cards()} if partners else {}
        answer = {
            "count": found.total,
            "radius": round(found.radius),
            "widened": found.widened,
            "date": found.day,
            "moved": found.moved,
            "results": [_ride(ride, logos) for ride in found.rides],
        }
        told = SearchAnswerSerializer(answer, context={"partners": partners})
        return Response(told.data)


def _places(*codes: str) -> list[Municipality]:
    found = municipalities_get(codes)
    fields = {
        name: _("Choose a municipality from the list.")
        for name, code in zip(("origin", "destination"), codes, strict=True)
        if code not in found or not found[code].is_located
    }
    if fields:
        raise SearchError(
            _("This search cannot be made: some of it needs correcting."),
            code="invalid_search",
            fields=fields,
        )
    return [found[code] for code in codes]


def _ride(ride: FoundRide, logos: Mapping[str, str]) -> dict[str, Any]:
    passage, match, partner = ride.passage, ride.match, ride.partner
    region = None
    if partner is not None:
        logo = logos.get(partner.region) or None
        region = {"name": partner.region, "accent": partner.accent, "logo": logo}
    return {
        "advert": ride.advert,
        "region": region,
        "backwards": ride.backwards,
        "date": match.day,
        "time": match.at,
        "weekdays": sorted(match.weekdays),
        "walk_before": round(passage.walk_before),
        "walk_after": round(passage.walk_after),
        "away_before": round(passage.away_before),
        "away_after": round(passage.away_after),
        "detour": round(ride.detour.seconds),
        "detour_estimated": ride.detour.estimated,
        "cost": match.cost,
    }

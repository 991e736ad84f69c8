"""Carpool places over the API, in the words of the national schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from rides.places import access
from rides.places.models import CarpoolPlace
from rides.places.queries import places_open


class CarpoolPlaceSerializer(serializers.Serializer[CarpoolPlace]):
    """One place, with the column names of ``schema-lieux-covoiturage``."""

    id_lieu = serializers.CharField(source="key")
    nom_lieu = serializers.CharField(source="name")
    ad_lieu = serializers.CharField(source="address")
    com_lieu = serializers.CharField(source="town")
    insee = serializers.CharField(source="code")
    type = serializers.CharField(source="kind")
    date_maj = serializers.DateField(source="dated")
    ouvert = serializers.BooleanField(source="is_open")
    source = serializers.CharField()  # type: ignore[assignment]
    Xlong = serializers.FloatField(source="lon", help_text="Longitude, WGS 84.")
    Ylat = serializers.FloatField(source="lat", help_text="Latitude, WGS 84.")
    nbre_pl = serializers.IntegerField(source="spaces", allow_null=True)
    nbre_pmr = serializers.IntegerField(source="accessible_spaces", allow_null=True)
    duree = serializers.IntegerField(
        source="longest_stay", allow_null=True, help_text="Longest stay, minutes."
    )
    horaires = serializers.CharField(source="hours")
    proprio = serializers.CharField(source="owner")
    lumiere = serializers.BooleanField(source="is_lit", allow_null=True)
    comm = serializers.CharField(source="comment")


class AreaSerializer(serializers.Serializer[Any]):
    """Which places are asked for."""

    insee = serializers.RegexField(r"^[0-9][0-9AB][0-9]{3}$", required=False)
    box = serializers.RegexField(
        r"^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$",
        required=False,
        help_text="south,west,north,east in degrees.",
    )


class CarpoolPlaceListView(GenericAPIView[CarpoolPlace]):
    """The region's carpool places that are open to all."""

    serializer_class = CarpoolPlaceSerializer
    queryset = CarpoolPlace.objects.none()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="carpool_places_list",
        summary="List carpool places",
        description="Places open to all, by name, in the words of the national schema.",
        parameters=[
            OpenApiParameter("insee", str, description="Of one municipality (INSEE code)."),
            OpenApiParameter("box", str, description="south,west,north,east in degrees."),
        ],
        responses=CarpoolPlaceSerializer(many=True),
        tags=["carpool-places"],
    )
    def get(self, request: Request) -> Response:
        """List."""
        access.require_module()
        asked = AreaSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = places_open().order_by("name", "pk")
        if asked.validated_data.get("insee"):
            rows = rows.filter(code=asked.validated_data["insee"])
        if asked.validated_data.get("box"):
            south, west, north, east = map(float, asked.validated_data["box"].split(","))
            rows = rows.filter(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

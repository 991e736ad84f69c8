"""Municipalities for everybody: public reference data, the same for all who ask."""

from __future__ import annotations

from django.http import Http404
from django.utils.cache import patch_cache_control
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from regions.territories.api.serializers import (
    MunicipalityListSerializer,
    MunicipalitySerializer,
    SearchParameters,
)
from regions.territories.queries import municipality_get, municipality_search

DAY_SECONDS = 86_400


class PublicView(APIView):
    """Answers anybody, looks at no session, and lets browsers and proxies keep the answer a day."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def answer(self, data: object) -> Response:
        """Return ``data`` with its caching."""
        response = Response(data)
        patch_cache_control(response, public=True, max_age=DAY_SECONDS)
        return response


class MunicipalitySearchView(PublicView):
    """``GET /api/v1/municipalities/?q=ren&region=53``."""

    @extend_schema(
        operation_id="municipalities_search",
        summary="Search municipalities",
        description=(
            "The municipalities that may be meant by what has been typed so far: exact names, "
            "then names that begin so, then names with a word that begins so; bigger towns first."
        ),
        parameters=[SearchParameters],
        responses=MunicipalityListSerializer,
        tags=["municipalities"],
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Search."""
        asked = SearchParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        regions = [code for code in str(asked.validated_data["region"]).split(",") if code.strip()]
        found = municipality_search(
            asked.validated_data["q"],
            regions=[code.strip() for code in regions] or None,
            limit=asked.validated_data["limit"],
        )
        return self.answer(MunicipalityListSerializer({"results": found}).data)


class MunicipalityView(PublicView):
    """``GET /api/v1/municipalities/35238/``."""

    @extend_schema(
        operation_id="municipalities_retrieve",
        summary="Read one municipality",
        responses={200: MunicipalitySerializer, 404: OpenApiResponse(description="No such code")},
        tags=["municipalities"],
        auth=[],
    )
    def get(self, request: Request, code: str) -> Response:
        """Read."""
        municipality = municipality_get(code)
        if municipality is None:
            raise Http404
        return self.answer(MunicipalitySerializer(municipality).data)

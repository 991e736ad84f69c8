"""Published figures for programs: public, out of fixed lists, kept a minute by whoever reads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError
from rest_framework.views import APIView

from core.accounts.limits import allowed
from regions.observatory.api.serializers import (
    CatalogueSerializer,
    FigureSerializer,
    FiguresParameters,
    period,
)
from regions.observatory.files import LICENCE, LICENCE_URL, definition_said
from regions.observatory.filters import regions_here
from regions.observatory.queries import (
    Area,
    Grain,
    K,
    PublishingRegion,
    ReleasedCell,
    definitions,
    released,
    released_count,
)

KEPT_SECONDS = 60
"""What an agreement ends is gone a minute later."""


class PublicView(APIView):
    """Answers anybody and looks at no session; « not modified » to those who have the same."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the answer's mark."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == 200:
            # Words in it follow the reader's language, which a cookie says.
            patch_cache_control(answer, private=True, max_age=KEPT_SECONDS)
            if "ETag" not in answer:
                answer.add_post_render_callback(_marked(request))
        return answer


def _marked(request: Request) -> Any:
    def mark(response: Response) -> HttpResponseBase | None:
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        found = get_conditional_response(request._request, etag=etag, response=response)
        return None if found is response else found

    return mark


class CatalogueView(PublicView):
    """``GET /api/v1/observatory/``."""

    @extend_schema(
        operation_id="observatory_retrieve",
        summary="Read the catalogue of published statistics",
        description=(
            "Every measure with its definition, the regions whose figures may be read on this "
            "host, and the months that they have published."
        ),
        responses=CatalogueSerializer,
        tags=["observatory"],
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Read."""
        return Response(
            {
                "licence": LICENCE,
                "licence_url": LICENCE_URL,
                "threshold": K,
                "regions": [
                    {
                        "region": one.slug,
                        "name": one.name,
                        "departments": one.departments,
                        "first": f"{one.first:%Y-%m}" if one.first else None,
                        "last": f"{one.last:%Y-%m}" if one.last else None,
                    }
                    for one in regions_here()
                ],
                "measures": [
                    definition_said(one)
                    | {"areas": [area.value for area in one.areas], "daily": one.daily}
                    for one in definitions()
                ],
            }
        )


class FiguresView(PublicView, GenericAPIView[Any]):
    """``GET /api/v1/observatory/figures/?measure=journeys&area=departement``."""

    serializer_class = FigureSerializer

    @extend_schema(
        operation_id="observatory_figures_list",
        summary="Read published figures",
        description=(
            "One measure over months (24 at most) or days, by area. Each area is there for each "
            "published period; what may not be told has no value."
        ),
        parameters=[FiguresParameters],
        responses=FigureSerializer(many=True),
        tags=["observatory"],
        auth=[],
    )
    def get(self, request: Request) -> Response | HttpResponseBase:
        """Read a page of them; nothing is read for those who have the same already."""
        asked = FiguresParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        regions = regions_here()
        mark = _mark(request, regions)
        known = get_conditional_response(request._request, etag=mark)
        if known is not None:
            known["ETag"] = mark
            patch_cache_control(known, private=True, max_age=KEPT_SECONDS)
            return known
        if not allowed(request._request, "figures"):
            raise Throttled
        found = self.paginate_queryset(_figures(asked.validated_data, regions))
        assert found is not None, "pages are numbered everywhere"
        response = self.get_paginated_response([_said(cell) for cell in found])
        response["ETag"] = mark
        return response


@dataclass(frozen=True, slots=True)
class _Figures:
    """What was asked, read by the page: the paginator counts, and takes a slice."""

    measure: str
    asked: dict[str, Any]

    def count(self) -> int:
        """How many figures there are; one statement."""
        return released_count(self.measure, **self.asked)

    def __getitem__(self, part: slice) -> list[ReleasedCell]:
        return released([self.measure], **self.asked, part=(part.start, part.stop - part.start))


def _figures(asked: dict[str, Any], regions: list[PublishingRegion]) -> Any:
    slugs = [one.slug for one in regions]
    if "region" in asked:
        if asked["region"] not in slugs:
            raise ValidationError({"region": _("No such region’s figures here.")})
        slugs = [asked["region"]]
    latest = max((one.last for one in regions if one.last), default=None)
    if latest is None:
        return []
    first, last = period(asked, latest)
    return _Figures(
        asked["measure"],
        {
            "first": first,
            "last": last,
            "area": Area(asked["area"]),
            "grain": Grain(asked["grain"]),
            "codes": [asked["code"]] if "code" in asked else None,
            "regions": slugs,
        },
    )


def _mark(request: Request, regions: list[PublishingRegion]) -> str:
    """What an answer depends on: what was asked, in which words, and what is published and told.

    The day is in it too: names of areas may change without anything being published.
    """
    said = (
        request.get_full_path(),
        get_language(),
        timezone.localdate(),
        [(one.slug, one.name, one.regions, one.departments, one.told_at) for one in regions],
    )
    return f'"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"'


def _said(cell: ReleasedCell) -> dict[str, Any]:
    return {
        "region": cell.region,
        "area": cell.area.value,
        "code": cell.code,
        "label": cell.label,
        "start": cell.start.isoformat(),
        "grain": cell.grain.value,
        "value": cell.value,
        "suppressed": cell.suppressed,
    }

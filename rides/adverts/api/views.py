"""Adverts over the API: the services, guarded getters and rules of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from communities.communities.queries import communities_of
from core.accounts.models import Account
from rides.adverts import access
from rides.adverts.api.serializers import (
    AdvertInputSerializer,
    AdvertSerializer,
    place_of,
    planning_of,
)
from rides.adverts.errors import AdvertError
from rides.adverts.models import Advert
from rides.adverts.queries import (
    adverts_current,
    adverts_public,
    for_cards,
    keys_of,
)
from rides.adverts.services import advert_publish


class AdvertListView(GenericAPIView[Advert]):
    """The region's adverts."""

    serializer_class = AdvertSerializer
    queryset = Advert.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        """Anyone may look; publishing needs a signed-in person."""
        return [IsAuthenticated()] if self.request.method == "POST" else [AllowAny()]

    @extend_schema(
        operation_id="adverts_list",
        summary="List adverts",
        description="Adverts online that still have a ride to come, latest first.",
        responses=AdvertSerializer(many=True),
        tags=["adverts"],
    )
    def get(self, request: Request) -> Response:
        """List."""
        access.require_module()
        current = adverts_current(adverts_public(), timezone.now())
        ordered: Any = keys_of(current).order_by("-created_at", "-pk")
        shown = for_cards(cast(Sequence[int], self.paginate_queryset(ordered)))
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)

    @extend_schema(
        operation_id="adverts_create",
        summary="Publish an advert",
        request=AdvertInputSerializer,
        responses={201: AdvertSerializer},
        tags=["adverts"],
    )
    def post(self, request: Request) -> Response:
        """Publish."""
        access.require_module()
        assert isinstance(request.user, Account)
        sent = AdvertInputSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        wanted = set(told["communities"])
        communities = [one for one in communities_of(request.user) if one.slug in wanted]
        if len(communities) < len(wanted):
            raise AdvertError(
                _("The advert was not published: some of it needs correcting."),
                code="invalid_advert",
                fields={"communities": _("Publish only in communities that you belong to.")},
            )
        advert = advert_publish(
            author=request.user,
            role=told["role"],
            origin=place_of(told["origin"]),
            destination=place_of(told["destination"]),
            planning=planning_of(told),
            seats=told["seats"],
            comment=told["comment"],
            communities=communities,
            public_id=told["key"],
        )
        (shown,) = for_cards([advert.pk])
        return Response(AdvertSerializer(shown).data, status=status.HTTP_201_CREATED)


class AdvertDetailView(GenericAPIView[Advert]):
    """One advert."""

    serializer_class = AdvertSerializer
    queryset = Advert.objects.none()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="adverts_retrieve",
        summary="Read one advert",
        responses=AdvertSerializer,
        tags=["adverts"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read."""
        return Response(AdvertSerializer(access.get_advert_for(request.user, public_id)).data)

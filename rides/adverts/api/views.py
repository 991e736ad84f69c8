"""Adverts over the API: the services, guarded getters and rules of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from communities.communities.models import Community
from communities.communities.queries import communities_of
from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.adverts import access
from rides.adverts.api.serializers import (
    AdvertInputSerializer,
    AdvertSerializer,
    input_of,
    said_by,
)
from rides.adverts.errors import AdvertError
from rides.adverts.models import Advert
from rides.adverts.queries import (
    adverts_current,
    adverts_public,
    for_cards,
    keys_of,
)
from rides.adverts.services import advert_change, advert_delete, advert_publish

_CHANGES = ("PATCH", "DELETE")


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
        current = adverts_current(adverts_public(request.user), timezone.now())
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
        account = signed_in(request)
        sent = AdvertInputSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        said = input_of(told, _communities(account, told["communities"]))
        words = {name: getattr(said, name) for name in said.__dataclass_fields__}
        advert = advert_publish(author=account, public_id=told["key"], **words)
        (shown,) = for_cards([advert.pk])
        return Response(AdvertSerializer(shown).data, status=status.HTTP_201_CREATED)


def _communities(account: Account, slugs: list[str]) -> list[Community]:
    """The account's own communities of these slugs; others are refused."""
    wanted = set(slugs)
    communities = [one for one in communities_of(account) if one.slug in wanted]
    if len(communities) < len(wanted):
        raise AdvertError(
            _("The advert was not published: some of it needs correcting."),
            code="invalid_advert",
            fields={"communities": _("Publish only in communities that you belong to.")},
        )
    return communities


class AdvertDetailView(GenericAPIView[Advert]):
    """One advert."""

    serializer_class = AdvertSerializer
    queryset = Advert.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        """Anyone may look; changing needs a signed-in person, its author."""
        return [IsAuthenticated()] if self.request.method in _CHANGES else [AllowAny()]

    @extend_schema(
        operation_id="adverts_retrieve",
        summary="Read one advert",
        responses=AdvertSerializer,
        tags=["adverts"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read."""
        return Response(AdvertSerializer(access.get_advert_for(request.user, public_id)).data)

    @extend_schema(
        operation_id="adverts_update",
        summary="Change an advert of one's own",
        description="What is not sent stays; times, days and stops are replaced as a whole.",
        request=AdvertInputSerializer(partial=True),
        responses=AdvertSerializer,
        tags=["adverts"],
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Change."""
        advert = access.get_own_advert(request.user, public_id)
        account = signed_in(request)
        changes = request.data if isinstance(request.data, Mapping) else {}
        sent = AdvertInputSerializer(data={**said_by(advert), **dict(changes.items())})
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        advert_change(
            advert=advert, said=input_of(told, _communities(account, told["communities"]))
        )
        (shown,) = for_cards([advert.pk])
        return Response(AdvertSerializer(shown).data)

    @extend_schema(
        operation_id="adverts_destroy",
        summary="Delete an advert of one's own",
        responses={204: None},
        tags=["adverts"],
    )
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Delete."""
        advert_delete(advert=access.get_own_advert(request.user, public_id))
        return Response(status=status.HTTP_204_NO_CONTENT)

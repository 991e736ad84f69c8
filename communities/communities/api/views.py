"""Communities over the API: the services, guarded getters and rules of the pages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from communities.communities import access, queries
from communities.communities.api.serializers import (
    CommunityCreateSerializer,
    CommunityFilterSerializer,
    CommunitySerializer,
    JoinSerializer,
)
from communities.communities.domains import domains_read
from communities.communities.models import Community
from communities.communities.services import community_create, membership_join, membership_leave
from communities.communities.validation import community_settings
from regions.territories.queries import intercommunality_codes


class _CommunityView(GenericAPIView[Community]):
    serializer_class = CommunitySerializer
    queryset = Community.objects.none()

    def answer(self, communities: list[Community]) -> Any:
        """Return the rows with the memberships of the person who asks, in one query for all."""
        context = {
            **self.get_serializer_context(),
            "memberships": queries.memberships_in(self.request.user, communities),
            "rules": community_settings(),
        }
        return CommunitySerializer(communities, many=True, context=context).data

    def answer_one(self, community: Community, code: int = status.HTTP_200_OK) -> Response:
        """Return one community, counted now."""
        community.members_count = queries.members_count(community)  # type: ignore[attr-defined]
        return Response(self.answer([community])[0], status=code)


class CommunityListView(_CommunityView):
    """The region's communities."""

    def get_permissions(self) -> list[BasePermission]:
        """Anyone may look; creating needs a signed-in person."""
        return [IsAuthenticated()] if self.request.method == "POST" else [AllowAny()]

    @extend_schema(
        operation_id="communities_list",
        parameters=[CommunityFilterSerializer],
        responses=CommunitySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List communities, largest first."""
        access.require_module()
        asked = CommunityFilterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        rows = self.paginate_queryset(
            queries.communities_list(
                request.user,
                text=told["q"],
                kind=told.get("kind", ""),
                departement=told["departement"],
                codes=_codes(told),
            )
        )
        assert rows is not None
        return self.get_paginated_response(self.answer(list(rows)))

    @extend_schema(
        operation_id="communities_create",
        request=CommunityCreateSerializer,
        responses={201: CommunitySerializer},
    )
    def post(self, request: Request) -> Response:
        """Create a community and run it. Needs a verified e-mail address."""
        access.require_module()
        sent = CommunityCreateSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = dict(sent.validated_data)
        told["domains"] = domains_read(" ".join(told["domains"]))
        community = community_create(creator=_account(request), **told)
        return self.answer_one(community, status.HTTP_201_CREATED)


class CommunityDetailView(_CommunityView):
    """One community."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="communities_retrieve", responses=CommunitySerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read a community."""
        return self.answer_one(access.get_community_for(request.user, slug))


class CommunityJoinView(_CommunityView):
    """Joining."""

    @extend_schema(
        operation_id="communities_join",
        request=JoinSerializer,
        responses={
            200: OpenApiResponse(
                CommunitySerializer,
                description="``membership`` says whether you are a member, or wait for an answer.",
            )
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Join a community, or ask to, by its validation; again is the same.

        Codes of refusals: ``join_refused``, ``domain_not_allowed``, ``identifier_refused``,
        ``too_many_tries``.
        """
        community = access.get_community_for(request.user, slug)
        sent = JoinSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        membership_join(account=_account(request), community=community, **sent.validated_data)
        return self.answer_one(community)


class CommunityLeaveView(_CommunityView):
    """Leaving."""

    @extend_schema(
        operation_id="communities_leave",
        request=None,
        responses={200: OpenApiResponse(CommunitySerializer, description="You are no member.")},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Leave a community; again is the same. The last moderator cannot (409)."""
        community = access.get_community_for(request.user, slug)
        membership_leave(account=_account(request), community=community)
        return self.answer_one(community)


def _codes(told: dict[str, Any]) -> list[str] | None:
    """Municipalities to look in; None for everywhere."""
    if "municipality" in told:
        return [told["municipality"]]
    if "intercommunality" in told:
        return intercommunality_codes(told["intercommunality"])
    return None


def _account(request: Request) -> Any:
    """The signed-in account: permissions have seen to it."""
    assert request.user.is_authenticated
    return request.user

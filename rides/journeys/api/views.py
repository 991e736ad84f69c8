"""Journeys over the API: the services, guarded getters and rules of the pages."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.access import signed_in
from core.api.lists import OwnView
from rides.adverts.access import require_module
from rides.journeys import access
from rides.journeys.api.serializers import JourneyPatchSerializer, JourneySerializer
from rides.journeys.models import Journey
from rides.journeys.services import journey_say, journey_thank


class JourneyListView(OwnView[Journey]):
    """The caller's journeys."""

    serializer_class = JourneySerializer
    queryset = Journey.objects.none()

    @extend_schema(
        operation_id="journeys_list",
        summary="List your journeys",
        description="Rides that have arrived, in which you drove or rode; the latest first.",
        responses=JourneySerializer(many=True),
        tags=["journeys"],
    )
    def get(self, request: Request) -> Response:
        """List."""
        require_module()
        return self.answer_list(access.journeys_of(signed_in(request)))


class JourneyView(OwnView[Journey]):
    """One journey."""

    serializer_class = JourneySerializer
    queryset = Journey.objects.none()

    @extend_schema(
        operation_id="journeys_retrieve",
        summary="Read one journey",
        responses=JourneySerializer,
        tags=["journeys"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read."""
        journey = access.get_journey_for(request.user, public_id)
        return Response(self.get_serializer(journey).data)

    @extend_schema(
        operation_id="journeys_update",
        summary="Say how it went, or thank",
        description="409 `journey_closed` after seven days.",
        request=JourneyPatchSerializer,
        responses=JourneySerializer,
        tags=["journeys"],
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Say."""
        account = signed_in(request)
        journey = access.get_journey_for(account, public_id)
        sent = JourneyPatchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        with transaction.atomic():
            if "said" in told:
                journey_say(journey=journey, account=account, says=told["said"])
            if "thanks" in told:
                journey_thank(journey=journey, account=account, text=told["thanks"])
        return Response(self.get_serializer(access.get_journey_for(account, public_id)).data)

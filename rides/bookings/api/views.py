"""Bookings over the API: the services, guarded getters and rules of the pages."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.access import signed_in
from core.api.lists import OwnView
from rides.adverts.access import require_module
from rides.bookings import access
from rides.bookings.api.serializers import (
    BookingInputSerializer,
    BookingPatchSerializer,
    BookingSerializer,
    request_of,
)
from rides.bookings.models import Booking
from rides.bookings.services import (
    booking_accept,
    booking_cancel,
    booking_refuse,
    booking_request,
)


class BookingListView(OwnView[Booking]):
    """The caller's bookings."""

    serializer_class = BookingSerializer
    queryset = Booking.objects.none()

    @extend_schema(
        operation_id="bookings_list",
        summary="List your bookings",
        description="Those in which you drive or ride, latest first.",
        responses=BookingSerializer(many=True),
        tags=["bookings"],
    )
    def get(self, request: Request) -> Response:
        """List."""
        require_module()
        return self.answer_list(
            access.bookings_of(signed_in(request)).prefetch_related("rides", "weeks")
        )

    @extend_schema(
        operation_id="bookings_create",
        summary="Ask for rides of an advert",
        description="409 `full` when no seat is left, `advert_unavailable` when it is offline.",
        request=BookingInputSerializer,
        responses={201: BookingSerializer},
        tags=["bookings"],
    )
    def post(self, request: Request) -> Response:
        """Ask."""
        require_module()
        account = signed_in(request)
        sent = BookingInputSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        advert = access.get_advert_to_book(account, sent.validated_data["advert"])
        booking = booking_request(
            asker=account,
            advert=advert,
            request=request_of(sent.validated_data),
            key=sent.validated_data["key"],
        )
        return Response(self.get_serializer(booking).data, status=status.HTTP_201_CREATED)


class BookingDetailView(OwnView[Booking]):
    """One booking."""

    serializer_class = BookingSerializer
    queryset = Booking.objects.none()

    @extend_schema(
        operation_id="bookings_retrieve",
        summary="Read one booking",
        responses=BookingSerializer,
        tags=["bookings"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read."""
        booking = access.get_booking_for(request.user, public_id)
        return Response(self.get_serializer(booking).data)

    @extend_schema(
        operation_id="bookings_update",
        summary="Accept, refuse or cancel",
        description="409 `status_already_set` when the booking is not in a state for it.",
        request=BookingPatchSerializer,
        responses=BookingSerializer,
        tags=["bookings"],
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Answer."""
        account = signed_in(request)
        booking = access.get_booking_for(account, public_id)
        sent = BookingPatchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        text = sent.validated_data["message"]
        if sent.validated_data["status"] == Booking.Status.CONFIRMED:
            done = booking_accept(booking=booking, account=account, text=text)
        elif booking.author_id == account.pk and booking.status != Booking.Status.CONFIRMED:
            done = booking_refuse(booking=booking, account=account, reason=text)
        else:
            done = booking_cancel(booking=booking, account=account, reason=text)
        return Response(self.get_serializer(done).data)

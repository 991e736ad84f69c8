"""Conversations over the API: the services, guarded getters and rules of the pages."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.access import signed_in
from core.api.lists import OwnView
from rides.adverts.access import require_module
from rides.conversations import access
from rides.conversations.api.serializers import (
    ConversationInputSerializer,
    ConversationSerializer,
    LineSerializer,
    MessageInputSerializer,
    ReadInputSerializer,
)
from rides.conversations.lines import lines_of
from rides.conversations.models import Thread
from rides.conversations.services import message_send, thread_read, thread_start


class ConversationListView(OwnView[Thread]):
    """The caller's conversations."""

    serializer_class = ConversationSerializer
    queryset = Thread.objects.none()

    @extend_schema(
        operation_id="conversations_list",
        summary="List your conversations",
        description="The latest first.",
        responses=ConversationSerializer(many=True),
        tags=["conversations"],
    )
    def get(self, request: Request) -> Response:
        """List."""
        require_module()
        return self.answer_list(access.threads_of(signed_in(request)))

    @extend_schema(
        operation_id="conversations_create",
        summary="Write to the author of an advert",
        description="429 `too_many_contacts` when you have written to as many as a day allows.",
        request=ConversationInputSerializer,
        responses={201: ConversationSerializer},
        tags=["conversations"],
    )
    def post(self, request: Request) -> Response:
        """Write."""
        account = signed_in(request)
        sent = ConversationInputSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = sent.validated_data
        advert = access.get_advert_to_write(account, told["advert"])
        thread = thread_start(account=account, advert=advert, body=told["body"], key=told["key"])
        return Response(self.get_serializer(thread).data, status=status.HTTP_201_CREATED)


class ConversationView(OwnView[Thread]):
    """One conversation."""

    serializer_class = ConversationSerializer
    queryset = Thread.objects.none()

    @extend_schema(
        operation_id="conversations_retrieve",
        summary="Read one conversation's state",
        responses=ConversationSerializer,
        tags=["conversations"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read."""
        return Response(self.get_serializer(access.get_thread_for(request.user, public_id)).data)

    @extend_schema(
        operation_id="conversations_read",
        summary="Note that you have read all lines",
        request=ReadInputSerializer,
        responses=ConversationSerializer,
        tags=["conversations"],
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Note."""
        account = signed_in(request)
        thread = access.get_thread_for(account, public_id)
        ReadInputSerializer(data=request.data).is_valid(raise_exception=True)
        thread_read(thread=thread, account=account)
        return Response(self.get_serializer(access.get_thread_for(account, public_id)).data)


class LineListView(OwnView[Thread]):
    """What is said in one conversation."""

    serializer_class = LineSerializer
    queryset = Thread.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="conversations_lines",
        summary="Read the lines of a conversation",
        description="The latest 200, the oldest first. Reading marks nothing as read.",
        responses=LineSerializer(many=True),
        tags=["conversations"],
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read."""
        account = signed_in(request)
        thread = access.get_thread_for(account, public_id)
        return Response(LineSerializer(lines_of(thread, account), many=True).data)

    @extend_schema(
        operation_id="conversations_write",
        summary="Write in a conversation",
        description="403 `not_reachable` when one of the two has blocked the other.",
        request=MessageInputSerializer,
        responses={201: LineSerializer(many=True)},
        tags=["conversations"],
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Write; the lines as they are then."""
        account = signed_in(request)
        thread = access.get_thread_for(account, public_id)
        sent = MessageInputSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        message_send(thread=thread, sender=account, **sent.validated_data)
        lines = LineSerializer(lines_of(thread, account), many=True)
        return Response(lines.data, status=status.HTTP_201_CREATED)

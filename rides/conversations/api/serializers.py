"""Conversations as the API writes and reads them: what the pages show, masked likewise."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.conversations.models import BODY_LENGTH, Thread


class ConversationSerializer(serializers.Serializer[Thread]):
    """What is said about one advert, between its author and one other person."""

    id = serializers.UUIDField(source="public_id")
    url = serializers.SerializerMethodField(help_text="Path of its page on the region's site.")
    advert = serializers.UUIDField(source="advert.public_id")
    route = serializers.CharField(source="advert.__str__", help_text="Of the advert.")
    partner = serializers.SerializerMethodField(help_text="The other person: first name, initial.")
    unread = serializers.SerializerMethodField(help_text="Lines that you have not read.")
    last_at = serializers.DateTimeField(help_text="When the last line was written.")

    def get_url(self, thread: Thread) -> str:
        """Return the page's path."""
        return reverse("conversations:thread", args=[thread.public_id])

    def get_partner(self, thread: Thread) -> str:
        """Return the other person's name."""
        return thread.partner(self._reader).display_name

    def get_unread(self, thread: Thread) -> int:
        """Return how many lines the reader has not read."""
        return thread.unread(self._reader)

    @property
    def _reader(self) -> Account:
        return signed_in(self.context["request"])


class LineSerializer(serializers.Serializer[Any]):
    """One line: a message, or what happened to a booking."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    own = serializers.BooleanField(help_text="Whether you wrote it, or did it.")
    text = serializers.CharField(
        allow_blank=True,
        help_text="Telephone numbers, addresses and links are hidden until both have agreed.",
    )
    hidden = serializers.BooleanField(help_text="Whether something in it does not show yet.")
    event = serializers.CharField(
        allow_blank=True, help_text="What happened to a booking, in words; empty for a message."
    )
    booking = serializers.UUIDField(allow_null=True)


class MessageInputSerializer(serializers.Serializer[Any]):
    """A message to send."""

    key = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Names the attempt: sent again, the same key makes nothing new.",
    )
    body = serializers.CharField(max_length=BODY_LENGTH)


class ConversationInputSerializer(MessageInputSerializer):
    """A first message to the author of an advert."""

    advert = serializers.UUIDField()


class ReadInputSerializer(serializers.Serializer[Any]):
    """Noting that all lines are read."""

    unread = serializers.IntegerField(min_value=0, max_value=0)

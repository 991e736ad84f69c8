"""The lines of a conversation, ready to be shown: masked until the two have agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from core.accounts.models import Account
from rides.bookings.masking import masked
from rides.bookings.words import event_words
from rides.conversations.access import have_agreed
from rides.conversations.models import Message, Thread

SHOWN = 200
"""The latest lines of a conversation; who says more has agreed long ago."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as somebody reads it."""

    own: bool
    at: datetime
    text: str
    event: str = ""
    """What happened to a booking; empty for a message."""
    url: str = ""
    hidden: bool = False
    """Whether something in it does not show yet."""


def lines_of(thread: Thread, reader: Account) -> list[Line]:
    """The latest lines, the oldest first. Three statements, whatever their number."""
    rows = (
        Message.objects.filter(thread=thread)
        .select_related("event__actor", "event__booking__driver", "event__booking__passenger")
        .order_by("-pk")[:SHOWN]
    )
    open_ = have_agreed(thread.author, thread.other)
    return [_line(row, reader, open_) for row in reversed(list(rows))]


def _line(row: Message, reader: Account, open_: bool) -> Line:
    text = row.body if open_ else masked(row.body)
    event, url = "", ""
    if row.event is not None:
        event = event_words(row.event, reader)
        url = reverse("bookings:detail", args=[row.event.booking.public_id])
    return Line(row.sender_id == reader.pk, row.created_at, text, event, url, text != row.body)

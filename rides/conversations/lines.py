"""The lines of a conversation, ready to be shown: masked until the two have agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.accounts.models import Account
from rides.bookings.masking import masked
from rides.bookings.words import booking_url, event_words
from rides.conversations.access import have_agreed
from rides.conversations.models import Message, Thread

SHOWN = 200
"""The latest lines of a conversation; who says more has agreed long ago."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as somebody reads it."""

    id: UUID
    own: bool
    at: datetime
    text: str
    event: str = ""
    """What happened to a booking; empty for a message."""
    booking: UUID | None = None
    """The booking to which it happened."""
    url: str = ""
    """Path of that booking's page."""
    hidden: bool = False
    """Whether something in it does not show yet."""
    returned: bool = False
    """Whether it could not be brought to the other person's region."""


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
    event, booking = "", None
    if row.event is not None:
        event = event_words(row.event, reader)
        booking = row.event.booking
    return Line(
        id=row.public_id,
        own=row.sender_id == reader.pk,
        at=row.created_at,
        text=text,
        event=event,
        booking=booking.public_id if booking else None,
        url=booking_url(booking) if booking else "",
        hidden=text != row.body,
        returned=row.returned,
    )

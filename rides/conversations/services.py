"""Writes: say something, read, block, report. Locks: advert (bookings), account, thread."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.adverts.settings import rides_settings
from rides.bookings.errors import StatusAlreadySetError
from rides.bookings.models import Booking, BookingEvent
from rides.bookings.services import booking_cancel, booking_refuse
from rides.conversations import hooks
from rides.conversations.access import is_blocked
from rides.conversations.errors import (
    MessageInvalidError,
    NotReachableError,
    TooManyContactsError,
)
from rides.conversations.models import BODY_LENGTH, Block, Message, Notice, Report, Thread
from rides.conversations.notices import notice_add

CONTACTS_OVER: Final = dt.timedelta(days=1)
EXCERPT_LINES: Final = 20


# --- saying something -----------------------------------------------------------------------------
def contact_check(account: Account, advert: Advert) -> None:
    """Let somebody get in touch about an advert, or say why not.

    One at a time for one person, so that many windows are not many contacts. Raises
    ``NotReachableError`` and ``TooManyContactsError``.
    """
    if is_blocked(account, advert.author):
        raise NotReachableError
    Account.everybody.select_for_update(no_key=True).get(pk=account.pk)
    if Thread.objects.filter(advert=advert, other=account).exists():
        return
    most = rides_settings().new_contacts_per_day
    since = timezone.now() - CONTACTS_OVER
    if Thread.objects.filter(started_by=account, created_at__gt=since).count() >= most:
        raise TooManyContactsError(most)


@transaction.atomic
def thread_start(
    *, account: Account, advert: Advert, body: str, key: uuid.UUID | None = None
) -> Thread:
    """Write to the author of an advert; return the conversation, begun or found again.

    ``key`` names the attempt, as in ``message_send``. Raises what ``contact_check`` and
    ``message_send`` raise.
    """
    _checked(body)
    contact_check(account, advert)
    thread = thread_of(advert, account, started_by=account)
    message_send(thread=thread, sender=account, body=body, key=key)
    return thread


def thread_of(advert: Advert, other: Account, *, started_by: Account) -> Thread:
    """Return the conversation about an advert with one person, made if need be."""
    thread, _made = Thread.objects.get_or_create(
        advert=advert,
        other=other,
        defaults={"author_id": advert.author_id, "started_by": started_by},
    )
    return thread


@transaction.atomic
def message_send(
    *, thread: Thread, sender: Account, body: str, key: uuid.UUID | None = None
) -> Message:
    """Write a message; the other person is told by mail if they wish.

    ``key`` names the attempt: sent twice, it is one message. Raises ``MessageInvalidError`` and
    ``NotReachableError``.
    """
    body = _checked(body)
    locked = Thread.objects.select_for_update(no_key=True, of=("self",)).get(pk=thread.pk)
    made = Message.objects.filter(public_id=key).first() if key is not None else None
    if made is not None:
        if made.sender_id == sender.pk and made.thread_id == thread.pk:
            return made
        key = None  # someone else's: no reason to tell
    if is_blocked(thread.author, thread.other):
        raise NotReachableError
    message = Message.objects.create(
        public_id=key or uuid.uuid4(), thread=locked, sender=sender, body=body
    )
    _follow(locked, message, Notice.Kind.MESSAGE)
    for listener in hooks.LISTENERS:
        listener.on_message(message)
    return message


def _checked(body: str) -> str:
    body = body.replace("\r\n", "\n").replace("\x00", "").strip()
    if not 1 <= len(body) <= BODY_LENGTH:
        raise MessageInvalidError(BODY_LENGTH)
    return body


def _follow(thread: Thread, message: Message, kind: Notice.Kind) -> None:
    """Count a line as unread by whoever did not make it, and have them told."""
    readers = []
    changes: dict[str, object] = {"last_at": timezone.now()}
    for name in ("author", "other"):
        reader = getattr(thread, name)
        if message.sender_id == reader.pk:
            continue
        # One mail for several messages that were not read yet; each event has its own.
        if kind != Notice.Kind.MESSAGE or not getattr(thread, f"{name}_unread"):
            readers.append(reader)
        changes[f"{name}_unread"] = F(f"{name}_unread") + 1
    Thread.objects.filter(pk=thread.pk).update(**changes)
    for reader in readers:
        notice_add(account=reader, kind=kind, message=message)


@transaction.atomic
def on_booking_event(event: BookingEvent) -> None:
    """Write what happened to a booking as a line of the conversation (``bookings.hooks``)."""
    booking = event.booking
    asker = booking.driver if booking.asked_by_driver else booking.passenger
    thread = thread_of(booking.advert, asker, started_by=asker)
    locked = Thread.objects.select_for_update(no_key=True, of=("self",)).get(pk=thread.pk)
    message = Message.objects.create(
        thread=locked, sender_id=event.actor_id, body=event.text, event=event
    )
    _follow(locked, message, Notice.Kind.BOOKING)


def thread_read(*, thread: Thread, account: Account) -> None:
    """Note that somebody has read all lines of a conversation."""
    if not thread.unread(account):
        return
    name = "author_unread" if account.pk == thread.author_id else "other_unread"
    Thread.objects.filter(pk=thread.pk).update(**{name: 0})


# --- blocking and reporting -----------------------------------------------------------------------
@transaction.atomic
def account_block(*, blocker: Account, blocked: Account) -> None:
    """Hide two people from each other, and end requests between them that await an answer.

    What both had agreed stands: either may cancel it. Doing it twice changes nothing.
    """
    if blocker.pk == blocked.pk:
        return
    _requests_end(blocker, blocked)  # first of all locks: adverts, bookings
    _row, made = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    if made:
        _tell_block(blocker, blocked, on=True)


def _requests_end(blocker: Account, blocked: Account) -> None:
    """Withdraw or refuse, as whoever blocks would: the other is told that, and no more."""
    pair = Q(driver=blocker, passenger=blocked) | Q(driver=blocked, passenger=blocker)
    open_ = (Booking.Status.WAITING, Booking.Status.WAITING_LIST)
    for booking in Booking.objects.filter(pair, status__in=open_).order_by("advert", "pk"):
        with suppress(StatusAlreadySetError):  # answered at this very moment
            if booking.asker_id == blocker.pk:
                booking_cancel(booking=booking, account=blocker)
            else:
                booking_refuse(booking=booking, account=blocker)


@transaction.atomic
def account_unblock(*, blocker: Account, blocked: Account) -> None:
    """Take one's own block back; the other person's stays."""
    count, _kinds = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    if count:
        _tell_block(blocker, blocked, on=False)


def _tell_block(blocker: Account, blocked: Account, *, on: bool) -> None:
    for listener in hooks.LISTENERS:
        listener.on_block(blocker, blocked, on)


@transaction.atomic
def report_create(*, thread: Thread, reporter: Account, reason: str, text: str = "") -> Report:
    """Tell the administrators; a second report of the same person waits for the first's answer."""
    reported = thread.partner(reporter)
    Thread.objects.select_for_update(no_key=True, of=("self",)).get(pk=thread.pk)
    open_ = Report.objects.filter(thread=thread, reporter=reporter, handled_at__isnull=True).first()
    if open_ is not None:
        return open_
    lines = Message.objects.filter(thread=thread, event__isnull=True).select_related("sender")
    excerpt = "\n".join(
        f"{line.sender.display_name if line.sender else ''}: {line.body}"
        for line in reversed(list(lines.order_by("-pk")[:EXCERPT_LINES]))
    )
    return _report(
        thread=thread,
        reporter=reporter,
        reported=reported,
        reason=reason,
        text=text,
        excerpt=excerpt,
    )


@transaction.atomic
def account_report(*, reporter: Account, reported: Account, reason: str, text: str = "") -> Report:
    """Tell the administrators of somebody with whom there is no conversation yet."""
    return _report(reporter=reporter, reported=reported, reason=reason, text=text)


def _report(*, text: str, **said: Any) -> Report:
    report = Report.objects.create(text=text.strip()[:1000], **said)
    for listener in hooks.LISTENERS:
        listener.on_report(report)
    return report


def report_handle(*, report: Report, account: Account) -> None:
    """Note that an administrator has dealt with a report."""
    Report.objects.filter(pk=report.pk, handled_at__isnull=True).update(
        handled_at=timezone.now(), handled_by=account
    )

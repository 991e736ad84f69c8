"""From here to the other region: what our members write, ask, answer and end.

Listeners of bookings and conversations, in the transaction of the act. What a partner's letter made
(its actor is a guest) is not told back, but by the state of a booking that is ours to decide.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from core.accounts.models import Account
from regions.letters.errors import LetterError
from regions.letters.services import letter_send, partners
from rides.adverts.models import Advert
from rides.bookings.models import AGREED, Booking, BookingEvent
from rides.conversations.models import Message, Report, Thread
from rides.conversations.queries import thread_about
from rides.journeys.models import Journey
from rides.relay import bodies
from rides.relay.adverts import mirror_refresh
from rides.relay.guests import guest_in, guest_of_booking, member_of
from rides.relay.models import Guest, RelayedBooking

Kind = BookingEvent.Kind
ACTS = (*bodies.ENDS, Kind.ACCEPTED, Kind.MEETING_DECLINED, Kind.RESTORED)
"""What the asker may do to a booking that the other region decides of."""
ANSWERS = (Kind.ACCEPTED, Kind.MEETING_PROPOSED, Kind.RESTORED)
"""What our author does that must reach the other person, or not be done."""


def may_ask(asker: Account, advert: Advert) -> None:
    """A partner's advert is asked for while the pool still tells of it (``bookings.hooks``)."""
    if advert.elsewhere:
        mirror_refresh(advert.public_id)


# --- bookings -------------------------------------------------------------------------------------
def on_booking_event(event: BookingEvent) -> None:
    """Tell the other region of what happened to a booking (``bookings.hooks``)."""
    booking = event.booking
    if not (booking.driver.guest_from or booking.passenger.guest_from):
        return
    guest = guest_of_booking(booking)
    assert guest is not None
    if booking.advert.elsewhere:
        _tell_act(booking, guest, event)
        return
    relay, _made = RelayedBooking.objects.get_or_create(booking=booking)
    try:
        state_send(booking, relay, guest, event)
    except LetterError:
        if event.kind in ANSWERS and event.actor_id == booking.author_id:
            raise


def _tell_act(booking: Booking, guest: Guest, event: BookingEvent) -> None:
    """What our member did to a booking that the other region decides of."""
    member = member_of(booking)
    if event.actor_id != member.pk:
        return
    if event.kind in (Kind.ASKED, Kind.LISTED):
        RelayedBooking.objects.create(booking=booking)
        body = bodies.ask_of(booking, member)
        letter_send(to=guest.region, kind=bodies.ASK, subject=_subject(booking), body=body)
    elif event.kind in ACTS:
        relay = RelayedBooking.objects.get(booking=booking)
        relay.acts_sent += 1
        relay.save(update_fields=["acts_sent"])
        body = bodies.act_of(booking, relay, event)
        letter_send(to=guest.region, kind=bodies.ACT, subject=_subject(booking), body=body)


def state_send(
    booking: Booking, relay: RelayedBooking, guest: Guest, event: BookingEvent | None
) -> None:
    """Tell what a booking that is ours to decide has become. Raises ``LetterError``."""
    relay.version += 1
    relay.save(update_fields=["version", "acts_seen"])
    body = bodies.state_of(booking, relay, guest=guest.account, event=event)
    letter_send(to=guest.region, kind=bodies.STATE, subject=_subject(booking), body=body)


def introduce(booking: Booking, relay: RelayedBooking, guest: Guest) -> None:
    """Say who our member is to the advert's region, once both have agreed; once."""
    if relay.introduced or booking.status not in AGREED:
        return
    own = [
        [booking.pickup_own_lat, booking.pickup_own_lon],
        [booking.dropoff_own_lat, booking.dropoff_own_lon],
    ]
    body = {
        "booking": str(booking.public_id),
        **bodies.person_of(member_of(booking)),
        "points": [pair if None not in pair else None for pair in own],
    }
    with suppress(LetterError):  # suspended meanwhile
        letter_send(to=guest.region, kind=bodies.PERSON, subject=_subject(booking), body=body)
        relay.introduced = True
        relay.save(update_fields=["introduced"])


def on_said(journey: Journey, account: Account) -> None:
    """Tell the other region what one of ours says of a ride (``journeys.hooks``)."""
    booking = journey.booking
    if account.guest_from or booking is None:
        return
    guest = guest_of_booking(booking)
    if guest is None:
        return
    body = bodies.said_of(journey, booking, account)
    with suppress(LetterError):  # one's own word stands here, whatever the agreements
        letter_send(to=guest.region, kind=bodies.SAID, subject=_subject(booking), body=body)


def _subject(booking: Booking) -> uuid.UUID:
    thread = thread_about(booking.advert, booking.asker_id)
    return thread.public_id if thread is not None else booking.public_id


# --- conversations --------------------------------------------------------------------------------
def on_message(message: Message) -> None:
    """Send what one of ours wrote to a guest; refused at once where nothing lets it through."""
    thread, sender = message.thread, message.sender
    if sender is None or sender.guest_from:
        return
    guest = guest_in(thread)
    if guest is None:
        return
    if why := closed(thread):
        raise LetterError(why, code="no_agreement")
    body = _about(thread, sender) | {"key": str(message.public_id), "text": message.body}
    letter_send(to=guest.region, kind=bodies.MESSAGE, subject=thread.public_id, body=body)


def closed(thread: Thread) -> str:
    """Why nothing can be written to somebody of another region (``conversations.hooks``)."""
    guest = guest_in(thread)
    if guest is None:
        return ""
    if guest.region not in partners():
        words = _("Your region and %(region)s no longer exchange rides.")
        return words % {"region": guest.account.guest_from}
    if guest.left_at is not None:
        return _("This conversation is over: the other person can no longer be reached here.")
    return ""


def on_block(blocker: Account, blocked: Account, on: bool) -> None:
    """Block both ways on both sides: neither finds nor writes to the other."""
    if blocker.guest_from or not blocked.guest_from:
        return
    guest = Guest.objects.select_related("account").get(pk=blocked.pk)
    for subject, body in _contacts(guest, blocker):
        letter_send(to=guest.region, kind=bodies.BLOCK, subject=subject, body=body | {"on": on})


def on_report(report: Report) -> None:
    """Tell the administrators of the other region as well: the person is their member."""
    reporter = report.reporter
    if reporter is None or reporter.guest_from or not report.reported.guest_from:
        return
    guest = Guest.objects.select_related("account").get(pk=report.reported_id)
    contacts = _contacts(guest, reporter)
    if report.thread is not None:
        contacts = [(report.thread.public_id, _about(report.thread, reporter))]
    for subject, body in contacts[:1]:
        told = body | {"reason": report.reason, "text": report.text}
        with suppress(LetterError):  # our own administrators have it, whatever the agreements
            letter_send(to=guest.region, kind=bodies.REPORT, subject=subject, body=told)


def _about(thread: Thread, member: Account) -> dict[str, Any]:
    """What begins a conversation in the advert's region; nothing where the advert is ours."""
    return bodies.first_contact(thread.advert, member) if thread.advert.elsewhere else {}


def _contacts(guest: Guest, member: Account) -> list[tuple[uuid.UUID, dict[str, Any]]]:
    """Their conversations, or without one an advert of the guest's: (subject, what begins it)."""
    threads = [
        *Thread.objects.filter(author=guest.account, other=member).select_related("advert"),
        *Thread.objects.filter(author=member, other=guest.account).select_related("advert"),
    ]
    if threads:
        return [(thread.public_id, _about(thread, member)) for thread in threads]
    advert = Advert.objects.filter(author=guest.account).first()
    if advert is None:
        return []
    body = bodies.first_contact(advert, member)
    return [(uuid.uuid5(advert.public_id, body["alias"]), body)]

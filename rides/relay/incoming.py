"""From the other region to here: each letter is checked to be about its sender's own people.

What it asks is done by the same services that our members use, on behalf of a guest: the same
locks, limits, blocks, quiet hours and words.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regions.agreements.queries import reach
from regions.letters.errors import LetterError
from regions.letters.models import Letter
from regions.letters.services import letter_send
from rides.adverts.models import Advert
from rides.bookings.models import Booking
from rides.bookings.services import booking_request
from rides.conversations.models import BODY_LENGTH, Message, Report, Thread
from rides.conversations.services import (
    account_block,
    account_report,
    account_unblock,
    contact_check,
    message_send,
    report_create,
)
from rides.pooling.models import RegionRefusal, SharedAdvert, pooling_enabled_stored
from rides.pooling.payloads import department_of
from rides.relay import bodies
from rides.relay.acts import act_do
from rides.relay.adverts import gone
from rides.relay.errors import ForgedLetterError
from rides.relay.forgetting import people_forget
from rides.relay.guests import guest_get, guest_in, guest_name, guest_of_booking
from rides.relay.mirror import state_take
from rides.relay.models import Guest, RelayedBooking
from rides.relay.outgoing import state_send
from tenants.errors import PasserelleError


# --- who, and about what --------------------------------------------------------------------------
def _thread(letter: Letter) -> tuple[Thread, Guest] | None:
    """The conversation that a letter is about, and who wrote; None when there is none yet."""
    rows = Thread.objects.select_related("author", "other", "advert")
    thread = rows.filter(public_id=letter.subject).first()
    if thread is None:
        return None
    guest = guest_in(thread)
    if guest is None or guest.region != letter.sender:
        raise ForgedLetterError("conversation")
    return thread, guest


def _newcomer(letter: Letter) -> tuple[Advert, Guest]:
    """The advert that somebody new writes about, and who: only one that their region may read."""
    pool_id = _uuid(letter.body.get("advert"))
    advert = Advert.objects.filter(sharing__pool_id=pool_id).select_related("author").first()
    if advert is None:
        raise gone()
    _check_offered(advert, letter.sender)
    guest = guest_get(
        region=letter.sender, name=letter.sender_name, alias=str(letter.body.get("alias"))
    )
    return advert, guest


def _check_offered(advert: Advert, region: int) -> None:
    """Raise ``AdvertUnavailableError`` unless a region (key) may read an advert of ours now."""
    shared = SharedAdvert.objects.filter(advert=advert, shared=True, withdrawn_at__isnull=True)
    refused = RegionRefusal.objects.filter(account=advert.author_id, region=region)
    ends = {department_of(advert.origin_code), department_of(advert.destination_code)}
    allowed = any(
        one.partner == region and (one.departments is None or ends & set(one.departments))
        for one in reach("adverts")
    )
    if (
        not (allowed and shared.exists() and pooling_enabled_stored())
        or refused.exists()
        or advert.status != Advert.Status.ACTIVE
    ):
        raise gone()


def _begun(letter: Letter) -> tuple[Thread, Guest]:
    """The conversation that a letter is about, begun if need be, as a member's would be.

    Raises what ``contact_check`` raises, and ``AdvertUnavailableError``.
    """
    known = _thread(letter)
    if known is not None:
        return known
    advert, guest = _newcomer(letter)
    contact_check(guest.account, advert)
    found = Thread.objects.filter(advert=advert, other=guest.account).first()
    thread = found or Thread.objects.create(
        public_id=letter.subject,
        advert=advert,
        author=advert.author,
        other=guest.account,
        started_by=guest.account,
    )
    return thread, guest


def booking_told(letter: Letter) -> tuple[Booking, Guest] | None:
    """The booking that a letter is about; None when it is gone from here."""
    rows = Booking.objects.select_related("advert", "driver", "passenger")
    booking = rows.filter(public_id=_uuid(letter.body.get("booking"))).first()
    if booking is None:
        return None
    guest = guest_of_booking(booking)
    if guest is None or guest.region != letter.sender:
        raise ForgedLetterError("booking")
    return booking, guest


def _check_ours(booking: Booking) -> None:
    """An asker speaks to the region that decides; that region is no asker."""
    if booking.advert.elsewhere:
        raise ForgedLetterError("booking")


def _uuid(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError as error:
        raise ForgedLetterError("identifier") from error


def _back(letter: Letter, kind: str, body: dict[str, Any]) -> None:
    """Answer the sender; no agreement any more, no answer."""
    try:
        letter_send(to=letter.sender, kind=kind, subject=letter.subject, body=body)
    except LetterError:
        return


# --- conversations --------------------------------------------------------------------------------
def read_message(letter: Letter) -> None:
    """Somebody of the other region wrote."""
    key, text = _uuid(letter.body.get("key")), str(letter.body.get("text", ""))[:BODY_LENGTH]
    try:
        with transaction.atomic():
            thread, guest = _begun(letter)
            message_send(thread=thread, sender=guest.account, body=text, key=key)
    except PasserelleError:
        _back(letter, bodies.UNDELIVERED, {"key": str(key)})


def read_undelivered(letter: Letter) -> None:
    """The other region did not take a message of one of ours: they see so under it."""
    known = _thread(letter)
    if known is not None:
        _returned(known[0], _uuid(letter.body.get("key")))


def _returned(thread: Thread, key: uuid.UUID) -> None:
    rows = Message.objects.filter(thread=thread, public_id=key, sender__guest_from="")
    rows.update(returned=True)


def read_block(letter: Letter) -> None:
    """Somebody there wants nothing to do with one of ours, or takes that back."""
    known = _thread(letter)
    if known is not None:
        thread, guest = known
        own = thread.partner(guest.account)
    else:
        try:
            advert, guest = _newcomer(letter)
        except PasserelleError:
            return
        own = advert.author
    change = account_block if letter.body.get("on") else account_unblock
    change(blocker=guest.account, blocked=own)


def read_report(letter: Letter) -> None:
    """Somebody there reports one of ours: our administrators see it as any other."""
    reason, text = str(letter.body.get("reason")), str(letter.body.get("text", ""))
    if reason not in Report.Reason.values:
        raise ForgedLetterError("reason")
    known = _thread(letter)
    if known is not None:
        thread, guest = known
        report_create(thread=thread, reporter=guest.account, reason=reason, text=text)
        return
    advert, guest = _newcomer(letter)
    account_report(reporter=guest.account, reported=advert.author, reason=reason, text=text)


def read_gone(letter: Letter) -> None:
    """Somebody has left their region: their name and their words are forgotten here."""
    known = _thread(letter)
    if known is not None:
        people_forget([known[1].pk], because=_("This person is no longer there."))


# --- bookings -------------------------------------------------------------------------------------
def read_ask(letter: Letter) -> None:
    """Somebody there asks for a ride of ours: decided under the advert's lock, as any request."""
    key = _uuid(letter.body.get("booking"))
    known = booking_told(letter)
    if known is not None:  # asked already: told again what became of it
        _check_ours(known[0])
        relay = RelayedBooking.objects.get(booking=known[0])
        state_send(known[0], relay, known[1], None)
        return
    request = bodies.request_of(letter.body)
    try:
        with transaction.atomic():
            thread, guest = _begun(letter)
            _check_offered(thread.advert, letter.sender)  # who knows each other asks for no more
            booking_request(asker=guest.account, advert=thread.advert, request=request, key=key)
    except PasserelleError as error:
        _back(letter, bodies.STATE, _refusal(key, str(error.message)))


def _refusal(key: uuid.UUID, reason: str) -> dict[str, Any]:
    """The state of a request that could not even be written here."""
    return {
        "booking": str(key),
        "version": 1,
        "acts": 0,
        "status": Booking.Status.CANCELLED,
        "ending": Booking.Ending.ELSEWHERE,
        "reason": reason,
        "event": {"kind": "undone", "by": "none", "day": None, "text": reason},
    }


def read_act(letter: Letter) -> None:
    """The asker did something: done here if it can be; the answer says what became of it."""
    known = booking_told(letter)
    if known is None:
        return
    booking, guest = known
    _check_ours(booking)
    relay = RelayedBooking.objects.get(booking=booking)
    number = letter.body.get("number")
    if not isinstance(number, int) or number <= relay.acts_seen:
        return
    RelayedBooking.objects.filter(pk=relay.pk).update(acts_seen=number)
    try:
        with transaction.atomic():
            act_do(booking, guest.account, letter.body)
    except PasserelleError as error:
        relay.refresh_from_db()
        booking.refresh_from_db()
        body = bodies.state_of(booking, relay, guest=guest.account, event=None)
        relay.version += 1
        relay.save(update_fields=["version"])
        body["version"] = relay.version
        body["event"] = {"kind": "undone", "by": "none", "day": None, "text": str(error.message)}
        _back(letter, bodies.STATE, body)


def read_state(letter: Letter) -> None:
    """What a booking that the other region decides of has become."""
    known = booking_told(letter)
    if known is not None:
        state_take(*known, letter.body)


def read_person(letter: Letter) -> None:
    """Who the asker is, once both have agreed."""
    known = booking_told(letter)
    if known is None:
        return
    booking, guest = known
    if not agreed_by_us(booking):
        raise ForgedLetterError("booking")
    guest_name(guest, booking, letter.body)
    points = letter.body.get("points") or [None, None]
    for name, pair in zip(("pickup", "dropoff"), points, strict=False):
        if pair is not None and guest.pk == booking.passenger_id:
            lat, lon = map(float, pair)
            setattr(booking, f"{name}_own_lat", lat)
            setattr(booking, f"{name}_own_lon", lon)
    booking.save(
        update_fields=[
            *("pickup_own_lat", "pickup_own_lon"),
            *("dropoff_own_lat", "dropoff_own_lon"),
        ]
    )


def agreed_by_us(booking: Booking) -> bool:
    """Whether our author said yes to it, whatever came after."""
    return not booking.advert.elsewhere and booking.answered_at is not None


# --- what came back -------------------------------------------------------------------------------
def read_returned(letter: Letter) -> None:
    """No agreement let a letter through: a request ends with a reason, a message is marked."""
    kind, body = letter.body.get("kind"), letter.body.get("body") or {}
    if kind == bodies.MESSAGE:
        thread = Thread.objects.filter(public_id=letter.subject).first()
        if thread is not None:
            _returned(thread, _uuid(body.get("key")))
    elif kind == bodies.ASK:
        booking = Booking.objects.filter(public_id=_uuid(body.get("booking"))).first()
        if booking is not None and booking.advert.elsewhere:
            from rides.relay.endings import end_between

            end_between(booking, now=timezone.now())

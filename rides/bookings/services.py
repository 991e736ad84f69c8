"""Writes: ask for rides, accept, refuse, agree on a meeting point, cancel.

The locking rules are on one page: README, « Locks ». Every function locks the advert first; two
clicks at once are one after the other, and the second finds what the first did.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from core.shell import humanise
from rides.adverts.inputs import RideKey
from rides.adverts.models import LABEL_LENGTH, Advert
from rides.bookings import hooks
from rides.bookings.errors import (
    BookingError,
    BookingInvalidError,
    FullError,
    StatusAlreadySetError,
)
from rides.bookings.inputs import Request
from rides.bookings.models import (
    REASON_LENGTH,
    BookedRide,
    BookedWeek,
    Booking,
)
from rides.bookings.requests import (
    Checked,
    check_available,
    check_not_booked,
    checked_request,
)
from rides.bookings.seats import full_rides, live_bookings
from rides.bookings.state import (
    Ending,
    Kind,
    Status,
    advert_lock,
    booking_lock,
    coming_rides,
    end,
    event,
    follow,
    promote,
    revive,
    take_out,
)

UNDO_FOR: Final = dt.timedelta(minutes=10)
"""So long may people take their own cancellation back."""
NAMED_DATES: Final = 3
"""So many full dates are named in a message; the others are counted."""


# --- asking ---------------------------------------------------------------------------------------
def booking_request(
    *,
    asker: Account,
    advert: Advert,
    request: Request,
    key: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> Booking:
    """Ask for rides of somebody else's advert and return the booking.

    ``key`` names the attempt: the same one sent twice (a double click, a replayed form) makes one
    booking. Raises ``BookingError`` and its classes, and what ``hooks`` raise; then nothing was
    written.
    """
    now = now or timezone.now()
    try:
        with transaction.atomic():
            locked = advert_lock(advert.pk)
            made = Booking.objects.filter(public_id=key).first() if key is not None else None
            if made is not None:
                if made.asker_id == asker.pk:
                    return made
                key = None  # someone else's: no reason to tell
            return _request(asker, locked, request, key or uuid.uuid4(), now)
    except IntegrityError:
        # The same key for two adverts at the same moment.
        made = Booking.objects.filter(public_id=key).first() if key is not None else None
        if made is None or made.asker_id != asker.pk:
            raise
        return made


def _request(
    asker: Account, advert: Advert, request: Request, key: uuid.UUID, now: dt.datetime
) -> Booking:
    checked = checked_request(asker, advert, request, now)
    hooks.check_may_ask(asker, advert)
    found, keys = checked.found, checked.keys
    full = full_rides(
        advert,
        keys,
        seats=checked.seats,
        author_drives=not checked.drives,
        others=checked.others,
        found=found,
    )
    waits = False
    if full and request.skip_full and len(full) < len(keys):
        keys = [one for one in keys if one not in full]
    elif full:
        if not request.waiting_list:
            raise FullError(_full_message(full))
        waits, full = True, set()
    booking = _insert(asker, advert, checked, full, key, Status.WAITING_LIST if waits else None)
    booking.may_wait = request.waiting_list
    follow(booking, now, found)
    kind = Kind.LISTED if waits else Kind.ASKED
    event(booking, kind, asker, text=booking.message)
    return booking


def _full_message(full: Iterable[RideKey]) -> str:
    ordered = sorted(full, key=lambda one: (one.day, one.usual))
    days = list(dict.fromkeys(humanise.day(one.day) for one in ordered))
    named = ", ".join(days[:NAMED_DATES])
    if len(days) > NAMED_DATES:
        named += " …"
    return str(_("No seat is left on: %(dates)s.") % {"dates": named})


def _insert(
    asker: Account,
    advert: Advert,
    checked: Checked,
    skipped: set[RideKey],
    key: uuid.UUID,
    status: Booking.Status | None,
) -> Booking:
    pickup, dropoff = checked.pickup, checked.dropoff
    booking = Booking.objects.create(
        public_id=key,
        advert=advert,
        driver=asker if checked.drives else advert.author,
        passenger=advert.author if checked.drives else asker,
        asked_by_driver=checked.drives,
        status=status or Status.WAITING,
        seats=checked.seats,
        pickup_label=pickup.label,
        pickup_lat=pickup.shown.lat,
        pickup_lon=pickup.shown.lon,
        pickup_own_lat=pickup.own.lat if pickup.own else None,
        pickup_own_lon=pickup.own.lon if pickup.own else None,
        dropoff_label=dropoff.label,
        dropoff_lat=dropoff.shown.lat,
        dropoff_lon=dropoff.shown.lon,
        dropoff_own_lat=dropoff.own.lat if dropoff.own else None,
        dropoff_own_lon=dropoff.own.lon if dropoff.own else None,
        metres=checked.metres,
        price_cents=checked.price_cents,
        message=checked.message,
        closed_until=checked.now,
    )
    BookedRide.objects.bulk_create(
        BookedRide(booking=booking, day=one.day, backwards=one.backwards, time=one.usual)
        for one in checked.rides
        if one not in skipped
    )
    BookedWeek.objects.bulk_create(
        BookedWeek(
            booking=booking,
            weekday=week.weekday,
            backwards=week.backwards,
            time=week.time,
            first=checked.first,
            last=checked.last,
        )
        for week in checked.weeks
    )
    if checked.weeks:
        take_out(booking, [one for one in skipped if one not in checked.rides], None)
    return booking


# --- answering ------------------------------------------------------------------------------------
def booking_accept(
    *, booking: Booking, account: Account, text: str = "", now: dt.datetime | None = None
) -> Booking:
    """Say yes: the advert's author to a request, or the other to the meeting point proposed.

    Raises ``StatusAlreadySetError`` when it is not this person's turn, ``FullError`` when somebody
    else was accepted first, ``BookingError`` (``ride_past``) when every ride has left.
    """
    now = now or timezone.now()
    with transaction.atomic():
        booking = booking_lock(booking)
        if booking.awaits() != account.pk:
            raise StatusAlreadySetError
        found, coming = coming_rides(booking, now)
        if not coming:
            raise BookingError(_("These rides have left already."), code="ride_past")
        full = full_rides(
            booking.advert,
            [ride.key for ride in coming],
            seats=booking.seats,
            author_drives=not booking.asked_by_driver,
            others=live_bookings(booking.advert, since=coming[0].day, but=booking),
            found=found,
        )
        if full:
            raise FullError(_full_message(full))
        if booking.meeting == Booking.Meeting.PROPOSED:
            booking.meeting = Booking.Meeting.AGREED
        booking.status = Status.CONFIRMED
        booking.answered_at = booking.closed_until = now
        booking.save()
        follow(booking, now)
        event(booking, Kind.ACCEPTED, account, text=text)
    return booking


def booking_refuse(
    *, booking: Booking, account: Account, reason: str = "", now: dt.datetime | None = None
) -> Booking:
    """Say no, as the advert's author, to a request that awaits an answer or a seat.

    Raises ``StatusAlreadySetError``.
    """
    now = now or timezone.now()
    with transaction.atomic():
        booking = booking_lock(booking)
        open_ = booking.status in {Status.WAITING, Status.WAITING_LIST}
        if not open_ or account.pk != booking.author_id:
            raise StatusAlreadySetError
        end(booking, Ending.REFUSED, reason, now)
        event(booking, Kind.REFUSED, account, text=booking.reason)
        promote(booking.advert, now)
    return booking


def booking_propose_meeting(
    *, booking: Booking, account: Account, label: str, text: str = ""
) -> Booking:
    """Propose another meeting point, as the advert's author: the other person answers.

    Raises ``StatusAlreadySetError``, ``BookingInvalidError``.
    """
    label = " ".join(label.split())
    if not 2 <= len(label) <= LABEL_LENGTH:
        raise BookingInvalidError({"label": _("Name the place in 2 to 120 characters.")})
    with transaction.atomic():
        booking = booking_lock(booking)
        if booking.awaits() != account.pk or account.pk != booking.author_id:
            raise StatusAlreadySetError
        booking.meeting, booking.meeting_label = Booking.Meeting.PROPOSED, label
        booking.save(update_fields=["meeting", "meeting_label"])
        event(booking, Kind.MEETING_PROPOSED, account, text=text)
    return booking


def booking_decline_meeting(*, booking: Booking, account: Account, text: str = "") -> Booking:
    """Keep to the first meeting point, as the person to whom another was proposed.

    It is then the author's turn again. Raises ``StatusAlreadySetError``.
    """
    with transaction.atomic():
        booking = booking_lock(booking)
        if booking.meeting != Booking.Meeting.PROPOSED or booking.awaits() != account.pk:
            raise StatusAlreadySetError
        booking.meeting, booking.meeting_label = Booking.Meeting.NONE, ""
        booking.save(update_fields=["meeting", "meeting_label"])
        event(booking, Kind.MEETING_DECLINED, account, text=text)
    return booking


# --- cancelling -----------------------------------------------------------------------------------
def booking_cancel(
    *,
    booking: Booking,
    account: Account,
    reason: str = "",
    ride: RideKey | None = None,
    from_day: dt.date | None = None,
    now: dt.datetime | None = None,
) -> Booking:
    """Cancel as either of the two: all that is to come, one ``ride``, or all from a day on.

    What has left is not cancelled: it took place or not, which both say afterwards. Raises
    ``StatusAlreadySetError`` when nothing is left to cancel, ``BookingError`` (``ride_past``).
    """
    now = now or timezone.now()
    with transaction.atomic():
        booking = booking_lock(booking)
        if not booking.is_live:
            raise StatusAlreadySetError
        _found, coming = coming_rides(booking, now)
        confirmed = booking.status == Status.CONFIRMED
        if ride is not None:
            chosen = [one for one in coming if one.key == ride]
            if not chosen:
                raise BookingError(_("This ride has left, or is cancelled."), code="ride_past")
        elif from_day is not None:
            chosen = [one for one in coming if one.day >= from_day]
            if not chosen:
                raise BookingError(_("No ride is booked after this day."), code="ride_past")
        else:
            chosen = coming
        if len(chosen) == len(coming):
            asker = account.pk == booking.asker_id
            if not confirmed and not asker:
                raise StatusAlreadySetError  # an author refuses
            ending = Ending.CANCELLED if confirmed else Ending.WITHDRAWN
            end(booking, ending, reason, now, keep=True)
            kind = Kind.CANCELLED if confirmed else Kind.WITHDRAWN
            event(booking, kind, account, text=booking.reason)
        else:
            take_out(booking, [one.key for one in chosen], account)
            if from_day is not None:
                last = from_day - dt.timedelta(days=1)
                booking.weeks.filter(last__gt=last).update(last=last)
            follow(booking, now)
            kind = Kind.CANCELLED_DAY if ride is not None else Kind.CANCELLED_FROM
            event(booking, kind, account, day=chosen[0].day, text=reason.strip()[:REASON_LENGTH])
        promote(booking.advert, now)
    return booking


def undo_until(booking: Booking, account: Account, now: dt.datetime) -> dt.datetime | None:
    """Until when this person may take the end of a booking back; None when they may not.

    Only who cancelled it (or withdrew the request), for ``UNDO_FOR``.
    """
    until = booking.ended_at + UNDO_FOR if booking.ended_at else now
    if booking.ending not in {Ending.CANCELLED, Ending.WITHDRAWN} or until <= now:
        return None
    kinds = (Kind.CANCELLED, Kind.WITHDRAWN)
    last = booking.events.filter(kind__in=kinds).order_by("pk").last()
    return until if last is not None and last.actor_id == account.pk else None


def booking_restore(
    *, booking: Booking, account: Account, now: dt.datetime | None = None
) -> Booking:
    """Take one's own cancellation back: the booking is what it was, if its seats are still there.

    Raises ``StatusAlreadySetError`` when it is too late or was not theirs, ``FullError``,
    ``AdvertUnavailableError``, ``BookingError`` (``ride_past``, ``already_booked``) and what
    ``hooks`` raise.
    """
    now = now or timezone.now()
    with transaction.atomic():
        booking = booking_lock(booking)
        if undo_until(booking, account, now) is None:
            raise StatusAlreadySetError
        check_available(booking.advert)
        asker = booking.driver if booking.asked_by_driver else booking.passenger
        hooks.check_may_ask(asker, booking.advert)
        found, coming = coming_rides(booking, now)
        if not coming:
            raise BookingError(_("These rides have left already."), code="ride_past")
        keys = [ride.key for ride in coming]
        others = live_bookings(booking.advert, since=coming[0].day)
        check_not_booked(asker, others, set(keys), found)
        if booking.status_before != Status.WAITING_LIST:
            full = full_rides(
                booking.advert,
                keys,
                seats=booking.seats,
                author_drives=not booking.asked_by_driver,
                others=others,
                found=found,
            )
            if full:
                raise FullError(_full_message(full))
        revive(booking, now)
        event(booking, Kind.RESTORED, account)
    return booking

"""What ends a request between two regions, and how both are told.

Agreements that end or are suspended end it on each side, by each region for itself; somebody who is
suspended or leaves ends it here, and the other region hears of it. What both had agreed stands: two
people who count on each other are not parted by an act of their regions.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Account
from regions.letters.errors import LetterError
from regions.letters.services import letter_send, partners
from rides.bookings.models import LIVE, Booking, BookingEvent
from rides.bookings.state import booking_lock, end, event, promote
from rides.conversations.models import Thread
from rides.relay import bodies
from rides.relay.guests import guest_in, guest_of_booking, member_of
from rides.relay.models import RelayedBooking

Kind = BookingEvent.Kind
OPEN = (Booking.Status.WAITING, Booking.Status.WAITING_LIST)


def region_reconcile(*, now: dt.datetime | None = None) -> int:
    """End requests that can no longer be answered in the current region; return how many."""
    now = now or timezone.now()
    open_ = RelayedBooking.objects.filter(booking__status__in=OPEN).order_by("pk")
    rows = list(open_.select_related("booking__driver", "booking__passenger", "booking__advert"))
    if not rows:
        return 0
    within, count = partners(), 0
    for row in rows:
        booking = row.booking
        guest = guest_of_booking(booking)
        assert guest is not None
        if guest.region not in within:
            count += end_between(booking, now=now)
        elif not member_of(booking).is_active:
            count += end_by_member(booking, now=now)
    return count


@transaction.atomic
def end_between(booking: Booking, *, now: dt.datetime) -> bool:
    """End a request because the two regions share nothing any more; False: it was answered."""
    booking = booking_lock(booking)
    if booking.status not in OPEN:
        return False
    guest = guest_of_booking(booking)
    assert guest is not None
    reason = _("Your region and %(region)s no longer exchange rides.") % {
        "region": guest.account.guest_from
    }
    end(booking, Booking.Ending.ELSEWHERE, reason, now)
    event(booking, Kind.UNDONE, None, text=reason)
    promote(booking.advert, now)
    return True


@transaction.atomic
def end_by_member(booking: Booking, *, now: dt.datetime) -> bool:
    """End a booking of somebody who is suspended or leaves, and tell the other person."""
    booking = booking_lock(booking)
    if booking.status not in LIVE:
        return False
    member = member_of(booking)
    agreed = booking.status == Booking.Status.CONFIRMED
    asks = member.pk == booking.asker_id
    kind, ending = Kind.CANCELLED, Booking.Ending.CANCELLED
    if not agreed and asks:
        kind, ending = Kind.WITHDRAWN, Booking.Ending.WITHDRAWN
    elif not agreed:
        kind, ending = Kind.REFUSED, Booking.Ending.REFUSED
    end(booking, ending, _("This person is no longer there."), now)
    event(booking, kind, member, text=booking.reason)
    promote(booking.advert, now)
    return True


def account_suspended(account: Account) -> None:
    """End requests of somebody who is suspended, at once (``accounts.suspensions``)."""
    now = timezone.now()
    for row in _of(account).filter(booking__status__in=OPEN):
        end_by_member(row.booking, now=now)


def _of(account: Account) -> QuerySet[RelayedBooking]:
    own = Q(booking__driver=account) | Q(booking__passenger=account)
    return RelayedBooking.objects.filter(own).select_related("booking").order_by("pk")


def account_leaves(account: Account) -> None:
    """End what somebody shares with people of other regions, who forget their name."""
    now = timezone.now()
    for row in _of(account).filter(booking__status__in=LIVE):
        end_by_member(row.booking, now=now)
    threads = Thread.objects.filter(
        Q(author=account) & ~Q(other__guest_from="") | Q(other=account) & ~Q(author__guest_from="")
    )
    for thread in threads.select_related("author", "other").order_by("pk"):
        guest = guest_in(thread)
        assert guest is not None
        try:
            letter_send(
                to=guest.region, kind=bodies.GONE, subject=thread.public_id, body={"gone": True}
            )
        except LetterError:
            continue

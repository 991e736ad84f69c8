"""What ends a request between two regions, and how both are told.

Agreements that end or are suspended end it on each side, by each region for itself; somebody who is
suspended or leaves ends it here, and the other region hears of it. What both had agreed stands
while an agreement is suspended: two people who count on each other are not parted by an act of
their regions. Once it has ended, rides of the next hours still take place; later ones are cancelled
at once, so that people find another way: nobody's name is kept for a ride to come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Account
from core.shell import humanise
from regions.agreements.queries import parted, reach
from regions.letters.errors import LetterError
from regions.letters.services import letter_send
from rides.bookings.models import LIVE, BookedRide, Booking, BookingEvent
from rides.bookings.state import (
    booking_lock,
    coming_rides,
    end,
    event,
    follow,
    promote,
    take_out,
)
from rides.conversations.models import Thread
from rides.pooling.models import RegionRefusal, SharedAdvert
from rides.pooling.payloads import department_of
from rides.relay import bodies
from rides.relay.forgetting import KEPT_FOR
from rides.relay.guests import guest_in, guest_of_booking, guests_follow, member_of
from rides.relay.models import RelayedBooking

Kind = BookingEvent.Kind
_NOT_THERE: Final = gettext_lazy("This person is no longer there.")
_TAKEN_BACK: Final = gettext_lazy("This advert is no longer offered to other regions.")
OPEN = (Booking.Status.WAITING, Booking.Status.WAITING_LIST)


def region_reconcile(*, now: dt.datetime | None = None) -> int:
    """Bring what the current region shares with others to what agreements allow now.

    Names that may not be shown are not; requests that can no longer be answered end, and so do
    rides to come of agreements that are over. Returns how many bookings ended or changed.
    """
    now = now or timezone.now()
    terms = {one.partner: one.departments for one in reach("adverts")}
    within = set(terms)
    guests_follow(within)
    open_ = RelayedBooking.objects.filter(booking__status__in=LIVE).order_by("pk")
    rows = list(open_.select_related("booking__driver", "booking__passenger", "booking__advert"))
    count = 0
    kept_home = _taken_back(row.booking for row in rows)
    authors = {row.booking.author_id for row in rows}
    refused = set(
        RegionRefusal.objects.filter(account__in=authors).values_list("account", "region")
    )
    ended: dict[int, dt.datetime] | None = None
    for row in rows:
        booking = row.booking
        guest = guest_of_booking(booking)
        assert guest is not None
        if booking.status == Booking.Status.CONFIRMED:
            if guest.region in within:
                continue
            ended = parted("adverts") if ended is None else ended
            if guest.region in ended:
                count += end_agreed(booking, since=ended[guest.region] + KEPT_FOR, now=now)
        elif guest.region not in within:
            count += end_between(booking, now=now)
        elif not member_of(booking).is_active:
            count += end_by_member(booking, now=now)
        elif (
            booking.advert_id in kept_home
            or (booking.author_id, guest.region) in refused
            or _lies_outside(booking, terms.get(guest.region))
        ):
            count += end_by_member(booking, now=now, because=_TAKEN_BACK)
    return count


def _taken_back(bookings: Iterable[Booking]) -> set[int]:
    """Those of the adverts of ours (keys) that their authors no longer offer to other regions."""
    adverts = {one.advert_id for one in bookings if not one.advert.elsewhere}
    offered = SharedAdvert.objects.filter(advert__in=adverts, withdrawn_at__isnull=True)
    return adverts - set(offered.values_list("advert", flat=True))


def _lies_outside(booking: Booking, departments: list[str] | None) -> bool:
    """Whether an advert of ours is told no more: agreements hold elsewhere (None: everywhere)."""
    advert = booking.advert
    if advert.elsewhere or departments is None:
        return False
    ends = {department_of(advert.origin_code), department_of(advert.destination_code)}
    return not ends & set(departments)


@transaction.atomic
def end_between(booking: Booking, *, now: dt.datetime) -> bool:
    """End a request because the two regions share nothing any more; False: it was answered."""
    booking = booking_lock(booking)
    if booking.status not in OPEN:
        return False
    _end(booking, now)
    return True


def _end(booking: Booking, now: dt.datetime) -> None:
    # Whichever region is first, the other reads its words: they name neither.
    agreed = booking.status == Booking.Status.CONFIRMED
    reason = (
        _("The two regions no longer exchange rides: this booking is over.")
        if agreed
        else _(
            "The two regions no longer exchange rides: this request is over, nothing is booked. "
            "Another ride can be looked for, or this one asked for again if they resume."
        )
    )
    end(booking, Booking.Ending.ELSEWHERE, reason, now)
    event(booking, Kind.UNDONE, None, text=reason)
    promote(booking.advert, now)


@transaction.atomic
def end_agreed(booking: Booking, *, since: dt.datetime, now: dt.datetime) -> bool:
    """Cancel the rides of a booking that leave after ``since``; False: it has none.

    Each region does so for itself: both know when the agreement ended.
    """
    booking = booking_lock(booking)
    if booking.status != Booking.Status.CONFIRMED:
        return False
    _found, coming = coming_rides(booking, now)
    late = [ride for ride in coming if ride.departs_at > since]
    if not late:
        return False
    if len(late) == len(coming):
        _end(booking, now)
        return True
    day = late[0].day
    take_out(booking, [ride.key for ride in late if ride.day == day], None)
    dates = booking.rides.filter(day__gt=day, status=BookedRide.Status.BOOKED)
    dates.update(status=BookedRide.Status.CANCELLED)
    booking.weeks.filter(last__gt=day).update(last=day)
    follow(booking, now)
    words = _("The two regions no longer exchange rides: none is left from %(day)s on.")
    reason = words % {"day": humanise.day(day)}
    event(booking, Kind.UNDONE, None, text=reason)
    promote(booking.advert, now)
    return True


@transaction.atomic
def end_by_member(
    booking: Booking, *, now: dt.datetime, because: str | Promise = _NOT_THERE
) -> bool:
    """End a booking of somebody who is suspended, leaves or takes their advert back.

    The other person is told, with the reason.
    """
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
    end(booking, ending, str(because), now)
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

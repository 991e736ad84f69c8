"""What the pages of a partner's ride and of a booking across regions say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import urlencode

from core.accounts.access import is_member
from regions.letters.services import partners
from rides.adverts.models import Advert
from rides.bookings.models import Booking
from rides.bookings.site.choices import day_asked
from rides.bookings.words import booking_url, said
from rides.conversations.access import blocked_ids
from rides.relay.guests import aliases_of, guest_of_booking
from rides.relay.models import RelayedBooking


def partner_panel(request: HttpRequest, advert: Advert, region: str, alias: str) -> dict[str, Any]:
    """What ``relay/partner_panel.html`` reads."""
    login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    return {
        "advert": advert,
        "region": region,
        "offers": advert.role == Advert.Role.PASSENGER,
        "member": is_member(request.user),
        "login": login,
        "blocked": alias in aliases_of(blocked_ids(request.user)),
        "day": day_asked(request.GET),
    }


NAMES_WITHIN: Final = dt.timedelta(hours=1)
"""A name that has not arrived so long after both agreed is not announced any more."""


def unsettled(booking: Booking) -> bool:
    """Whether the region that decides has still to answer what our member did."""
    if not booking.advert.elsewhere or not booking.is_live:
        return False
    relay = RelayedBooking.objects.filter(booking=booking).first()
    return relay is not None and relay.awaited


def booking_panel(request: HttpRequest, booking: Booking) -> Mapping[str, Any] | None:
    """Of a booking between two regions, what pages of bookings at home need not say.

    That the region that decides has not answered; that a name is on its way; that none shows while
    the two share nothing;
    why it ended: at home that stands in the conversation alone, here the person may be gone.
    """
    relay = RelayedBooking.objects.filter(booking=booking).first()
    guest = guest_of_booking(booking) if relay is not None else None
    if relay is None or guest is None:
        return None
    said_of = {"region": guest.account.guest_from, "reason": "", "state": "", "url": ""}
    if booking.status == Booking.Status.CANCELLED:
        reason = said(booking, booking.reason)
        return said_of | {"state": "ended", "reason": reason} if reason else None
    if booking.advert.elsewhere and relay.awaited:
        return said_of | {"state": "awaited"}
    if booking.status == Booking.Status.CONFIRMED and guest.region not in partners():
        return said_of | {"state": "nameless"}
    since = booking.answered_at
    unnamed = not relay.named and guest.left_at is None
    if booking.status == Booking.Status.CONFIRMED and unnamed and since is not None:
        recent = timezone.now() - since < NAMES_WITHIN
        return said_of | {"state": "naming", "url": booking_url(booking)} if recent else None
    return None

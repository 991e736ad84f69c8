"""What the pages of a partner's ride and of a booking across regions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from core.accounts.access import is_member
from rides.adverts.models import Advert
from rides.bookings.models import Booking
from rides.bookings.words import said
from rides.relay.models import RelayedBooking


def partner_panel(request: HttpRequest, advert: Advert, region: str) -> dict[str, Any]:
    """What ``relay/partner_panel.html`` reads."""
    login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"
    return {
        "advert": advert,
        "region": region,
        "offers": advert.role == Advert.Role.PASSENGER,
        "member": is_member(request.user),
        "login": login,
    }


def booking_panel(request: HttpRequest, booking: Booking) -> Mapping[str, Any] | None:
    """« En attente de confirmation », while the region that decides has not answered; why it ended.

    Reasons of bookings at home stand in the conversation alone; here the person may be gone.
    """
    relay = RelayedBooking.objects.filter(booking=booking).first()
    if relay is None:
        return None
    if booking.status == Booking.Status.CANCELLED:
        reason = said(booking, booking.reason)
        return {"reason": reason, "awaited": False} if reason else None
    if not booking.advert.elsewhere or not relay.awaited:
        return None
    return {"region": booking.advert.author.guest_from, "awaited": True}

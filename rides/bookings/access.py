"""Who may see and change bookings. Each docstring is the rule; "not yours" does not exist (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from core.accounts.access import is_member
from core.accounts.models import Account
from rides.adverts.access import require_module
from rides.adverts.hiding import seen_by
from rides.adverts.models import Advert
from rides.adverts.queries import for_cards, keys_of
from rides.bookings.models import AGREED, Booking
from rides.matching.geometry import Point


def bookings_of(account: Account) -> QuerySet[Booking]:
    """Bookings in which the account drives or rides."""
    return Booking.objects.filter(Q(driver=account) | Q(passenger=account)).select_related(
        "driver", "passenger", "advert"
    )


def get_booking_for(account: Any, public_id: UUID) -> Booking:
    """Return a booking of which the account is driver or passenger. Raises Http404."""
    require_module()
    found = bookings_of(account).filter(public_id=public_id).first() if is_member(account) else None
    if found is None:
        raise Http404("No such booking.")
    return found


def can_book(account: Any, advert: Advert) -> bool:
    """Any member but the advert's author, while the advert is online."""
    return (
        is_member(account)
        and advert.author_id != account.pk
        and advert.status == Advert.Status.ACTIVE
    )


def get_advert_to_book(account: Any, public_id: UUID) -> Advert:
    """Return somebody else's advert, ready to be shown, online or no longer. Raises Http404.

    One that is paused or deleted is returned as well: the page then says so, shows nothing of it,
    and keeps what the person had typed.
    """
    require_module()
    found = []
    if is_member(account):
        rows = seen_by(Advert.objects.filter(public_id=public_id), account)
        found = for_cards(keys_of(rows.exclude(author=account)))
    if not found:
        raise Http404("No such advert.")
    return found[0]


def points_for(account: Account, booking: Booking) -> tuple[Point, Point]:
    """Where the two meet and part, as the account may see it.

    Own points show to both once both have agreed; before that everyone but their owner sees the
    centre of the grid cell or of the municipality. They are the passenger's, where they said one,
    else those of the advert's author, where the two meet at the advert's own ends.
    """
    found = []
    for name, end in (("pickup", "origin"), ("dropoff", "destination")):
        shown: Point = getattr(booking, name)
        own = _own(booking, name)
        owner = booking.passenger_id
        if own is None and shown == getattr(booking.advert, end):
            own, owner = _own(booking.advert, end), booking.advert.author_id
        open_ = booking.status in AGREED or account.pk == owner
        found.append(own if own is not None and open_ else shown)
    return found[0], found[1]


def _own(row: Booking | Advert, name: str) -> Point | None:
    lat, lon = getattr(row, f"{name}_own_lat"), getattr(row, f"{name}_own_lon")
    return None if lat is None or lon is None else Point(lat, lon)

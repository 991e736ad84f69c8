"""What a request must be: all that is wrong is said at once, each at its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.accounts.models import Account
from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.prices import price_cents
from rides.adverts.route_rules import CheckedPlace, Message
from rides.bookings.dates import (
    Groups,
    groups,
    match,
    rides_of,
    span,
    today_of,
    wanted_keys,
)
from rides.bookings.errors import AdvertUnavailableError, BookingError, BookingInvalidError
from rides.bookings.inputs import Request, WeekKey
from rides.bookings.models import MESSAGE_LENGTH, Booking
from rides.bookings.places import checked_end, shared_metres
from rides.bookings.seats import live_bookings
from rides.matching.figures import MIN_TRIP_M
from rides.matching.geometry import distance


@dataclass(frozen=True, slots=True)
class Checked:
    """A request that may be written as it is, seats aside."""

    found: Groups
    keys: list[RideKey]
    """Every ride asked for that is to come, by the advert's own times."""
    others: list[Booking]
    """What the advert's seats are promised to, and who waits."""
    rides: Sequence[RideKey]
    weeks: Sequence[WeekKey]
    first: dt.date
    last: dt.date
    seats: int
    drives: bool
    """The asker drives."""
    pickup: CheckedPlace
    dropoff: CheckedPlace
    metres: int
    price_cents: int
    message: str
    now: dt.datetime


def check_available(advert: Advert) -> None:
    """Raise ``AdvertUnavailableError`` unless the advert is online.

    Of a partner's, that region says so: see ``hooks.check_may_ask``.
    """
    if advert.elsewhere:
        return
    if advert.status != Advert.Status.ACTIVE or not advert.author.is_active:
        raise AdvertUnavailableError(
            _("This advert is no longer online: nothing was booked. Look for another ride.")
        )


def checked_request(asker: Account, advert: Advert, request: Request, now: dt.datetime) -> Checked:
    """Return the request in its final form, or raise a ``BookingError``.

    The advert is locked by the caller.
    """
    if advert.author_id == asker.pk:
        raise BookingError(_("This is your own advert."), code="own_advert")
    check_available(advert)
    fields: dict[str, Message] = {}
    drives = advert.role == Advert.Role.PASSENGER or (
        advert.role == Advert.Role.EITHER and request.drives
    )
    seats = advert.seats if drives else request.seats
    if not 1 <= seats <= advert.seats:
        fields["seats"] = _too_many(advert)
    message = request.message.strip()
    if len(message) > MESSAGE_LENGTH:
        fields["message"] = _("Write at most %(most)d characters.") % {"most": MESSAGE_LENGTH}
    pickup = request.ends[0] or checked_end(request.pickup, advert, "pickup", fields)
    dropoff = request.ends[1] or checked_end(request.dropoff, advert, "dropoff", fields)
    if not fields and distance(pickup.shown, dropoff.shown) < MIN_TRIP_M:
        fields["dropoff"] = _("You get in and out at the same place.")
    today = today_of(advert, now)
    start, stop = span(advert)
    first = max(request.wanted.first or today, today, start)
    last = min(request.wanted.last or stop, stop)
    dates = [one.day for one in request.wanted.rides]
    reach = last if request.wanted.weeks else today
    found = groups(advert, today, max([reach, *dates]))
    keys = _keys(request, found, now, fields)
    if request.wanted.weeks:
        _check_weeks(request, advert, first, last, fields)
    if fields:
        raise BookingInvalidError(fields)
    known = set(keys)
    rides = [key for one in request.wanted.rides if (key := _key(found, one)) in known]
    others = live_bookings(advert, since=min(one.day for one in keys))
    check_not_booked(asker, others, known, found)
    metres = shared_metres(advert, request, pickup, dropoff)
    return Checked(
        found=found,
        keys=keys,
        others=others,
        rides=[key for key in rides if key is not None],
        weeks=list(dict.fromkeys(request.wanted.weeks)),
        first=first,
        last=last,
        seats=seats,
        drives=drives,
        pickup=pickup,
        dropoff=dropoff,
        metres=metres,
        price_cents=price_cents(metres, advert.cents_per_km) * seats,
        message=message,
        now=now,
    )


def _too_many(advert: Advert) -> str:
    """How many seats there are; of a partner's, only how many are left is known here."""
    words = (
        ngettext(
            "At most %(most)d seat can be asked for.",
            "At most %(most)d seats can be asked for.",
            advert.seats,
        )
        if advert.elsewhere
        else ngettext(
            "This advert has %(most)d seat in all.",
            "This advert has %(most)d seats in all.",
            advert.seats,
        )
    )
    return words % {"most": advert.seats}


def _key(found: Groups, one: RideKey) -> RideKey | None:
    real = match(found, one)
    return None if real is None else real.key


def _keys(
    request: Request, found: Groups, now: dt.datetime, fields: dict[str, Message]
) -> list[RideKey]:
    """The rides asked for that are still to come; says what is wrong with those that are not."""
    keys: dict[RideKey, None] = {}
    past, missing = False, False
    dates = set(request.wanted.rides)
    for one in wanted_keys(request.wanted, found):
        real = match(found, one)
        if real is None or real.cancelled:
            missing = missing or one in dates
        elif real.departs_at <= now:
            past = past or one in dates
        else:
            keys[real.key] = None
    if missing:
        fields["dates"] = _("This advert does not run on one of the dates chosen.")
    elif past:
        fields["dates"] = _("One of these rides has left already.")
    elif not keys:
        fields["dates"] = _("Choose at least one ride to come.")
    return list(keys)


def _check_weeks(
    request: Request, advert: Advert, first: dt.date, last: dt.date, fields: dict[str, Message]
) -> None:
    if advert.kind != Advert.Kind.REGULAR:
        fields["dates"] = _("This advert is for one day: book its date.")
    elif request.wanted.first and request.wanted.last and last < first:
        fields["last"] = _("The last day is before the first.")


def check_not_booked(
    asker: Account, others: Sequence[Booking], keys: set[RideKey], found: Groups
) -> None:
    """One person books a ride once. Raises ``BookingError`` (``already_booked``)."""
    for booking in others:
        if booking.asker_id != asker.pk:
            continue
        if any(ride.key in keys for ride in rides_of(booking, found) if not ride.cancelled):
            raise BookingError(
                _("You have asked for one of these rides already: see « My trips »."),
                code="already_booked",
            )

"""Trips and journeys as rows: words ready to be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.accounts.models import Account
from core.shell.cards import Badge
from rides.bookings.words import booking_url
from rides.journeys.models import Journey
from rides.journeys.queries import Trip
from rides.matching.timing import wall_clock


@dataclass(frozen=True, slots=True)
class TripRow:
    """One ride to come."""

    day: dt.date
    departs: dt.time
    arrives: dt.time
    origin: str
    destination: str
    who: str
    """« Avec Nina R. et Paul D. »."""
    drives: bool
    badge: Badge
    links: tuple[tuple[str, str], ...]
    """Each person's name and the booking's page."""


def trip_rows(trips: Iterable[Trip]) -> list[TripRow]:
    """Rides to come, ready to be shown."""
    return [_row(trip) for trip in trips]


def _row(trip: Trip) -> TripRow:
    words = _("You drive %(names)s") if trip.drives else _("With %(names)s, who drives")
    names = ", ".join(dict.fromkeys(trip.names))
    badge = (
        Badge(_("Confirmed ride"), "check", "success")
        if trip.confirmed
        else Badge(_("Not confirmed yet"), "clock", "warning")
    )
    return TripRow(
        day=trip.ride.day,
        departs=trip.ride.time,
        arrives=wall_clock(trip.ride.arrives_at, trip.zone).time(),
        origin=trip.origin,
        destination=trip.destination,
        who=words % {"names": names},
        drives=trip.drives,
        badge=badge,
        links=tuple(
            (name, booking_url(one)) for name, one in zip(trip.names, trip.bookings, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One ride that has arrived."""

    journey: Journey
    name: str
    drives: bool
    badge: Badge
    may_say: bool


def journey_rows(
    journeys: Iterable[Journey], account: Account, now: dt.datetime
) -> list[JourneyRow]:
    """Rides that have arrived, ready to be shown."""
    return [_journey(one, account, now) for one in journeys]


def _journey(one: Journey, account: Account, now: dt.datetime) -> JourneyRow:
    partner = one.partner(account)
    badge = {
        Journey.Status.PENDING: Badge(_("To confirm"), "help", "accent"),
        Journey.Status.VALIDATED: Badge(_("Took place"), "success", "success"),
        Journey.Status.CANCELLED: Badge(_("Did not take place"), "close", "neutral"),
    }[Journey.Status(one.status)]
    return JourneyRow(
        journey=one,
        name=partner.display_name if partner else _("Somebody who has left since"),
        drives=one.drives(account),
        badge=badge,
        may_say=now <= one.open_until(),
    )

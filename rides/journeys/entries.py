"""Where the rest of the platform meets journeys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from core.accounts import inventory, sections
from core.accounts.access import signed_in
from core.accounts.models import Account
from core.shell import home, menu
from rides.bookings.access import bookings_of
from rides.bookings.models import LIVE
from rides.journeys import exports
from rides.journeys.models import Journey
from rides.journeys.queries import requests_of, trips_of
from rides.journeys.recap import to_confirm
from tenants.models import Module

MODULE = Module.CARPOOLING.value
HOME_ROWS = 3
HOME_AHEAD = dt.timedelta(days=7)

_ENTRIES = (
    menu.MenuEntry(
        name="my-trips",
        label=_("My trips"),
        url="journeys:mine",
        icon="route",
        place="personal",
        order=5,
        visible=menu.members,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="calendar",
        label=_("My calendar"),
        url="calendar:settings",
        icon="calendar",
        place="profile",
        order=30,
        visible=menu.members,
        module=MODULE,
    ),
)


def _travels(request: HttpRequest) -> bool:
    account = request.user
    if not isinstance(account, Account):
        return False
    return bookings_of(account).filter(status__in=LIVE).exists()


def _home(request: HttpRequest) -> Mapping[str, Any]:
    from rides.journeys.site.cards import trip_rows

    account, now = signed_in(request), timezone.now()
    today = timezone.localdate()
    trips = trips_of(account, today, today + HOME_AHEAD)
    coming = [trip for trip in trips if trip.ride.arrives_at > now]
    return {
        "trips": trip_rows(coming[:HOME_ROWS]),
        "to_answer": sum(row.awaits() == account.pk for row in requests_of(account)),
        "to_confirm": len(to_confirm(account, now)),
    }


def _told(account: Account) -> list[list[str]]:
    """Journeys for the region's administrators, latest first; not with whom."""
    rows = Journey.objects.filter(Q(driver=account) | Q(passenger=account))
    return [
        [
            formats.date_format(row.day, "SHORT_DATE_FORMAT"),
            f"{row.origin_label} → {row.destination_label}",
            str(_("Driver") if row.driver_id == account.pk else _("Passenger")),
            str(row.get_status_display()),
        ]
        for row in rows.order_by("-departs_at", "-pk")[: sections.SHOWN]
    ]


def register() -> None:
    """Fill the registries of the apps below."""
    for entry in _ENTRIES:
        menu.register(entry)
    home.register_block(
        home.HomeBlock(
            name="my-trips",
            template="journeys/home.html",
            order=5,
            context=_home,
            visible=_travels,
            module=MODULE,
            stylesheets=("journeys/journeys.css",),
        )
    )
    sections.register(
        sections.PersonSection(
            name="journeys",
            label=_("Journeys"),
            heads=(_("Day"), _("Trip"), _("Role"), _("State")),
            rows=_told,
            order=30,
            module=MODULE,
        )
    )
    inventory.register(
        inventory.PersonalData(
            name="journeys",
            label=_("Journeys"),
            export=exports.journeys_export,
            summary=exports.journeys_summary,
            order=63,
        )
    )

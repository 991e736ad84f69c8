"""Where the rest of the platform meets bookings: an advert's page, and a person's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts import inventory
from core.accounts.models import Account
from core.shell.panels import Panel
from rides.adverts import watchers
from rides.adverts.models import Advert
from rides.adverts.panels import ADVERT_PANELS
from rides.adverts.queries import is_over
from rides.bookings import access, exports, hooks
from rides.bookings.changes import on_advert
from rides.bookings.models import LIVE
from rides.bookings.site.choices import day_asked
from rides.bookings.words import BookingRow, booking_rows

MOST = 20
"""Bookings of one advert that its page lists."""


def _panel(request: HttpRequest, advert: Advert) -> Mapping[str, Any] | None:
    """« Réserver », or what is booked already; for the author, who asked."""
    account = request.user
    if is_over(advert, timezone.now()):
        return None
    rows: list[BookingRow] = []
    if isinstance(account, Account):
        live = access.bookings_of(account).filter(advert=advert, status__in=LIVE)
        rows = booking_rows(live.prefetch_related("rides", "weeks")[:MOST], account)
    own = isinstance(account, Account) and account.pk == advert.author_id
    bookable = not own and advert.status == Advert.Status.ACTIVE
    if bookable and isinstance(account, Account):
        bookable = not hooks.barred(account, advert)
    if not rows and not bookable:
        return None
    return {
        "advert": advert,
        "bookable": bookable,
        "day": day_asked(request.GET),
        "signed_in": isinstance(account, Account),
        "offers": advert.role == Advert.Role.PASSENGER,
        "rows": rows,
    }


def register() -> None:
    """Fill the registries of the apps below."""
    ADVERT_PANELS.register(
        Panel(name="book", template="bookings/advert_panel.html", context=_panel, order=10)
    )
    watchers.register(watchers.Watcher("bookings", on_advert))
    inventory.register(
        inventory.PersonalData(
            name="bookings",
            label=_("Bookings"),
            export=exports.bookings_export,
            summary=exports.bookings_summary,
            order=61,
        )
    )

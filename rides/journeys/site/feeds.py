"""« Mon agenda »: the secret address, and the file behind it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.access import signed_in
from core.accounts.readers import reading
from core.notifications.hosts import primary_host, site_url
from rides.adverts.access import require_module
from rides.bookings.words import booking_url
from rides.journeys.calendar import Entry, calendar_text, feed_of, feed_token
from rides.journeys.models import CalendarFeed
from rides.journeys.queries import Trip, trips_of
from rides.journeys.services import calendar_open, calendar_revoke
from tenants.context import current_tenant

BEFORE: Final = dt.timedelta(days=30)
AHEAD: Final = dt.timedelta(days=60)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show the address, or offer to make one."""
    require_module()
    if request.method == "POST":
        calendar_open(account=signed_in(request))
        return redirect("calendar:settings")
    feed_row = CalendarFeed.objects.filter(account=signed_in(request)).first()
    address = ""
    if feed_row is not None:
        address = site_url(reverse("calendar:feed", args=[feed_token(feed_row)]))
    context = {"address": address, "feed": feed_row}
    return render(request, "journeys/calendar.html", context)


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Make the address worthless."""
    require_module()
    calendar_revoke(account=signed_in(request))
    messages.success(request, _("The former address no longer answers."))
    return redirect("calendar:settings")


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The file, for whoever knows the address."""
    require_module()
    found = feed_of(token)
    if found is None:
        raise Http404("No such calendar.")
    account = found.account
    today = timezone.localdate()
    with reading(account):
        trips = trips_of(account, today - BEFORE, today + AHEAD, confirmed=False, cancelled=True)
    host, now = primary_host(), timezone.now()
    name = current_tenant().name
    with translation.override(account.language or current_tenant().language):
        entries = [_entry(trip, host, now) for trip in trips]
        text = calendar_text(entries, name=_("My trips with %(region)s") % {"region": name})
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="trajets.ics"'
    return response


def _entry(trip: Trip, host: str, now: dt.datetime) -> Entry:
    ride, booking = trip.ride, trip.booking
    words = _("You drive %(names)s") if trip.drives else _("With %(names)s, who drives")
    way = "r" if ride.backwards else "a"
    return Entry(
        uid=f"{booking.public_id}-{ride.day:%Y%m%d}-{way}{ride.usual:%H%M}@{host}",
        departs_at=ride.departs_at,
        arrives_at=ride.arrives_at,
        zone=trip.zone,
        title=f"{trip.origin} → {trip.destination}",
        place=booking.meeting_label or trip.origin,
        words=words % {"names": ", ".join(trip.names)},
        url=site_url(booking_url(booking)),
        cancelled=trip.cancelled,
        tentative=not trip.confirmed,
        stamp=now,
    )

"""« Rechercher »: the form, and what it finds as a list and on a map."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.access import signed_in
from core.shell import humanise
from regions.onboarding.queries import region_current
from regions.pool.queries import pool_get, pool_home
from rides.adverts.access import require_module
from rides.adverts.cards import ROLES, drive_time, later, usual_times
from rides.adverts.maps import route_on_map
from rides.adverts.prices import advert_price
from rides.adverts.timetable import timetable
from rides.bookings.access import bookings_of
from rides.bookings.models import AGREED
from rides.bookings.words import booking_rows
from rides.matching.figures import PAGE
from rides.relay.access import is_known
from rides.relay.adverts import gone as advert_gone
from rides.relay.adverts import partner_adverts
from rides.relay.panels import partner_panel
from rides.search.inputs import LookingFor
from rides.search.queries import SearchResults, search_adverts
from rides.search.routers.detours import with_detours
from rides.search.site.back import way_back
from rides.search.site.cards import (
    found_cards,
    found_map,
    near_words,
    partner_person,
    via_badge,
)
from rides.search.site.chips import filter_groups, sort_chips
from rides.search.site.forms import SearchForm

MOST: Final = 10 * PAGE
"""More rides than this are no help: one refines instead."""


@login_not_required
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The search, empty or answered. Every answer has its address, and works without scripts."""
    require_module()
    asked = any(name in request.GET for name in ("origin", "origin_code"))
    form = SearchForm(request.GET if asked else None, first=request.user)
    context: dict[str, Any] = {"form": form, "asked": asked, "found": None}
    if asked and form.is_valid():
        context |= _answer(request, form)
    return render(request, "search/results.html", context)


def _answer(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    count = _count(request)
    query = form.query(count=count)
    found = search_adverts(query, partners=True)
    found = replace(found, rides=with_detours(query, found.rides))
    data = form.cleaned_data
    start, end = data["origin"], data["destination"]
    cards = found_cards(found, start, end, request.user, request.GET)
    return {
        "found": found,
        "origin": start,
        "destination": end,
        "cards": cards,
        "day": found.day,
        "estimated": any(
            ride.detour.estimated and ride.detour.seconds and not ride.far for ride in found.rides
        ),
        "nearest": near_words(found),
        "map": found_map(found, cards, start, end),
        "region_codes": region_current().region_codes,
        "shows_map": request.GET.get("vue") == "carte",
        "filters": (groups := filter_groups(request, form)),
        "filtered": any(chip.on for group in groups for chip in group.chips),
        "sorts": sort_chips(request, form),
        "more": min(count + PAGE, MOST) if found.more and count < MOST else None,
        "publish_url": _publish_url(form, found),
        "alert_fields": _alert_fields(request, form, found),
        "other_days": _other_days(request, found) if found.day and not found.total else [],
    }


@login_not_required
@require_safe
def partner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A ride of a partner region, as far as agreements tell it; as public as one's own."""
    require_module()
    row = pool_get(public_id)
    if row is None:
        if is_known(request.user, public_id):
            return _gone(request, public_id)
        raise Http404("No such ride, or none that agreements let us read.")
    advert, card = partner_adverts([row])[-row.pk], pool_home(public_id)
    seconds = drive_time(advert)
    leaves, back = usual_times(advert)
    context = {
        "row": row,
        "back_to": way_back(request),
        "advert": advert,
        "role": ROLES[advert.role],
        "via": via_badge(row),
        "person": partner_person(row),
        "card": card,
        "panel": partner_panel(request, advert, row.region, row.alias),
        "price": advert_price(advert) if row.cents_per_km is not None else None,
        "leaves": leaves,
        "arrives": later(leaves, seconds) if leaves else None,
        "back": back,
        "drive": seconds,
        "timetable": timetable(advert),
        "map": route_on_map(advert),
        "region_codes": region_current().region_codes,
    }
    return render(request, "search/partner.html", context)


def _gone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """No longer told of, to somebody who knew it: what they booked stands, one click away."""
    account = signed_in(request)
    kept = bookings_of(account).filter(advert__public_id=public_id, status__in=AGREED)
    rows = booking_rows(kept.prefetch_related("rides", "weeks").order_by("-pk"), account)
    if rows:
        return render(request, "search/partner_gone.html", {"rows": rows}, status=410)
    gone = {"message": advert_gone().message, "typed": ""}
    return render(request, "bookings/unavailable.html", gone, status=410)


def _count(request: HttpRequest) -> int:
    """How many rides to show: « Voir plus » asks for a page more."""
    asked = request.GET.get("nombre", "")
    return min(max(int(asked), PAGE), MOST) if asked.isdecimal() and len(asked) < 5 else PAGE


def _alert_fields(
    request: HttpRequest, form: SearchForm, found: SearchResults
) -> list[tuple[str, str]]:
    """The search as hidden fields: what its address says, with its places and its day."""
    kept = request.GET.copy()
    for name in ("nombre", "vue", "sort"):
        kept.pop(name, None)
    for name in ("origin", "destination"):
        kept.pop(f"{name}_code", None)
        place = form.cleaned_data[name]
        kept[name], kept[f"{name}_code"] = place.label, place.code
    if found.day is not None:
        kept["date"] = found.day.isoformat()
    return [(name, value) for name, values in kept.lists() for value in values]


def _publish_url(form: SearchForm, found: SearchResults) -> str:
    """« Publier une annonce », filled in with what was looked for."""
    data = form.cleaned_data
    parameters = QueryDict(mutable=True)
    sought = data["looking_for"] or LookingFor.DRIVERS
    parameters["role"] = "passenger" if sought == LookingFor.DRIVERS else "driver"
    parameters["origin_code"] = data["origin"].code
    parameters["destination_code"] = data["destination"].code
    if data["regular"]:
        parameters["regular"] = "1"
        parameters.setlist("weekdays", [str(day) for day in data["weekdays"]])
    elif found.day is not None:
        parameters["date"] = found.day.isoformat()
    if data["time"]:
        parameters["time"] = f"{data['time']:%H:%M}"
    return f"{reverse('adverts:publish')}?{parameters.urlencode()}"


def _other_days(request: HttpRequest, found: SearchResults) -> list[dict[str, str]]:
    """The next days of the same search, one click away."""
    assert found.day is not None
    days = []
    for ahead in range(1, 4):
        day = found.day + dt.timedelta(days=ahead)
        parameters = request.GET.copy()
        parameters["date"] = day.isoformat()
        for name in ("nombre", "vue"):
            parameters.pop(name, None)
        days.append({"label": humanise.day(day), "url": f"?{parameters.urlencode()}"})
    return days

"""« Mes trajets »: today, next, to confirm, past, and what it adds up to."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.access import signed_in
from core.accounts.models import Account
from core.accounts.readers import reading
from rides.adverts.access import require_module
from rides.adverts.settings import rides_settings
from rides.bookings.words import booking_rows
from rides.journeys import access
from rides.journeys.errors import JourneyClosedError
from rides.journeys.models import Journey
from rides.journeys.queries import requests_of, trips_of
from rides.journeys.recap import recap_of, recap_token, to_confirm
from rides.journeys.services import journey_say, journey_thank
from rides.journeys.site.cards import journey_rows, trip_rows
from rides.journeys.site.forms import ThanksForm
from rides.journeys.totals import totals_of

AHEAD: Final = dt.timedelta(weeks=4)
NEXT_ROWS: Final = 6
PAST_ROWS: Final = 6


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes trajets »."""
    require_module()
    account, now = signed_in(request), timezone.now()
    today, rules = timezone.localdate(), rides_settings()
    trips = [
        trip
        for trip in trips_of(account, today, today + AHEAD, rules=rules)
        if trip.ride.arrives_at > now
    ]
    waiting = to_confirm(account, now)
    past = access.journeys_of(account).exclude(pk__in=[one.pk for one in waiting])
    page = Paginator(past, PAST_ROWS).get_page(request.GET.get("page"))
    coming = [trip for trip in trips if trip.ride.day > today]
    context = {
        "requests": booking_rows(requests_of(account), account),
        "today": trip_rows(trip for trip in trips if trip.ride.day <= today),
        "next": trip_rows(coming[:NEXT_ROWS]),
        "more": len(coming) > NEXT_ROWS,
        "to_confirm": journey_rows(waiting, account, now),
        # The weekly mail's own link: it shows them all and confirms them with one button.
        "confirm_url": reverse("journeys:recap", args=[recap_token(account, waiting)])
        if len(waiting) > 1
        else "",
        "page": page,
        "past": journey_rows(page.object_list, account, now),
        "totals": totals_of(account, rules),
        "rules": rules,
    }
    return render(request, "journeys/mine.html", context)


@never_cache
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One ride that has arrived: how it went, and thanks."""
    account = signed_in(request)
    journey = access.get_journey_for(account, public_id)
    form = ThanksForm(initial={"text": journey.thanks(account)[0]})
    return _detail(request, account, journey, form)


def _detail(
    request: HttpRequest, account: Account, journey: Journey, form: ThanksForm
) -> HttpResponse:
    (row,) = journey_rows([journey], account, timezone.now())
    context = {
        "row": row,
        "journey": journey,
        "said": journey.said(account),
        "form": form,
        "their_thanks": journey.thanks(account)[1],
    }
    return render(request, "journeys/detail.html", context, status=422 if form.is_bound else 200)


@require_POST
def say(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Oui, le trajet a eu lieu », or not."""
    account = signed_in(request)
    journey = access.get_journey_for(account, public_id)
    says = request.POST.get("says", "")
    if says not in {Journey.Says.DONE, Journey.Says.NOT_DONE, Journey.Says.NO_SHOW}:
        messages.error(request, _("Say how the ride went with one of the buttons."))
        return redirect("journeys:detail", journey.public_id)
    try:
        journey_say(journey=journey, account=account, says=says)
    except JourneyClosedError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Thank you, it is noted."))
    if request.POST.get("from") == "list":
        return redirect("journeys:mine")
    return redirect("journeys:detail", journey.public_id)


@require_POST
def thank(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Leave a word of thanks."""
    account = signed_in(request)
    journey = access.get_journey_for(account, public_id)
    form = ThanksForm(request.POST)
    if not form.is_valid():
        return _detail(request, account, journey, form)
    journey_thank(journey=journey, account=account, text=form.cleaned_data["text"])
    messages.success(request, _("Your word of thanks is kept with the ride."))
    return redirect("journeys:detail", journey.public_id)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recap(request: HttpRequest, token: str) -> HttpResponse:
    """The weekly mail's link: shows the rides; the button confirms them all.

    Signed for one person and these rides, so it needs no sign-in; a mail reader that follows links
    changes nothing.
    """
    require_module()
    found = recap_of(token)
    if found is None:
        raise Http404("No such recap.")
    account, journeys = found
    now = timezone.now()
    done = 0
    if request.method == "POST":
        for journey in journeys:
            if not journey.said(account) and now <= journey.open_until():
                journey_say(journey=journey, account=account, says=Journey.Says.DONE, now=now)
                done += 1
        found = recap_of(token)
        journeys = found[1] if found else []
    with reading(account):
        rows = journey_rows(journeys, account, now)
    context = {
        "rows": rows,
        "open": [one for one in journeys if not one.said(account) and now <= one.open_until()],
        "done": done,
        "posted": request.method == "POST",
        "token": token,
    }
    return render(request, "journeys/recap.html", context)

"""The days of an advert: cancel or move one of them, let the advert run for one more year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.shell import humanise
from rides.adverts import access
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.occurrences import Occurrence, occurrences
from rides.adverts.services import advert_renew, ride_change
from rides.adverts.settings import rides_settings
from rides.adverts.words import advert_holidays
from rides.matching.timing import wall_clock

SHOWN_DAYS: Final = 28


class RideForm(forms.Form):
    """One ride of one day, as a row of the page sends it."""

    day = forms.DateField()
    backwards = forms.BooleanField(required=False)
    usual = forms.TimeField()
    time = forms.TimeField(required=False)
    action = forms.ChoiceField(choices=[(name, name) for name in ("cancel", "move", "restore")])


@dataclass(frozen=True, slots=True)
class RideRow:
    """One ride of the page."""

    ride: Occurrence
    typed: str
    """What the time's control holds."""
    error: str | Promise = ""


def today(advert: Advert, now: dt.datetime) -> dt.date:
    """The advert's own day."""
    return wall_clock(now, advert.zone).date()


def coming(advert: Advert, now: dt.datetime, rules: RidesSettings) -> list[Occurrence]:
    """The rides of the next four weeks."""
    first = today(advert, now)
    last = first + dt.timedelta(days=SHOWN_DAYS - 1)
    return [one for one in occurrences(advert, first, last, rules=rules) if one.departs_at > now]


def change_words(advert: Advert, now: dt.datetime, rules: RidesSettings) -> list[str]:
    """What is different within four weeks: « lundi 30 novembre : pas d'aller »."""
    found = []
    for one in coming(advert, now, rules):
        day = humanise.day(one.day)
        if one.cancelled and one.backwards:
            found.append(_("%(day)s: no return") % {"day": day})
        elif one.cancelled:
            found.append(_("%(day)s: no outward ride") % {"day": day})
        elif one.moved:
            words = {
                "day": day,
                "time": humanise.clock(one.time),
                "usual": humanise.clock(one.usual),
            }
            found.append(_("%(day)s: leaves at %(time)s instead of %(usual)s") % words)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The next four weeks, each ride with what can be done with it."""
    advert = access.get_own_advert(request.user, public_id)
    refused: tuple[RideKey | None, str, str | Promise] | None = None
    if request.method == "POST":
        form = RideForm(request.POST)
        if form.is_valid():
            error = _change(request, advert, form)
            if not error:
                return redirect("adverts:calendar", public_id)
            refused = (_ride_of(form), request.POST.get("time", ""), error)
        else:
            refused = (
                _ride_of(form),
                request.POST.get("time", ""),
                _("This time does not exist: write it as 07:40."),
            )
    return _page(request, advert, refused)


def _ride_of(form: RideForm) -> RideKey | None:
    data = form.cleaned_data
    if not {"day", "usual"} <= set(data):
        return None
    return RideKey(data["day"], data["backwards"], data["usual"])


def _change(request: HttpRequest, advert: Advert, form: RideForm) -> str | Promise:
    """Do it and say so; return what is wrong instead."""
    data, ride = form.cleaned_data, _ride_of(form)
    assert ride is not None
    at = {"cancel": None, "move": data["time"], "restore": ride.usual}[data["action"]]
    if data["action"] == "move" and at is None:
        return _("Say at what time it leaves that day.")
    try:
        ride_change(advert=advert, ride=ride, at=at)
    except AdvertError as error:
        return error.message
    done = {
        "cancel": _("Cancelled: %(day)s."),
        "move": _("Moved: %(day)s."),
        "restore": _("Back to the usual time: %(day)s."),
    }
    messages.success(request, done[data["action"]] % {"day": humanise.day(ride.day)})
    return ""


def _page(
    request: HttpRequest,
    advert: Advert,
    refused: tuple[RideKey | None, str, str | Promise] | None,
) -> HttpResponse:
    rules, now = rides_settings(), timezone.now()
    rows = [_row(one, refused) for one in coming(advert, now, rules)]
    elsewhere = refused[2] if refused and not any(row.error for row in rows) else ""
    context = {
        "advert": advert,
        "weeks": _weeks(rows),
        "holidays": advert_holidays(advert, rules),
        "error": elsewhere,
    }
    status = 422 if refused else 200
    return render(request, "adverts/calendar.html", context, status=status)


def _row(one: Occurrence, refused: tuple[RideKey | None, str, str | Promise] | None) -> RideRow:
    if refused and refused[0] == one.key:
        return RideRow(one, refused[1], refused[2])
    return RideRow(one, f"{one.time:%H:%M}")


def _weeks(rows: Sequence[RideRow]) -> list[tuple[dt.date, list[RideRow]]]:
    """Rows by week, each with its Monday."""
    weeks: dict[dt.date, list[RideRow]] = {}
    for row in rows:
        monday = row.ride.day - dt.timedelta(days=row.ride.day.weekday())
        weeks.setdefault(monday, []).append(row)
    return list(weeks.items())


@require_POST
def renew(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more year; a second click finds it done."""
    advert = access.get_own_advert(request.user, public_id)
    try:
        ended = dt.date.fromisoformat(request.POST.get("ended", ""))
    except ValueError:
        ended = advert.valid_until or dt.date.min
    try:
        renewed = advert_renew(advert=advert, ended=ended)
    except AdvertError as error:
        messages.error(request, str(error.message))
    else:
        assert renewed.valid_until is not None
        words = _("Your advert now runs until %(day)s.")
        messages.success(request, words % {"day": humanise.day(renewed.valid_until)})
    if request.POST.get("from") == "detail":
        return redirect("adverts:detail", public_id)
    return redirect("adverts:mine")

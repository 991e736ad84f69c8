"""« Arrêts de la ligne »: those who run a line's community put its stops in order.

Nothing is kept before « Enregistrer les arrêts »: until then the rows travel with the form.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from regions.territories.forms import typed_for
from regions.territories.queries import municipalities_get, municipality_get
from rides.adverts import access
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import Place
from rides.adverts.lines import MAX_LINE_STOPS, LineStop, line_stops, line_stops_set
from rides.adverts.maps import places_on_map
from rides.adverts.route_rules import CheckedPlace, Message, checked_place
from rides.adverts.site import rows
from rides.adverts.site.wizard.base import Raw, kept, number
from rides.places.models import CarpoolPlace
from rides.places.queries import place_open, places_near


class LineStopsForm(forms.Form):
    """The stops of a line, as many rows as the hidden ``stops`` says."""

    def __init__(self, raw: Raw) -> None:
        super().__init__(MultiValueDict(raw))
        self.stops = number(raw, "stops", most=MAX_LINE_STOPS)
        rows.add_fields(self, self.stops, pgettext_lazy("line", "Stop"))

    def rows(self) -> list[rows.StopRow]:
        """The stops, for the page."""
        return rows.rows_of(self, self.stops)

    @property
    def can_add(self) -> bool:
        """Whether one more stop may be added."""
        return self.stops < MAX_LINE_STOPS

    def places(self) -> dict[int, Place]:
        """What the rows that are filled in mean."""
        data = self.cleaned_data
        return {
            row: rows.place_of(
                data[f"stop_{row}"],
                data.get(f"stop_detail_{row}", ""),
                data.get(f"stop_place_{row}"),
            )
            for row in range(self.stops)
            if data.get(f"stop_{row}")
        }

    def known(self) -> list[CheckedPlace]:
        """Those of them that exist."""
        ignored: dict[str, Message] = {}
        found = [checked_place(place, "stop", ignored) for place in self.places().values()]
        return [place for place in found if place is not None]

    def refuse(self, error: AdvertError) -> None:
        """Put what the service says at its row."""
        filled = list(self.places())
        for name, message in error.fields.items():
            _stops, _dot, index = name.partition(".")
            row = filled[int(index)] if index.isdigit() else None
            self.add_error(None if row is None else f"stop_{row}", str(message))


def _first(stops: list[LineStop]) -> Raw:
    """The stops as they are, in the form's words; two empty rows for a line without."""
    if not stops:
        return {"stops": ["2"]}
    known = municipalities_get([stop.code for stop in stops])
    raw: Raw = {"stops": [str(len(stops))]}
    for row, stop in enumerate(stops):
        typed = typed_for(known.get(stop.code))
        raw[f"stop_{row}"], raw[f"stop_{row}_code"] = [typed.text], [typed.code]
        raw[f"stop_detail_{row}"] = [stop.detail]
        raw[f"stop_place_{row}"] = [str(stop.place_id or "")]
    return raw


def _acted(raw: Raw, go: str) -> Raw:
    """What a button makes of the rows."""
    action, _sep, argument = go.partition("-")
    row = int(argument) if argument.isascii() and argument.isdigit() else 0
    if action == "add":
        return rows.with_row(raw, MAX_LINE_STOPS)
    if action == "remove":
        return rows.without_row(raw, row, MAX_LINE_STOPS)
    if action == "raise":
        return rows.raised(raw, row, MAX_LINE_STOPS)
    if action == "lower":
        return rows.raised(raw, row + 1, MAX_LINE_STOPS)
    place = place_open(row) if action == "place" else None
    town = municipality_get(place.code) if place else None
    return rows.with_place(raw, place, town, MAX_LINE_STOPS) if place and town else raw


def _offers(form: LineStopsForm, known: list[CheckedPlace]) -> list[CarpoolPlace]:
    """Carpool places near the line that are no stops of it yet."""
    if len(known) < 2 or not form.can_add:
        return []
    taken = {place.carpool_place for place in known}
    return [one for one in places_near([place.shown for place in known]) if one.pk not in taken]


@require_http_methods(["GET", "HEAD", "POST"])
def stops(request: HttpRequest, slug: str) -> HttpResponse:
    """The stops in order: add, move, remove, then save them all."""
    line = access.get_line_to_run(request.user, slug)
    go = request.POST.get("go", "save")
    if request.method == "POST":
        sent = LineStopsForm({"stops": request.POST.getlist("stops")})
        names = [*sent.fields, *(f"{name}_code" for name in sent.fields), "stops"]
        form = LineStopsForm(_acted(kept(request.POST, names), go))
        if form.is_valid() and go == "save":
            try:
                line_stops_set(community=line, stops=list(form.places().values()))
            except AdvertError as error:
                form.refuse(error)
            else:
                messages.success(request, _("The stops of the line are saved."))
                return redirect(line.get_absolute_url())
    else:
        form = LineStopsForm(_first(line_stops(line)))
        form.is_valid()
    known = form.known()
    context: dict[str, Any] = {
        "form": form,
        "line": line,
        "offers": _offers(form, known),
        "map": places_on_map([(place.label, place.shown) for place in known])
        if len(known) > 1
        else None,
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "adverts/line_stops.html", context, status=status)

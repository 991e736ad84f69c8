"""The search as a form whose address can be shared: everything it says is in the query string."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.shell import humanise
from core.shell.forms import DateInput, DayPickerField, TimeInput
from regions.territories.forms import MunicipalityField
from regions.territories.models import Municipality
from regions.territories.queries import municipality_candidates, municipality_get
from rides.adverts.models import MAX_SEATS, Advert
from rides.matching.figures import DEFAULT_RADIUS_M, RADII_M
from rides.search.errors import SearchError
from rides.search.inputs import LookingFor, SearchQuery, Side, Sort
from rides.search.rules import (
    DEFAULT_MARGIN,
    MARGINS,
    Filters,
    day_problem,
    filters_for,
    likely_day,
    search_query,
)

WORKING_DAYS: Final = [1, 2, 3, 4, 5]
INSEE_CODE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")


def _minutes(minutes: int) -> str:
    """« ± 30 min », « ± 1 h »: the same in every language."""
    return f"± {minutes}\u00a0min" if minutes < 60 else f"± {minutes // 60}\u00a0h"


def radius_words(metres: float) -> str:
    """« 500 m », « 2 km »: distances of a search are round."""
    if metres < 1000:
        return f"{metres:.0f}{humanise.NBSP}m"
    return f"{metres / 1000:.0f}{humanise.NBSP}km"


class DayChoice(NamedTuple):
    """One day of « L M M J V S D »."""

    iso: int
    letter: str
    name: str
    chosen: bool


class SearchForm(forms.Form):
    """« Lieu de départ », « Lieu d'arrivée », « Trajet régulier », « Date de départ », and more.

    Filters and sort travel in hidden fields, so that a changed search keeps them.
    """

    looking_for = forms.ChoiceField(
        label=_("I am looking for"),
        required=False,
        choices=[
            (LookingFor.DRIVERS.value, _("A driver")),
            (LookingFor.PASSENGERS.value, _("Passengers to take along")),
        ],
    )

    origin = MunicipalityField(label=_("Place of departure"), located=True)
    destination = MunicipalityField(label=_("Place of arrival"), located=True)
    regular = forms.BooleanField(label=_("Regular ride"), required=False)
    date = forms.DateField(label=_("Date of departure"), required=False, widget=DateInput)
    weekdays = DayPickerField(label=_("Days"), required=False)
    time = forms.TimeField(label=_("Departure at about"), required=False, widget=TimeInput)
    margin = forms.TypedChoiceField(
        label=_("Give or take"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(minutes, _minutes(minutes)) for minutes in MARGINS],
    )
    side = forms.ChoiceField(
        label=_("Before or after"),
        required=False,
        choices=[
            (Side.AROUND.value, _("Before or after this time")),
            (Side.BEFORE.value, _("Before this time only")),
            (Side.AFTER.value, _("After this time only")),
        ],
    )
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=MAX_SEATS)
    radius = forms.TypedChoiceField(
        label=_("Distance to the route"),
        required=False,
        coerce=float,
        empty_value=None,
        choices=[(f"{metres:.0f}", radius_words(metres)) for metres in RADII_M],
    )
    role = forms.ChoiceField(
        required=False,
        choices=[("", ""), *Advert.Role.choices],
        widget=forms.HiddenInput,
    )
    community = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    free = forms.BooleanField(required=False, widget=forms.HiddenInput)
    wheelchair = forms.BooleanField(required=False, widget=forms.HiddenInput)
    same_gender = forms.BooleanField(required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        required=False, choices=[(one.value, one.value) for one in Sort], widget=forms.HiddenInput
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        self.reader = kwargs.pop("first", None)
        starts: Mapping[str, Any] = kwargs.pop("starts", {})
        initial = {
            "date": likely_day(),
            "weekdays": WORKING_DAYS,
            "margin": DEFAULT_MARGIN,
            "looking_for": LookingFor.DRIVERS.value,
            "side": Side.AROUND.value,
            "radius": f"{DEFAULT_RADIUS_M:.0f}",
            **starts,
        }
        super().__init__(
            data=None if data is None else _filled(data, initial), initial=initial, **kwargs
        )

    @property
    def is_regular(self) -> bool:
        """Whether « Trajet régulier » is ticked."""
        return bool(self["regular"].value())

    def days(self) -> list[DayChoice]:
        """The days of the week as the panel draws them: seven widgets would cost more."""
        chosen = {str(day) for day in self["weekdays"].value() or ()}
        names = [humanise.weekday_name(iso) for iso in range(1, 8)]
        return [
            DayChoice(iso, name[0].upper(), name, str(iso) in chosen)
            for iso, name in enumerate(names, start=1)
        ]

    @property
    def is_refined(self) -> bool:
        """Whether a criterion beyond places and days is set, so that they must be open."""
        return bool(
            self["time"].value()
            or str(self["seats"].value() or "1") != "1"
            or self["radius"].value() != self.initial["radius"]
            or any(name in self.errors for name in ("time", "margin", "side", "seats", "radius"))
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what no search may ask, beside the control that says it."""
        data: dict[str, Any] = super().clean() or {}
        day = None if data.get("regular") else data.get("date")
        problem = day_problem(day) if day else None
        if problem is not None:
            self.add_error("date", str(problem))
        if not self.errors:
            try:
                self.query(count=1)
            except SearchError as error:
                for name, message in error.fields.items():
                    self.add_error(name, str(message))
        return data

    def query(self, *, count: int) -> SearchQuery:
        """The question that the form asks, for its first ``count`` rides. Call when valid."""
        data = self.cleaned_data
        return search_query(
            origin=data["origin"],
            destination=data["destination"],
            regular=data["regular"],
            day=data["date"],
            weekdays=[iso - 1 for iso in data["weekdays"]],
            at=data["time"],
            margin_minutes=data["margin"] or DEFAULT_MARGIN,
            side=data["side"] or Side.AROUND,
            seats=data["seats"],
            radius=data["radius"] or DEFAULT_RADIUS_M,
            looking_for=data["looking_for"] or LookingFor.DRIVERS,
            filters=self.filters,
            sort=data["sort"] or Sort.BEST,
            count=count,
        )

    @cached_property
    def filters(self) -> Filters:
        """What the reader wants to see only, asked once. Read when valid."""
        data = self.cleaned_data
        return filters_for(
            self.reader,
            role=data["role"],
            community=data["community"],
            free=data["free"],
            wheelchair=data["wheelchair"],
            same_gender=data["same_gender"],
        )

    def kept(self) -> list[BoundField]:
        """The hidden fields that say something."""
        return [field for field in self.hidden_fields() if field.value() not in ("", None, False)]


def _filled(data: QueryDict, initial: Mapping[str, Any]) -> QueryDict:
    """The address as a whole form: links may give INSEE codes, and leave out what is usual."""
    filled = data.copy()
    for name in ("origin", "destination"):
        found = _by_code(filled.get(name, ""), filled.get(f"{name}_code", ""))
        if found is not None:
            filled[name], filled[f"{name}_code"] = found.label, found.code
    if "weekdays" not in filled and not filled.get("regular"):
        filled.setlist("weekdays", [str(day) for day in WORKING_DAYS])
    for name in ("date", "margin", "looking_for", "side", "radius"):
        if not filled.get(name):
            filled[name] = str(initial[name])
    return filled


def _by_code(text: str, code: str) -> Municipality | None:
    """The municipality of a link that gives a code only, beside the text or in its place.

    Postal codes look like INSEE codes, and people type the former: these win.
    """
    if not text:
        return municipality_get(code) if code else None
    if not INSEE_CODE.fullmatch(text) or municipality_candidates(text):
        return None
    return municipality_get(text)

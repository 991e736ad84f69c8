"""Filters and orders of the results as links: they work without scripts, and can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.communities.queries import communities_of
from core.accounts.access import is_member
from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.adverts.settings import rides_settings
from rides.search.inputs import LookingFor, Sort
from rides.search.site.forms import SearchForm

COMMUNITIES = 4
"""So many of one's own communities are offered as filters."""

_SORTS = (
    (Sort.BEST, gettext_lazy("Best first")),
    (Sort.TIME, gettext_lazy("Earliest")),
    (Sort.WALK, gettext_lazy("Least walk")),
    (Sort.PRICE, gettext_lazy("Cheapest")),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice: a link to the same search with it, or without when it is on."""

    label: str | Promise
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Choices about one thing."""

    label: str
    chips: list[Chip]


def sort_chips(request: HttpRequest, form: SearchForm) -> list[Chip]:
    """« Les meilleurs d'abord », and the other orders."""
    chosen = form.cleaned_data["sort"] or Sort.BEST
    passengers = form.cleaned_data["looking_for"] == LookingFor.PASSENGERS
    return [
        Chip(label, _url(request, sort="" if sort == Sort.BEST else sort.value), sort == chosen)
        for sort, label in _SORTS
        if not (passengers and sort == Sort.PRICE)
    ]


def filter_groups(request: HttpRequest, form: SearchForm) -> list[Group]:
    """Filters that this reader can use; one that is on is taken away by its own link."""
    data = form.cleaned_data
    passengers = data["looking_for"] == LookingFor.PASSENGERS
    either = (Advert.Role.EITHER.value, _("Driver or passenger"))
    sought = (
        (Advert.Role.PASSENGER.value, _("Passengers only"))
        if passengers
        else (Advert.Role.DRIVER.value, _("Drivers only"))
    )
    groups = [
        Group(
            _("Kind of advert"),
            [
                _toggle(request, "role", value, data["role"], label)
                for value, label in (sought, either)
            ],
        )
    ]
    reader = request.user
    within = _communities(request, form, reader)
    if within:
        groups.append(Group(_("My community"), within))
    practical = [_switch(request, form, "wheelchair", _("Wheelchair accessible"))]
    if not passengers:
        practical.insert(0, _switch(request, form, "free", _("Free of charge")))
    titled = isinstance(reader, Account) and is_member(reader) and bool(reader.title)
    if titled and rides_settings().same_gender_allowed:
        practical.append(_switch(request, form, "same_gender", _("Same civil title as mine")))
    groups.append(Group(_("Practical"), practical))
    return groups


def _communities(request: HttpRequest, form: SearchForm, reader: Any) -> list[Chip]:
    """The one that the search keeps to, then some of the reader's own."""
    chosen = form.filters.community if form.cleaned_data["community"] else None
    shown = [chosen] if chosen is not None else []
    if isinstance(reader, Account) and is_member(reader):
        mine = communities_of(reader)[:COMMUNITIES]
        shown += [one for one in mine if chosen is None or one.pk != chosen.pk]
    return [
        _toggle(request, "community", one.slug, chosen.slug if chosen else "", one.name)
        for one in shown
    ]


def _toggle(request: HttpRequest, name: str, value: str, chosen: str, label: str) -> Chip:
    on = chosen == value
    return Chip(label, _url(request, **{name: "" if on else value}), on)


def _switch(request: HttpRequest, form: SearchForm, name: str, label: str) -> Chip:
    return _toggle(request, name, "on", "on" if form.cleaned_data[name] else "", label)


def _url(request: HttpRequest, **changes: str) -> str:
    """The address of the same search with changes; it begins at its first ride again."""
    parameters = request.GET.copy()
    parameters.pop("nombre", None)
    for name, value in changes.items():
        parameters.pop(name, None)
        if value:
            parameters[name] = value
    return f"?{parameters.urlencode()}"

"""Rows of stops in a form that works without JavaScript: one more, one less, one place earlier.

A form sends how many rows it has in ``stops``, and of each row ``stop_0``, ``stop_0_code``,
``stop_detail_0`` and ``stop_place_0``; these functions make the form that is shown next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.territories.forms import MunicipalityField
from regions.territories.models import Municipality
from rides.adverts.inputs import Place
from rides.adverts.site.wizard.base import Raw, number, text
from rides.matching.geometry import Point
from rides.places.models import CarpoolPlace
from rides.places.queries import place_open

DETAIL_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop of the page."""

    number: int
    place: BoundField
    detail: BoundField
    spot: BoundField
    """The carpool place, hidden: it follows its row."""
    first: bool
    last: bool


def add_fields(form: forms.Form, rows: int, label: str | Promise) -> None:
    """Give a form the fields of its stops; ``label`` is what one is called."""
    for row in range(rows):
        form.fields[f"stop_{row}"] = MunicipalityField(label=label, located=True, required=False)
        form.fields[f"stop_detail_{row}"] = forms.CharField(
            label=_("Where exactly"), required=False, max_length=DETAIL_LENGTH
        )
        form.fields[f"stop_place_{row}"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput
        )


def rows_of(form: forms.Form, rows: int) -> list[StopRow]:
    """The stops of a form, for its page."""
    return [
        StopRow(
            row + 1,
            form[f"stop_{row}"],
            form[f"stop_detail_{row}"],
            form[f"stop_place_{row}"],
            row == 0,
            row == rows - 1,
        )
        for row in range(rows)
    ]


def place_of(
    municipality: Municipality, detail: str, spot: int | None, own: Point | None = None
) -> Place:
    """What a row means; where another municipality was typed over a carpool place, it is none.

    ``own`` is the author's own point, where they gave one in this municipality.
    """
    found = place_open(spot) if spot else None
    here = found is not None and found.code == municipality.code
    return Place(municipality.code, detail, own, spot if here else None)


def with_row(raw: Raw, most: int) -> Raw:
    """The form with one more stop, still empty."""
    return {**raw, "stops": [str(min(number(raw, "stops", most=most) + 1, most))]}


def with_place(raw: Raw, place: CarpoolPlace, town: Municipality, most: int) -> Raw:
    """The form with a carpool place as its last stop."""
    stops = number(raw, "stops", most=most)
    if stops >= most:
        return raw
    return {
        **raw,
        "stops": [str(stops + 1)],
        f"stop_{stops}": [town.label],
        f"stop_{stops}_code": [town.code],
        f"stop_detail_{stops}": [place.name[:DETAIL_LENGTH]],
        f"stop_place_{stops}": [str(place.pk)],
    }


def without_row(raw: Raw, gone: int, most: int) -> Raw:
    """The form without its stop number ``gone`` (from 1)."""
    stops = number(raw, "stops", most=most)
    if not 1 <= gone <= stops:
        return raw
    return arranged(raw, [row for row in range(stops) if row != gone - 1])


def raised(raw: Raw, row: int, most: int) -> Raw:
    """The form with its stop number ``row`` (from 1) one place earlier."""
    stops = number(raw, "stops", most=most)
    if not 2 <= row <= stops:
        return raw
    order = list(range(stops))
    order[row - 2], order[row - 1] = order[row - 1], order[row - 2]
    return arranged(raw, order)


def arranged(raw: Raw, order: Sequence[int]) -> Raw:
    """The form with the stops of these rows, in this order."""
    kept = {name: value for name, value in raw.items() if not name.startswith("stop_")}
    for row, before in enumerate(order):
        for name, control in (
            (f"stop_{row}", f"stop_{before}"),
            (f"stop_{row}_code", f"stop_{before}_code"),
            (f"stop_detail_{row}", f"stop_detail_{before}"),
            (f"stop_place_{row}", f"stop_place_{before}"),
        ):
            if control in raw:
                kept[name] = [text(raw, control)]
    kept["stops"] = [str(len(order))]
    return kept

"""« Planification »: a week of slots (« Ajouter un créneau »), or one date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.shell.forms import ChoiceCards, DateInput, DayPickerField, TimeInput
from rides.adverts.inputs import OneOff, Planning, Slot, Weekly
from rides.adverts.models import Advert
from rides.adverts.route_rules import Message
from rides.adverts.site.wizard.base import Raw, StepForm, number
from rides.adverts.validation import check_planning

MAX_ROWS = 14


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One row of the page: days that share an outward and a return time."""

    number: int
    weekdays: BoundField
    time: BoundField
    back: BoundField
    alone: bool
    """Whether it is the only one, which cannot be taken away."""


class PlanningForm(StepForm):
    """Fields ``weekdays_0 time_0 return_0 …``, as many rows as the hidden ``slots`` says."""

    name = "planning"
    template = "adverts/wizard/planning.html"

    kind = forms.ChoiceField(
        label=_("Your ride is"),
        choices=[
            (Advert.Kind.REGULAR.value, _("Regular")),
            (Advert.Kind.ONE_OFF.value, _("One-off")),
        ],
        widget=ChoiceCards(
            cards={
                "regular": ("repeat", _("Every week, on the days you choose.")),
                "one_off": ("calendar", _("Once, on a given date.")),
            }
        ),
    )
    date = forms.DateField(label=_("Date of departure"), required=False, widget=DateInput)
    time = forms.TimeField(label=_("Departure at"), required=False, widget=TimeInput)
    return_date = forms.DateField(label=_("Date of return"), required=False, widget=DateInput)
    return_time = forms.TimeField(label=_("Return at"), required=False, widget=TimeInput)
    valid_from = forms.DateField(label=_("First day"), required=False, widget=DateInput)
    valid_until = forms.DateField(label=_("Last day"), required=False, widget=DateInput)
    no_school_holidays = forms.BooleanField(label=_("Not during school holidays"), required=False)
    no_public_holidays = forms.BooleanField(label=_("Not on public holidays"), required=False)

    def prepare(self) -> None:
        """Add the rows."""
        self.slots = max(1, number(self.raw, "slots", most=MAX_ROWS, default=1))
        regular = self.data.get("kind") != Advert.Kind.ONE_OFF
        for name in ("date", "time"):
            self.fields[name].required = not regular
        for row in range(self.slots):
            self.fields[f"weekdays_{row}"] = DayPickerField(label=_("Days"), required=False)
            self.fields[f"time_{row}"] = forms.TimeField(
                label=_("Outward departure"), required=regular, widget=TimeInput
            )
            self.fields[f"return_{row}"] = forms.TimeField(
                label=_("Return departure"), required=False, widget=TimeInput
            )

    def rows(self) -> Iterator[SlotRow]:
        """The rows, for the page."""
        for row in range(self.slots):
            yield SlotRow(
                row + 1,
                self[f"weekdays_{row}"],
                self[f"time_{row}"],
                self[f"return_{row}"],
                self.slots == 1,
            )

    @property
    def can_add(self) -> bool:
        """Whether one more row may be added."""
        return self.slots < MAX_ROWS

    @staticmethod
    def with_row(raw: Raw) -> Raw:
        """The step with one more slot, on no day yet."""
        slots = max(1, number(raw, "slots", most=MAX_ROWS, default=1))
        return {**raw, "slots": [str(min(slots + 1, MAX_ROWS))]}

    @staticmethod
    def without_row(raw: Raw, gone: int) -> Raw:
        """The step without its slot number ``gone`` (from 1); the last one stays."""
        slots = max(1, number(raw, "slots", most=MAX_ROWS, default=1))
        if slots == 1 or not 1 <= gone <= slots:
            return raw
        left = dict(raw)
        for row in range(gone - 1, slots):
            for name in ("weekdays", "time", "return"):
                left.pop(f"{name}_{row}", None)
                if row + 1 < slots and f"{name}_{row + 1}" in raw:
                    left[f"{name}_{row}"] = raw[f"{name}_{row + 1}"]
        left["slots"] = [str(slots - 1)]
        return left

    def clean(self) -> dict[str, Any]:
        """Have the service check the planning, and put its words in the rows."""
        data = self.cleaned_data
        if self.errors:
            return data
        planning, row_of = self._planning()
        if isinstance(planning, Weekly):
            for row in range(self.slots):
                if not data[f"weekdays_{row}"]:
                    self.add_error(f"weekdays_{row}", gettext("Choose at least one day."))
            if self.errors:
                return data
        found: dict[str, Message] = {}
        context = self.context
        check_planning(planning, context.zone, context.now, context.advert, found)
        names = {"weekdays": "weekdays_0"}
        for index, row in enumerate(row_of):
            names[f"slots.{index}.time"] = f"time_{row}"
            names[f"slots.{index}.return_time"] = f"return_{row}"
        self.add_messages(found, names)
        data["planning"] = planning
        return data

    def _planning(self) -> tuple[Planning, list[int]]:
        """What is meant, and of each slot the row that said it."""
        data = self.cleaned_data
        if data["kind"] == Advert.Kind.ONE_OFF:
            back = data["return_date"] or (data["date"] if data["return_time"] else None)
            return OneOff(data["date"], data["time"], back, data["return_time"]), []
        said = [
            (row, Slot(iso - 1, data[f"time_{row}"], data[f"return_{row}"]))
            for row in range(self.slots)
            for iso in data[f"weekdays_{row}"]
        ]
        slots = [slot for _row, slot in said]
        weekly = Weekly(slots, data["valid_from"], data["valid_until"])
        return weekly, [row for row, _slot in said]

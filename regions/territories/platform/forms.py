"""What an operator asks: a correspondence of codes, typed or as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.shell.forms import DateInput
from regions.territories.changes import TerritoryError, changes_read, lines_of
from regions.territories.models import TerritoryChange

LARGEST: Final = 200_000
"""Bytes of a file: two thousand lines are 30 kB."""


class MoveForm(forms.Form):
    """Which codes become which, from when."""

    kind = forms.ChoiceField(
        label=_("What merges or splits"),
        choices=[
            (TerritoryChange.Kind.MUNICIPALITY, _("Municipalities (INSEE codes)")),
            (TerritoryChange.Kind.INTERCOMMUNALITY, _("Intercommunalities (SIREN numbers)")),
        ],
    )
    since = forms.DateField(label=_("In force from"), widget=DateInput())
    lines = forms.CharField(
        label=_("Correspondence, one line for each old code"),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "“35001;35002”: the old code, then the new one. Merger: several old codes for a new "
            "one. Split: several lines for the same old code, itself among them if it remains."
        ),
    )
    file = forms.FileField(
        label=_("Or a CSV file of the same two columns"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    note = forms.CharField(
        label=_("Decree or remark, for those who read the journal"), required=False, max_length=200
    )

    numbers: Sequence[int] = ()
    """Of the lines in what was typed, of each change."""

    def clean(self) -> dict[str, Any]:
        """Read the lines; what is wrong is said of each."""
        data = super().clean() or {}
        text = data.get("lines", "")
        if file := data.get("file"):
            if file.size > LARGEST:
                self.add_error("file", _("This file is too large: 200 kB at most."))
                return data
            raw = file.read()
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = raw.decode("latin-1")
        self.numbers = [number for number, _line in lines_of(text)]
        try:
            data["changes"] = changes_read(text)
        except TerritoryError as refused:
            self.refuse(refused)
        else:
            if not data["changes"]:
                self.add_error("lines", _("Type the codes, or choose a file."))
        return data

    def refuse(self, error: TerritoryError, numbers: Sequence[int] = ()) -> None:
        """Show what is wrong, line by line; ``numbers``: of what was typed, of each change."""
        for one in error.problems[:50]:
            line = _("Line %(number)d: %(problem)s") % {
                "number": numbers[one.line - 1] if numbers and one.line else one.line,
                "problem": one.message,
            }
            self.add_error("lines", line if one.line else str(one.message))

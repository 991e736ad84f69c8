"""Sending a file, and saying how it is to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Community
from communities.imports import columns
from communities.imports.mapping import FileColumn
from core.sheets.errors import SheetUnreadableError
from core.sheets.reading import ENCODINGS, SEPARATORS, check_size
from tenants.errors import PasserelleError

ACCEPTED = ".csv,.txt,.tsv,.xlsx,text/csv,text/plain"


class FileForm(forms.Form):
    """« Import »: a file. The service has the last word."""

    file = forms.FileField(
        label=_("File of the import"),
        allow_empty_file=True,  # the reader says so in its own words
        help_text=_("CSV or XLSX, at most 5 MB and 50,000 rows."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too heavy before reading it."""
        sent = self.cleaned_data["file"]
        try:
            check_size(sent.size or 0)
        except SheetUnreadableError as error:
            raise forms.ValidationError(str(error.message)) from error
        return sent

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside the file."""
        self.add_error("file", str(error.message))


class MembersFileForm(FileForm):
    """« Import d'usagers »: a file, and whose members it names."""

    community = forms.ModelChoiceField(
        label=_("Community of these members"),
        queryset=Community.objects.none(),
        to_field_name="slug",
        empty_label=None,
    )
    field_order = ("community", "file")

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["community"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = communities


class ReadingForm(forms.Form):
    """« Relire »: encoding and separator."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=[*ENCODINGS.items()])
    separator = forms.ChoiceField(label=_("Separator of columns"), choices=[*SEPARATORS.items()])


class ColumnsForm(forms.Form):
    """What each column of the file is; ours to guess, the person's to say."""

    headings = forms.BooleanField(
        label=_("The first row holds the names of the columns"), required=False
    )

    def __init__(
        self, *args: Any, kind: str, found: Sequence[FileColumn], named: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["headings"].initial = named
        choices = [
            ("", _("Do not read")),
            *((one, columns.LABELS[one]) for one in columns.known_fields(kind)),
        ]
        for place, column in enumerate(found):
            name = column.heading or _("column %(number)d") % {"number": place + 1}
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=_("What “%(name)s” is") % {"name": name},
                choices=choices,
                required=False,
                initial=column.field,
            )

    def lines(self) -> list[tuple[FileColumn, forms.BoundField]]:
        """Return each column with its choice."""
        return [(one, self[f"column-{place}"]) for place, one in enumerate(self.found)]

    def said(self) -> list[str]:
        """Return the field of each column, once the form is valid."""
        return [self.cleaned_data[f"column-{place}"] for place in range(len(self.found))]

    def take(self, error: PasserelleError) -> None:
        """Show what the service refused beside each column."""
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, str(words))

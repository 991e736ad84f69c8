"""« Lieux de covoiturage » of the console: the list, and the import of a file."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from rides.places import access, queries
from rides.places.errors import PlacesError
from rides.places.reading import MAX_BYTES
from rides.places.services import ImportReport, places_import

ROWS_PER_PAGE = 50
REPORTED = 200
"""Rows of each kind that the page of the report shows."""


class ImportForm(forms.Form):
    """A file of the national schema."""

    file = forms.FileField(
        label=_("CSV file of the national schema"),
        help_text=_("Separator and encoding are found by themselves; at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    dry_run = forms.BooleanField(
        label=_("Only show what would happen"), required=False, initial=True
    )

    def clean_file(self) -> bytes:
        """The file's bytes, never more than the limit."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_BYTES:
            raise forms.ValidationError(_("This file is larger than 5 MB."))
        content: bytes = file.read()
        return content


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """The region's places, by name."""
    access.require_manager(request.user)
    text = request.GET.get("q", "").strip()[:100]
    rows = queries.places_matching(text).order_by("name", "pk")
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "places/console_list.html", {"page": page, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
def place_import(request: HttpRequest) -> HttpResponse:
    """Read a file, say what it does row by row, and do it unless it is only looked at."""
    access.require_manager(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    report: ImportReport | None = None
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            try:
                report = places_import(content=data["file"], dry_run=data["dry_run"])
            except PlacesError as error:
                form.add_error("file", str(error.message))
    context = {
        "form": form,
        "report": report,
        "refused": report.refused[:REPORTED] if report else [],
        "kept": [*report.added, *report.changed][:REPORTED] if report else [],
        "changed": {row.line for row in report.changed} if report else set(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "places/console_import.html", context, status=status)

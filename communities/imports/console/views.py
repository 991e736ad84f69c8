"""« Import d'usagers » and « Import » in the console: send, check, import, report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.imports import access, columns, services
from communities.imports.console.forms import (
    ColumnsForm,
    FileForm,
    MembersFileForm,
    ReadingForm,
)
from communities.imports.console.tables import (
    imports_table,
    report_of,
    rows_table,
    shares,
    state_badge,
)
from communities.imports.errors import ColumnsInvalidError, FileGoneError
from communities.imports.mapping import columns_shown
from communities.imports.models import Import, ImportRow
from core.accounts.access import signed_in
from core.accounts.limits import allowed
from core.accounts.site.errors import too_many_requests
from core.audit.services import record
from core.sheets.reading import ENCODINGS, SEPARATORS, XLSX
from core.shell.answers import attempt
from core.shell.exports import asked_format, file_of
from tenants.errors import PasserelleError

State = Import.State
SAMPLES = {
    Import.Kind.MEMBERS: """\
Email;Prénom;Nom;Statut
zoe.lefevre@example.org;Zoé;Lefèvre;Membre
yann.legoff@example.org;Yann;Le Goff;Modérateur
""",
    Import.Kind.COMMUNITIES: """\
Nom;Type;Présentation courte;Adresse;Code postal;Commune;Type de validation;Domaines;Référent
Mairie de Vitré;Organisation;Pour venir à la mairie ensemble.;5 place du Château;35500;Vitré;\
Par domaine;vitre.example;zoe.lefevre@example.org
""",
}
"""Files to begin with."""


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """The files that were sent."""
    access.require_imports(request.user)
    rows = access.imports_of(request.user).select_related("community", "by")
    return render(
        request,
        "imports/list.html",
        {
            "table": imports_table().view(request, rows),
            "may_members": access.can_import_members(request.user),
            "may_communities": access.can_import_communities(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """« Import d'usagers »: people of one community."""
    access.require_imports(request.user)
    communities = access.communities_to_import_into(request.user)
    form = MembersFileForm(
        *_sent(request),
        communities=communities,
        initial={"community": request.GET.get("communaute", "")},
    )
    return _send(request, form, Import.Kind.MEMBERS)


@require_http_methods(["GET", "HEAD", "POST"])
def communities(request: HttpRequest) -> HttpResponse:
    """« Import »: communities."""
    access.require_communities(request.user)
    return _send(request, FileForm(*_sent(request)), Import.Kind.COMMUNITIES)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _send(request: HttpRequest, form: FileForm, kind: Import.Kind) -> HttpResponse:
    if form.is_bound and not allowed(request, "import_file"):
        return too_many_requests(request)
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            made = services.import_begin(
                kind=kind,
                community=form.cleaned_data.get("community"),
                by=signed_in(request),
                file_name=sent.name,
                content=sent.read(),
            )
        except PasserelleError as error:
            form.take(error)
        else:
            return redirect("imports-console:show", made.public_id)
    return render(
        request,
        "imports/send.html",
        {
            "form": form,
            "kind": kind,
            "is_members": kind == Import.Kind.MEMBERS,
            "steps": _steps(),
            "known": [columns.LABELS[name] for name in columns.known_fields(kind)],
        },
        status=422 if form.is_bound else 200,
    )


def _steps() -> list[str]:
    return [_("Choose a file"), _("Check the rows"), _("Import in progress"), _("Import report")]


_STEP = {
    State.READING: 2,
    State.COLUMNS: 2,
    State.READY: 2,
    State.QUEUED: 3,
    State.RUNNING: 3,
    State.STOPPED: 3,
}


@require_safe
def show(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """One import, wherever it stands; its rows as a file are the report."""
    of = access.get_import_for(request.user, public_id)
    if of.state == State.COLUMNS:
        return redirect("imports-console:columns", of.public_id)
    table, rows = rows_table(of), ImportRow.objects.filter(of=of)
    if asked_format(request):
        record(
            actor=signed_in(request),
            action="import.exported",
            kind="community" if of.community else "import",
            object_id=of.community_id or of.pk,
            label=of.community.name if of.community else of.file_name,
            changes={"file_name": ("", of.file_name)},
        )
        name = f"import-{of.file_name.rpartition('.')[0]}"
        return file_of(table, request, rows, prepare=_nothing, name=name)
    reading = ReadingForm(initial={"encoding": of.encoding, "separator": of.separator})
    refused = of.verdicts.get("refused", 0)
    return render(
        request,
        "imports/show.html",
        {
            "of": of,
            "is_members": of.kind == Import.Kind.MEMBERS,
            "state": state_badge(of),
            "steps": _steps(),
            "step": _STEP.get(State(of.state), 4),
            "table": table.view(request, rows) if of.state != State.READING else None,
            "shares": shares(of),
            "report_url": report_of(of),
            "verdict": request.GET.get("verdict", ""),
            "columns": [(name, columns.LABELS.get(field, "")) for name, field in of.columns],
            "reading": reading if of.encoding != XLSX else None,
            "encoding": ENCODINGS.get(of.encoding, "XLSX"),
            "separator": SEPARATORS.get(of.separator, ""),
            "results": [(one.label, of.outcomes.get(one.value, 0)) for one in ImportRow.Outcome],
            "refused": refused,
            "valid": of.total - refused,
            "may_import": of.total > refused,
            "kept": bool(of.file),
        },
    )


def _nothing(_rows: list[Any]) -> None:
    """Rows say all by themselves."""


@require_safe
def state(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """How far an import is, for the page that watches it."""
    of = access.get_import_for(request.user, public_id)
    return JsonResponse(
        {"state": of.state, "busy": of.is_busy, "done": of.done, "total": of.total},
        headers={"Cache-Control": "no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def name_columns(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What each column of the file is, said by hand."""
    of = access.get_import_for(request.user, public_id)
    if of.state not in {State.COLUMNS, State.READY} or not of.file:
        return redirect("imports-console:show", of.public_id)
    try:
        content = services.content_of(of)
    except FileGoneError as gone:
        messages.error(request, str(gone.message))
        return redirect("imports-console:list")
    posted = request.method == "POST"
    form = ColumnsForm(
        request.POST if posted else None,
        kind=of.kind,
        found=columns_shown(of, content),
        named=any(heading for heading, _field in of.columns),
    )
    if posted and form.is_valid():
        try:
            services.import_columns_set(
                of=of,
                fields=form.said(),
                named=form.cleaned_data["headings"],
                by=signed_in(request),
            )
        except ColumnsInvalidError as error:
            form.take(error)
        else:
            return redirect("imports-console:show", of.public_id)
    return render(
        request,
        "imports/columns.html",
        {
            "of": of,
            "form": form,
            "steps": _steps(),
            "asked": of.state == State.COLUMNS,
            "is_members": of.kind == Import.Kind.MEMBERS,
            "reading": ReadingForm(initial={"encoding": of.encoding, "separator": of.separator})
            if of.encoding != XLSX
            else None,
        },
        status=422 if posted else 200,
    )


@require_POST
def read_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Relire » with another encoding or separator."""
    of = access.get_import_for(request.user, public_id)
    form = ReadingForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        attempt(request, lambda: services.import_read_again(of=of, **told))
    return redirect("imports-console:show", of.public_id)


@require_POST
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Importer toutes les lignes valables », or « Tout ou rien »."""
    of = access.get_import_for(request.user, public_id)
    mode = request.POST.get("mode", "")
    if mode in Import.Mode.values:
        by = signed_in(request)
        attempt(request, lambda: services.import_start(of=of, mode=mode, by=by))
    return redirect("imports-console:show", of.public_id)


@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Reprendre » after an interruption."""
    of = access.get_import_for(request.user, public_id)
    by = signed_in(request)
    attempt(request, lambda: services.import_resume(of=of, by=by))
    return redirect("imports-console:show", of.public_id)


@require_POST
def drop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Abandonner »: nothing was imported, nothing is kept."""
    of = access.get_import_for(request.user, public_id)
    by, said = signed_in(request), _("The file is deleted; nothing was imported.")
    if attempt(request, lambda: services.import_drop(of=of, by=by), said):
        return redirect("imports-console:list")
    return redirect("imports-console:show", of.public_id)


@require_safe
def sample(request: HttpRequest, kind: str) -> HttpResponse:
    """A file to begin with, as a French spreadsheet opens it."""
    access.require_imports(request.user)
    if kind not in SAMPLES:
        raise Http404("No such file.")
    text = SAMPLES[Import.Kind(kind)].replace("\n", "\r\n")
    name = "modele-usagers.csv" if kind == Import.Kind.MEMBERS else "modele-communautes.csv"
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

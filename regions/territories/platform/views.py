"""For operators: municipalities and EPCI that merge or split, from a correspondence to a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Account
from core.shell.cards import Badge
from regions.onboarding.access import require_operator
from regions.territories import operations
from regions.territories.changes import TerritoryError
from regions.territories.models import Intercommunality, TerritoryChange, TerritoryMove
from regions.territories.moves import MOVERS
from regions.territories.platform.forms import MoveForm
from regions.territories.queries import municipalities_get
from tenants.models import Tenant

State = TerritoryMove.State
TONES = {State.MOVED: "success", State.FAILED: "danger", State.PREPARED: "warning"}
SHOWN = 50
"""Moves in the journal, and pairs of codes on a move's page."""


@require_http_methods(["GET", "HEAD", "POST"])
def journal(request: HttpRequest) -> HttpResponse:
    """What was moved, and the form; a correspondence that cannot be is refused whole."""
    require_operator(request.user)
    form = MoveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = operations.move_plan(
                kind=said["kind"],
                changes=said["changes"],
                since=said["since"],
                note=said["note"],
                operator=request.user.pk,
            )
        except TerritoryError as refused:
            form.refuse(refused, form.numbers)
        else:
            return redirect("territory-moves:show", made.public_id)
    moves = list(TerritoryMove.objects.all()[:SHOWN])
    return render(
        request,
        "territories/platform/journal.html",
        {"form": form, "moves": [_line(one) for one in moves]},
        status=422 if form.errors else 200,
    )


@require_safe
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of them: what would move, how far it is, what moved."""
    require_operator(request.user)
    move = _get(public_id)
    moved = move.state in {State.MOVED, State.MOVING} or bool(move.report)
    by = Account.objects.filter(pk=move.operator).first() if move.operator else None
    return render(
        request,
        "territories/platform/move.html",
        {
            **_line(move),
            "by": by.display_name if by else "",
            "pairs": _named(move),
            "more": max(0, len(move.changes) - SHOWN),
            "table": _table(move.report if moved else move.preview),
            "moved": moved,
            "can_resume": operations.can_resume(move),
        },
    )


@require_safe
def state(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """How far it is, for the page."""
    require_operator(request.user)
    move = _get(public_id)
    return JsonResponse(
        {"state": move.state, "busy": move.is_busy, "done": move.done, "total": move.regions},
        headers={"Cache-Control": "no-store"},
    )


@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Do it."""
    return _act(request, public_id, operations.move_confirm, _("The move has begun."))


@require_POST
def give_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Do not."""
    return _act(request, public_id, operations.move_give_up, _("Given up: nothing has moved."))


@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go on after an interruption."""
    return _act(request, public_id, operations.move_resume, _("The move goes on."))


def _act(
    request: HttpRequest, public_id: UUID, service: Callable[..., None], words: str
) -> HttpResponse:
    require_operator(request.user)
    move = _get(public_id)
    try:
        service(move=move)
    except TerritoryError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, words)
    return redirect("territory-moves:show", public_id)


def _get(public_id: UUID) -> TerritoryMove:
    found = TerritoryMove.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404("No such move.")
    return found


def _line(move: TerritoryMove) -> dict[str, Any]:
    rows = sum(row[2] for row in move.report if row[1] != "statistics")  # they are counted anew
    tone: Any = TONES.get(State(move.state), "neutral")
    return {
        "move": move,
        "rows": rows,
        "kind": _("Municipalities")
        if move.kind == TerritoryChange.Kind.MUNICIPALITY
        else _("Intercommunalities"),
        "badge": Badge(move.get_state_display(), tone=tone),
    }


def _named(move: TerritoryMove) -> list[tuple[str, str, str, str]]:
    """Old code with its name, new code with its own; a code that the register lost has none."""
    pairs = move.pairs[:SHOWN]
    codes = sorted({code for pair in pairs for code in pair})
    names = (
        {code: one.name for code, one in municipalities_get(codes).items()}
        if move.kind == TerritoryChange.Kind.MUNICIPALITY
        else dict(Intercommunality.objects.filter(code__in=codes).values_list("code", "name"))
    )
    return [(old, names.get(old, ""), new, names.get(new, "")) for old, new in pairs]


def _table(report: list[list[Any]]) -> list[tuple[str, list[tuple[str, int]]]]:
    """By region, what and how many; what is done twice is added up."""
    labels = {mover.name: str(mover.label or mover.name) for mover in MOVERS}
    names = dict(Tenant.objects.values_list("slug", "name"))
    found: dict[str, dict[str, int]] = {}
    for region, what, rows in report:
        kinds = found.setdefault(names.get(region, region), {})
        kinds[labels.get(what, what)] = kinds.get(labels.get(what, what), 0) + rows
    return [(region, list(kinds.items())) for region, kinds in found.items()]

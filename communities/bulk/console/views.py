"""Acts on whole lists in the console: asked, watched, undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.bulk import access, services
from communities.bulk.models import BulkAct
from communities.bulk.words import NAMES, question
from communities.communities.console.forms import ReasonForm
from communities.communities.console.pages import context_of
from communities.communities.models import Community, Membership
from communities.communities.moves import ACTS
from communities.communities.undoing import OFFERED_FOR
from core.accounts.access import signed_in
from core.shell.answers import attempt
from tenants.errors import PasserelleError

State = BulkAct.State


def begin(request: HttpRequest, community: Community, rows: QuerySet[Membership]) -> HttpResponse:
    """The bar on everybody in the list: how many they are, and why, before anything happens."""
    act, back = request.POST.get("bulk", ""), _list_of(community)
    keys = list(rows.order_by().values_list("pk", flat=True))
    if act not in ACTS or not keys:
        messages.warning(request, _("Choose at least one person first."))
        return redirect(back)
    if "confirmed" not in request.POST:
        return render(
            request,
            "bulk/confirm.html",
            {
                **context_of(request, community, "members"),
                "act": act,
                "question": question(act, len(keys)),
                "button": NAMES[act],
                "form": ReasonForm() if act == "refused" else None,
                "next": request.POST.get("next", ""),
            },
        )
    try:
        made = services.act_begin(
            community=community,
            act=act,
            keys=keys,
            by=signed_in(request),
            reason=request.POST.get("reason", ""),
        )
    except PasserelleError as error:
        messages.error(request, str(error.message))
        return redirect(back)
    return redirect("bulk-console:show", community.slug, made.public_id)


def _list_of(community: Community) -> str:
    return reverse("communities-console:members", args=[community.slug])


@require_safe
def show(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """How far an act is, or how it ended; for ten seconds after its end, the way back."""
    act = access.get_act_for(request.user, slug, public_id)
    _offer_undo(request, act)
    told: dict[str, Any] = act.outcomes
    return render(
        request,
        "bulk/show.html",
        {
            **context_of(request, act.community, "members"),
            "of": act,
            "name": NAMES[act.act],
            "changed": told.get("done", 0),
            "undone": told.get("undone", 0),
            "same": told.get("nothing", 0),
            "gone": told.get("gone", 0),
            "last": told.get("last_moderator", 0),
            "list_url": _list_of(act.community),
        },
    )


def _offer_undo(request: HttpRequest, act: BulkAct) -> None:
    if act.state != State.DONE or act.ended_at is None or not act.outcomes.get("done"):
        return
    if timezone.now() - act.ended_at > OFFERED_FOR or not access.can_undo(request.user, act):
        return
    count = act.outcomes["done"]
    words = ngettext("%(count)d person is changed.", "%(count)d people are changed.", count)
    messages.success(
        request,
        format_html(
            '{} <button class="toast__action" type="submit" form="undo-act">{}</button>',
            words % {"count": count},
            _("Undo"),
        ),
        extra_tags="undo",
    )


@require_safe
def state(request: HttpRequest, slug: str, public_id: UUID) -> JsonResponse:
    """How far an act is, for the page that watches it."""
    act = access.get_act_for(request.user, slug, public_id)
    return JsonResponse(
        {"state": act.state, "busy": act.is_busy, "done": act.done, "total": act.total},
        headers={"Cache-Control": "no-store"},
    )


@require_POST
def undo(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """« Annuler », in the toast."""
    act = access.get_act_for(request.user, slug, public_id)
    by = signed_in(request)
    attempt(request, lambda: services.act_undo(act=act, by=by))
    return redirect("bulk-console:show", slug, act.public_id)

"""« Personnes bloquées »: all of them in one place, and the way back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.access import signed_in
from rides.adverts.access import require_module
from rides.conversations.models import Block
from rides.conversations.services import account_unblock


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blocked(request: HttpRequest) -> HttpResponse:
    """Whom one blocked, since when; a button takes each back."""
    require_module()
    account = signed_in(request)
    rows = Block.objects.filter(blocker=account).select_related("blocked").order_by("-pk")
    if request.method == "POST":
        row = rows.filter(blocked__public_id=_person(request)).first()
        if row is not None:
            account_unblock(blocker=account, blocked=row.blocked)
            messages.success(request, _("This person is no longer blocked."))
        return redirect("notifications:blocked")
    return render(request, "conversations/blocked.html", {"rows": rows})


def _person(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise Http404("Nobody is named so.") from error

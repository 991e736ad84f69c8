"""For operators: how far behind the exchanges are, and what was set aside."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regions.onboarding.access import require_operator
from regions.projection.models import Parked
from regions.projection.queries import backlogs, lag, parked_waiting
from regions.projection.queues import QUEUES
from regions.projection.services import ProjectionError, parked_discard, parked_retry


@require_safe
def backlog(request: HttpRequest) -> HttpResponse:
    """Every region's backlog, and the parked events and letters."""
    require_operator(request.user)
    labels = {queue.name: queue.label for queue in QUEUES}
    context = {
        "lag": lag(),
        "backlogs": backlogs(),
        "parked": [(line, labels[line.queue]) for line in parked_waiting()],
    }
    return render(request, "projection/platform/backlog.html", context)


@require_POST
def retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Try a parked event again."""
    return _settle(request, public_id, parked_retry, _("It will be tried again."))


@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a parked event up."""
    return _settle(request, public_id, parked_discard, _("It is given up."))


def _settle(
    request: HttpRequest, public_id: UUID, service: Callable[..., None], words: str
) -> HttpResponse:
    require_operator(request.user)
    parked = Parked.objects.filter(public_id=public_id).first()
    if parked is None:
        raise Http404("No such event.")
    try:
        service(parked=parked)
    except ProjectionError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, words)
    return redirect("projection:backlog")

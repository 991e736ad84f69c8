"""« Signalements »: what members report, for the region's administrators."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.access import is_administrator, signed_in
from rides.adverts.access import require_module
from rides.conversations import access
from rides.conversations.models import Report
from rides.conversations.services import report_handle

ROWS = 20


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports, those to handle first."""
    require_module()
    if not is_administrator(request.user):
        raise Http404("No console.")
    rows = Report.objects.select_related("reporter", "reported", "handled_by")
    ordered = rows.order_by("-handled_at", "-created_at", "-pk")  # unhandled: nulls first
    page = Paginator(ordered, ROWS).get_page(request.GET.get("page"))
    return render(request, "conversations/console_reports.html", {"page": page})


@require_POST
def handle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note that a report has been dealt with."""
    report = access.get_report_for(request.user, public_id)
    report_handle(report=report, account=signed_in(request))
    messages.success(request, _("This report is handled."))
    return redirect("conversations-console:reports")

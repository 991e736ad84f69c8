"""« Mes messages »: the list, a conversation, writing, reporting, blocking."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.adverts.access import require_module
from rides.conversations import access, hooks
from rides.conversations.lines import lines_of
from rides.conversations.models import Block, Thread
from rides.conversations.queries import thread_about
from rides.conversations.services import (
    account_block,
    account_unblock,
    message_send,
    report_create,
    thread_read,
    thread_start,
)
from rides.conversations.site.forms import MessageForm, ReportForm
from tenants.errors import PasserelleError

ROWS: Final = 20


@never_cache
@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    """« Mes messages », the latest first."""
    require_module()
    account = signed_in(request)
    page = Paginator(access.threads_of(account), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, one.partner(account), one.unread(account)) for one in page.object_list],
    }
    return render(request, "conversations/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write to an advert's author for the first time."""
    account = signed_in(request)
    advert = access.get_advert_to_write(account, public_id)
    known = thread_about(advert, account.pk)
    if known is not None and request.method != "POST":
        return redirect("conversations:thread", known.public_id)
    form = MessageForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                started = thread_start(
                    account=account, advert=advert, body=data["body"], key=data["key"]
                )
            except PasserelleError as error:
                form.add_error(None, str(error.message))
                status = error.status if error.status == 429 else 422
            else:
                messages.success(request, _("Your message is sent."))
                return redirect("conversations:thread", started.public_id)
    context = {"form": form, "advert": advert, "name": advert.author.display_name}
    return render(request, "conversations/write.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One conversation: its lines, and the place to answer."""
    account = signed_in(request)
    found = access.get_thread_for(account, public_id)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            message_send(thread=found, sender=account, body=data["body"], key=data["key"])
        except PasserelleError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect(f"{request.path}#fin")
    thread_read(thread=found, account=account)
    return render(
        request,
        "conversations/thread.html",
        _context(found, account) | {"form": form},
        status=422 if form.is_bound else 200,
    )


def _context(found: Thread, account: Account) -> dict[str, Any]:
    partner = found.partner(account)
    shown = lines_of(found, account)
    return {
        "thread": found,
        "partner": partner,
        "advert": found.advert,
        "lines": shown,
        "hidden": any(line.hidden for line in shown),
        "closed": hooks.closed(found),
        "blocked": Block.objects.filter(blocker=account, blocked=partner).exists(),
    }


@never_cache
@require_safe
def lines(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The lines alone, for the page that is open; reading them is having read them."""
    account = signed_in(request)
    found = access.get_thread_for(account, public_id)
    thread_read(thread=found, account=account)
    return render(request, "conversations/_lines.html", {"lines": lines_of(found, account)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tell the region's administrators."""
    account = signed_in(request)
    found = access.get_thread_for(account, public_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        report_create(thread=found, reporter=account, reason=data["reason"], text=data["text"])
        if data["block"]:
            account_block(blocker=account, blocked=found.partner(account))
        messages.success(request, _("Thank you. The people in charge of the region will look."))
        return redirect("conversations:thread", found.public_id)
    context = {"form": form, "thread": found, "name": found.partner(account).display_name}
    status = 422 if form.is_bound else 200
    return render(request, "conversations/report.html", context, status=status)


@require_POST
def block(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hide the two from each other."""
    account = signed_in(request)
    found = access.get_thread_for(account, public_id)
    account_block(blocker=account, blocked=found.partner(account))
    messages.success(request, _("You no longer find each other, nor write to each other."))
    return redirect("conversations:thread", found.public_id)


@require_POST
def unblock(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a block back."""
    account = signed_in(request)
    found = access.get_thread_for(account, public_id)
    account_unblock(blocker=account, blocked=found.partner(account))
    messages.success(request, _("This person is no longer blocked."))
    return redirect("conversations:thread", found.public_id)

"""Two pages: the mails, and one mail."""

from __future__ import annotations

from itertools import islice

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from deploy.mailbox import queries

LONGEST_LIST = 100


@never_cache
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """List the mails, the newest first; ``?to=`` keeps those of one recipient."""
    to = request.GET.get("to", "").strip()
    found = list(islice(queries.mails(to), LONGEST_LIST))
    # Rendered without the request: this host has no region, no session and no menu.
    return HttpResponse(render_to_string("mailbox/index.html", {"mails": found, "to": to}))


@never_cache
@login_not_required
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the text of one mail."""
    mail = queries.mail_get(reference)
    if mail is None:
        return missing(request)
    return HttpResponse(render_to_string("mailbox/detail.html", {"mail": mail}))


@never_cache
@login_not_required
def missing(request: HttpRequest) -> HttpResponse:
    """Say that there is nothing at this address."""
    return HttpResponse(render_to_string("mailbox/missing.html"), status=404)

"""« Communautés » of the console: the list (PP-08)."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.communities import access, blocks, panels, queries
from communities.communities.console.tables import COMMUNITIES, prepare_communities
from core.shell.exports import asked_format, file_of


@require_safe
def community_list(request: HttpRequest) -> HttpResponseBase:
    """The list, with counts and the people who run each; 404 for those who run none."""
    account = request.user
    if not access.has_console(account):
        raise Http404("No console.")
    rows = queries.with_members_count(access.communities_in_console_of(account))
    changeable: set[int] | None = None
    if not access.manages_communities(account) or access.reads_more_than_it_manages(account):
        changeable = set(access.communities_administered_by(account).values_list("pk", flat=True))
    prepare = partial(prepare_communities, changeable=changeable)
    if asked_format(request):
        return file_of(COMMUNITIES, request, rows, prepare=prepare, name="communautes")
    return render(
        request,
        "communities/console_list.html",
        {
            "table": COMMUNITIES.view(request, rows, prepare=prepare),
            "sees_all": access.reads_communities(account),
            "can_create": access.can_create(account),
            "actions": blocks.console_actions(request, None),
            "panels": panels.panels(request, "console-list"),
        },
    )

"""« Communautés » of the console: read only for now; all for administrators, else one's own."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.communities import access, queries
from core.accounts.access import is_administrator

ROWS_PER_PAGE = 20


@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """The list, with counts and the people who run each; 404 for those who run none."""
    if not access.has_console(request.user):
        raise Http404("No console.")
    text = request.GET.get("q", "").strip()[:100]
    page = Paginator(
        queries.communities_administered(request.user, text=text), ROWS_PER_PAGE
    ).get_page(request.GET.get("page"))
    runners = queries.moderators_of(page.object_list)
    return render(
        request,
        "communities/console_list.html",
        {
            "page": page,
            "text": text,
            "rows": [(row, runners.get(row.pk, [])) for row in page.object_list],
            "sees_all": is_administrator(request.user),
        },
    )

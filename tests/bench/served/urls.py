"""The page against which pages are measured: the region's stack around ``SELECT 1``."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.urls.site import handler400, handler403, handler404, handler500
from core.urls.site import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """Ask the database one thing, answer with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        (one,) = cursor.fetchone() or (0,)
    return HttpResponse(f"{one}\n", content_type="text/plain")


urlpatterns = [path("bare/", bare), *site]

"""« Trop de tentatives » (429), in the region's look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

RETRY_AFTER = 600  # seconds: the longest wait that a person meets in practice


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer a person who asked too often, with what to do; ``handler429`` of ``core.urls``."""
    response = render(
        request,
        "shell/error.html",
        {
            "status": 429,
            "error_title": _("Too many attempts"),
            "error_text": _(
                "To protect everyone's account, we limit how often this can be done. "
                "Wait ten minutes and try again; nothing you saved is lost."
            ),
        },
        status=429,
    )
    response["Retry-After"] = str(RETRY_AFTER)
    return response

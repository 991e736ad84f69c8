"""The region's style sheet, as every page links it."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from branding.themes.queries import theme_current, theme_stylesheet

ONE_YEAR: Final = 365 * 24 * 3600
FIVE_MINUTES: Final = 300


@login_not_required
@require_safe
def stylesheet(request: HttpRequest) -> HttpResponseBase:
    """Custom properties of the published theme; empty while there is none.

    Under its version (``?v=``) it never changes, so browsers keep it for a year; without one, or
    under a past one, for five minutes.
    """
    theme = theme_current()
    version = theme.version if theme else "none"
    etag = f'"{version}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(
            theme_stylesheet(theme) if theme else "", content_type="text/css; charset=utf-8"
        )
    response["ETag"] = etag
    if request.GET.get("v") == version:
        response["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    else:
        response["Cache-Control"] = f"public, max-age={FIVE_MINUTES}"
    return response

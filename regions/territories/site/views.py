"""Contours for the maps: as good as static files, out of one bundled archive."""

from __future__ import annotations

import gzip

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import condition, require_safe

from regions.territories import dataset

YEAR_SECONDS = 31_536_000
DAY_SECONDS = 86_400


def _etag(request: HttpRequest, level: str, code: str) -> str:
    return f'W/"{dataset.VERSION}"'


@login_not_required
@require_safe
@condition(etag_func=_etag)
def contours(request: HttpRequest, level: str, code: str) -> HttpResponseBase:
    """Serve ``departements/france`` or ``communes/<département>``; 404 for anything else.

    Public reference data, read from a file: no database, no session. An address that carries the
    release (``?v=``, as ``{% contours_url %}`` writes it) never changes and is kept a year.
    """
    document = dataset.document_gzip(f"{level}/{code}")
    if document is None:
        raise Http404
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(document, content_type="application/json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(document), content_type="application/json")
    patch_vary_headers(response, ["Accept-Encoding"])
    if request.GET.get("v") == dataset.VERSION:
        patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=DAY_SECONDS)
    return response

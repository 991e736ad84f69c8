"""The observatory: a page for everybody, its map, its definitions and its files."""

from __future__ import annotations

import gzip
import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.limits import allowed
from core.accounts.site.errors import too_many_requests
from regions.observatory import files, words
from regions.observatory.filters import FILE_LEVELS, read
from regions.observatory.maps import areas_map, picture
from regions.observatory.page import page, whose
from regions.observatory.queries import Area, K, definitions
from tenants.context import current_tenant_or_none

KEPT_SECONDS = 60
"""How long others may keep an answer: what an agreement ends is gone a minute later."""


@login_not_required
@require_safe
def observatory(request: HttpRequest) -> HttpResponse:
    """Figures, curves, a map, tables."""
    asked = read(request.GET)
    context: dict[str, Any] = {
        "on_platform": current_tenant_or_none() is None,
        "threshold": K,
    }
    if asked is None:
        return render(request, "observatory/empty.html", context)
    shown = page(asked)
    context |= {
        "page": shown,
        "picture": picture(asked, shown.areas.figures),
        "asked": asked,
        "form": asked.form(),
        "month": words.month(asked.month),
        "query": asked.query(),
        "regions": sorted({code for one in asked.regions for code in one.regions}),
        "formats": list(files.FORMATS),
        "by_municipality": asked.query(level=Area.MUNICIPALITY.value),
        "licence": files.LICENCE,
        "licence_url": files.LICENCE_URL,
    }
    return render(request, "observatory/page.html", context)


@login_not_required
@require_safe
def meanings(request: HttpRequest) -> HttpResponse:
    """Every measure: what it counts, how, how fresh, from where; and what is never published."""
    context = {
        "lines": [(one, words.UNITS[one.unit]) for one in definitions()],
        "on_platform": current_tenant_or_none() is None,
        "threshold": K,
    }
    return render(request, "observatory/definitions.html", context)


@login_not_required
@require_safe
def area_map(request: HttpRequest) -> HttpResponseBase:
    """The map's areas as GeoJSON, for the script that draws it."""
    asked = read(request.GET)
    if asked is None:
        raise Http404("Nothing is published yet.")
    body = json.dumps(areas_map(asked), ensure_ascii=False, separators=(",", ":")).encode()
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        gzip.compress(body, 5) if packed else body, content_type="application/geo+json"
    )
    if packed:
        response["Content-Encoding"] = "gzip"
    # Words in it are in the reader's language.
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    patch_cache_control(response, private=True, max_age=KEPT_SECONDS)
    return response


@login_not_required
@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the page shows, as a file."""
    asked = read(request.GET, levels=FILE_LEVELS)
    if asked is None or kind not in files.FORMATS:
        raise Http404("No such file.")
    if not allowed(request, "figures_file"):
        return too_many_requests(request)
    names = [one.name for one in asked.regions if asked.region in (None, one)]
    title = _("Carpooling observatory: %(whose)s") % {"whose": whose(asked)}
    return files.file_of(asked, kind, title=title, source=", ".join(names))

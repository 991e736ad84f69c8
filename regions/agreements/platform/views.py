"""For operators: every agreement, and regions on a map and in a matrix."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regions.agreements.models import Pooled
from regions.agreements.platform.maps import agreements_map
from regions.agreements.queries import agreements_all, matrix
from regions.onboarding.access import require_operator


@require_safe
def all_agreements(request: HttpRequest) -> HttpResponse:
    """Who shares what with whom."""
    require_operator(request.user)
    agreements = agreements_all()
    lines = [(one, [Pooled(name).label for name in one.pools]) for one in agreements]
    regions = matrix(agreements)
    return render(
        request,
        "agreements/platform/all.html",
        {"lines": lines, "matrix": regions, "map": agreements_map(regions)},
    )

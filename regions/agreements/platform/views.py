"""For operators: every agreement, and regions on a map and in a matrix."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regions.agreements.platform.maps import agreements_map
from regions.agreements.queries import agreement_with_log, agreements_all, matrix
from regions.agreements.words import pooled_words, told
from regions.onboarding.access import require_operator


@require_safe
def all_agreements(request: HttpRequest) -> HttpResponse:
    """Who shares what with whom."""
    require_operator(request.user)
    agreements = agreements_all()
    lines = [(one, pooled_words(one.pools)) for one in agreements]
    regions = matrix(agreements)
    return render(
        request,
        "agreements/platform/all.html",
        {"lines": lines, "matrix": regions, "map": agreements_map(regions)},
    )


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One agreement: what it says, who has signed, what was done. Regions alone act on it."""
    require_operator(request.user)
    agreement = agreement_with_log(public_id)
    if agreement is None:
        raise Http404
    context = {"agreement": agreement, **told(agreement)}
    return render(request, "agreements/platform/detail.html", context)

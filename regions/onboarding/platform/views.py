"""The platform's own pages: its landing page, its health, and the regions for operators."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regions.onboarding.access import require_operator
from regions.onboarding.health import SIGNS
from regions.onboarding.queries import regions_listed
from tenants.models import Tenant


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The regions that are live, for anyone who comes by."""
    lines = regions_listed(state=Tenant.State.LIVE)
    return render(request, "onboarding/platform/landing.html", {"lines": lines})


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served: the database answers; else 503. For load balancers.

    With what floors add (``health.SIGNS``): figures that a watch may compare with its limits.
    """
    try:
        Tenant.objects.exists()
        signs = {sign.name: dict(sign.read()) for sign in SIGNS}
    except DatabaseError:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok", **signs})


@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Every region with its state and hosts, for operators."""
    require_operator(request.user)
    return render(request, "onboarding/platform/regions.html", {"lines": regions_listed()})

"""The lists of communities and the page of one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from communities.communities import access, panels, queries
from communities.communities.models import Community
from communities.communities.site import lists
from communities.communities.site.filters import asked
from communities.communities.site.page import community_page
from communities.communities.suggestions import suggested
from core.accounts.models import Account
from regions.onboarding.queries import region_current
from regions.territories.areas import contours_of


@login_not_required
@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """« Les communautés disponibles »: search, filter by type and territory, list and map."""
    access.require_module()
    told = asked(request)
    page = Paginator(told.found(request.user), lists.COMMUNITIES_PER_PAGE).get_page(
        request.GET.get("page")
    )
    parameters = told.parameters()
    points = reverse("communities:points")
    return render(
        request,
        "communities/list.html",
        {
            "page": page,
            "create_url": _create_url(request),
            "text": told.text,
            "kind": told.kind,
            "territory": told.form,
            "commune": told.commune,
            "narrowed": told.is_narrowed,
            "shows_map": request.GET.get("vue") == "carte",
            "points_url": f"{points}?{urlencode(parameters)}" if parameters else points,
            "region_codes": region_current().region_codes,
            "suggestions": (
                suggested(request.user)
                if isinstance(request.user, Account) and page.number == 1 and not told.is_narrowed
                else []
            ),
            "own": {
                pk
                for pk, row in queries.memberships_in(request.user, page.object_list).items()
                if row.is_accepted
            },
        },
    )


def _create_url(request: HttpRequest) -> str:
    """« Créer ma communauté »: the form, which says the conditions first; or what is missing."""
    may = access.can_create(request.user)
    return reverse("communities:create-form" if may else "communities:create")


@login_not_required
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The places of the listed communities as GeoJSON, for the map beside the list."""
    access.require_module()
    found = asked(request).found(request.user)
    features = [lists.point_feature(point) for point in queries.community_points(found)]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes communautés »."""
    access.require_module()
    assert request.user.is_authenticated
    return render(
        request,
        "communities/mine.html",
        {
            "create_url": _create_url(request),
            "memberships": list(queries.memberships_of(request.user)),
            "panels": panels.panels(request, "mine"),
            "suggestions": suggested(request.user),
        },
    )


@login_not_required
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a community, with the tabs that have something to show; 410 once deleted."""
    try:
        community = access.get_community_for(request.user, slug)
    except Http404:
        return _closed(request, slug)
    return community_page(request, community)


def _closed(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a community is no more, or let another app answer. Raises Http404."""
    access.require_module()
    community = get_object_or_404(Community, slug=slug, is_active=False)
    answer = panels.closed_page(request, community)
    if answer is None and community.deleted_at is not None:
        answer = render(request, "communities/closed.html", status=410)
    if answer is None:
        raise Http404("No such community.")
    return answer


@login_not_required
@require_safe
def place(request: HttpRequest, slug: str) -> JsonResponse:
    """Where a community is (GeoJSON): contours of a territory's municipalities, or a point."""
    community = access.get_community_for(request.user, slug)
    rows = queries.municipalities_of(community)
    shapes = contours_of([row.code for row in rows])
    features = [
        {
            "type": "Feature",
            "geometry": shapes[row.code],
            "properties": {"title": row.name, "text": row.label, "url": "", "kind": "area"},
        }
        for row in rows
        if row.code in shapes
    ]
    if not features:
        point = queries.community_point(community, queries.members_count(community))
        features = [lists.point_feature(point)]
    return JsonResponse({"type": "FeatureCollection", "features": features})

"""The lists of communities and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from communities.communities import access, blocks, queries
from communities.communities.models import Community, Membership
from communities.communities.services import UNDO_FOR, can_leave
from communities.communities.site import lists
from regions.onboarding.queries import region_current


@login_not_required
@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """« Les communautés disponibles »: search, filter by type, list and map."""
    access.require_module()
    text = request.GET.get("q", "").strip()[:100]
    kind = request.GET.get("type", "")
    found = queries.communities_list(request.user, text=text, kind=kind)
    page = Paginator(found, lists.COMMUNITIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "communities/list.html",
        {
            "page": page,
            "text": text,
            "kind": kind if kind in Community.Kind.values else "",
            "kinds": Community.Kind.choices,
            "shows_map": request.GET.get("vue") == "carte",
            "points_url": _points_url(text, kind),
            "region_codes": region_current().region_codes,
            "own": {
                pk
                for pk, row in queries.memberships_in(request.user, page.object_list).items()
                if row.is_accepted
            },
        },
    )


@login_not_required
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The places of the listed communities as GeoJSON, for the map beside the list."""
    access.require_module()
    found = queries.communities_list(
        request.user,
        text=request.GET.get("q", "").strip()[:100],
        kind=request.GET.get("type", ""),
    )
    features = [lists.point_feature(point) for point in queries.community_points(found)]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _points_url(text: str, kind: str) -> str:
    told = {name: value for name, value in (("q", text), ("type", kind)) if value}
    address = reverse("communities:points")
    return f"{address}?{urlencode(told)}" if told else address


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes communautés »."""
    access.require_module()
    assert request.user.is_authenticated
    return render(
        request,
        "communities/mine.html",
        {"memberships": list(queries.memberships_of(request.user))},
    )


@login_not_required
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a community, with the tabs that have something to show."""
    community = access.get_community_for(request.user, slug)
    membership = access.membership_of(request.user, community)
    count = queries.members_count(community)
    feature = lists.point_feature(queries.community_point(community, count))
    context: dict[str, Any] = {
        "community": community,
        "membership": membership,
        "members_count": count,
        "point": {"type": "FeatureCollection", "features": [feature]},
        "region_codes": region_current().region_codes,
        "actions": blocks.actions(request, community),
        "can_leave": membership is not None and can_leave(membership),
        "can_undo": membership is not None and _left_just_now(membership),
        "latest": (
            lists.latest_members(community)
            if access.can_see_members(request.user, community)
            else []
        ),
    }
    tabs = blocks.tabs(request, community)
    if tabs:
        asked = request.GET.get("onglet", "")
        shown = next((tab for tab in tabs if tab.block.name == asked), tabs[0])
        context["tabs"] = [
            {
                "label": tab.block.label,
                "url": f"{community.get_absolute_url()}?onglet={tab.block.name}#onglets",
                "count": tab.pages.count,
                "current": tab is shown,
            }
            for tab in tabs
        ]
        context["shown"] = shown.block
        context.update(shown.block.context(request, shown.pages.get_page(request.GET.get("page"))))
    return render(request, "communities/detail.html", context)


def _left_just_now(membership: Membership) -> bool:
    return (
        membership.status == Membership.Status.LEFT
        and membership.left_at is not None
        and timezone.now() - membership.left_at <= UNDO_FOR
    )

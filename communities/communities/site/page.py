"""The page of one community: what it is, how one joins, who is there, its tabs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from communities.communities import access, blocks, domains, panels, queries
from communities.communities.consents import consents_held
from communities.communities.models import Community, Membership
from communities.communities.services import UNDO_FOR, can_leave, may_ask_again_at
from communities.communities.site import lists
from communities.communities.site.join_form import JoinForm
from core.accounts.access import is_member
from regions.onboarding.queries import region_current


def community_page(
    request: HttpRequest, community: Community, form: JoinForm | None = None, status: int = 200
) -> HttpResponse:
    """Show a community, with the tabs that have something to show; ``form`` after a refusal."""
    membership = access.membership_of(request.user, community)
    count = queries.members_count(community)
    feature = lists.point_feature(queries.community_point(community, count))
    context: dict[str, Any] = {
        "community": community,
        "membership": membership,
        "members_count": count,
        "point": {"type": "FeatureCollection", "features": [feature]},
        "place_url": (
            reverse("communities:place", args=[community.slug])
            if community.kind == Community.Kind.TERRITORY
            else ""
        ),
        "region_codes": region_current().region_codes,
        "actions": blocks.actions(request, community),
        "panels": panels.panels(request, "page", community),
        "main_panels": panels.panels(request, "page-main", community),
        "can_leave": membership is not None and can_leave(membership),
        "can_undo": membership is not None and _left_just_now(membership),
        "latest": (
            lists.latest_members(community)
            if access.can_see_members(request.user, community)
            else []
        ),
        "waiting": (
            queries.waiting_count(community)
            if membership is not None and membership.is_moderator
            else 0
        ),
        "allows": (
            consents_held([membership.pk]).get(membership.pk, set())
            if membership is not None and membership.is_accepted
            else set()
        ),
        "municipalities": queries.municipalities_of(community),
        **_joining(request, community, membership, form),
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
    return render(request, "communities/detail.html", context, status=status)


def _joining(
    request: HttpRequest,
    community: Community,
    membership: Membership | None,
    form: JoinForm | None,
) -> dict[str, Any]:
    """What stands between the reader and this community.

    ``state``: member, waiting, refused, or open; ``join_by``: how the first button of the page
    works: ``post`` joins, ``form`` leads to the form below, ``login`` to signing in.
    """
    signed_in = is_member(request.user)
    again_at = may_ask_again_at(membership) if membership is not None else None
    state, join_by = "open", ""
    if membership is not None and membership.is_accepted:
        state = "member"
    elif (
        membership is not None
        and membership.status == Membership.Status.PENDING
        and membership.through != Membership.Through.DOMAIN
    ):
        state = "waiting"
    elif again_at is not None and again_at > timezone.now():
        state = "refused"
    else:
        automatic = community.validation == Community.Validation.AUTOMATIC
        join_by = "login" if not signed_in else "post" if automatic else "form"
    by_domain = state == "open" and community.validation == Community.Validation.DOMAIN
    return {
        "state": state,
        "join_by": join_by,
        "again_at": again_at,
        "join_form": form or JoinForm(community=community),
        "domains": domains.domains_of(community) if by_domain else [],
        "domain_opens": by_domain and signed_in and domains.is_allowed(request.user, community),  # type: ignore[arg-type]
        "login_url": f"{reverse('account_login')}",
    }


def _left_just_now(membership: Membership) -> bool:
    return (
        membership.status == Membership.Status.LEFT
        and membership.left_at is not None
        and timezone.now() - membership.left_at <= UNDO_FOR
    )

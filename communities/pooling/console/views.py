"""« Régions partenaires » of a community's console: proposed, accepted, renamed, detached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.communities.console.pages import context_of
from communities.communities.models import Community
from communities.pooling import access, services
from communities.pooling.lines import PartLine
from core.accounts.access import signed_in
from regions.pool.queries import Emblem
from regions.pooled import queries
from regions.pooled.listing import department_of
from regions.territories.queries import municipalities_get
from tenants.errors import PasserelleError

TEXT_LENGTH: Final = 100
NOWHERE: Final = UUID(int=0)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The pool of a community, the proposals that wait, and partners' communities by name."""
    community = access.get_poolable_for(request.user, slug)
    text = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LENGTH]
    view = queries.pool_view(community.public_id)
    parts = [view.own, *view.partners] if view else []
    joined = {part.region_slug for part in parts}
    proposals = queries.proposals_of(community.public_id)
    sent = {one.community for one in proposals if not one.received}
    asking = {one.community for one in proposals if one.received}
    found = (
        queries.find(department_of(community.municipality_code), text)
        if text and community.is_active
        else []
    )
    places = municipalities_get(sorted({one.municipality_code for one in found}))
    return render(
        request,
        "communities_pooling/console_page.html",
        {
            **context_of(request, community, "pool"),
            "console_panels": [],
            "view": view,
            "in_pool": view is not None or community.public_id in queries.pools_of_region(),
            "parts": [PartLine(one, one.moderators) for one in parts],
            "acts": queries.acts_of(community.public_id),
            "received": [one for one in proposals if one.received],
            "sent": [one for one in proposals if not one.received],
            "pools": queries.pools_communities(),
            "text": text,
            "found": [
                {
                    "one": one,
                    "emblem": Emblem(one.slug, one.region, one.accent, one.logo),
                    "joined": one.slug in joined,
                    "proposed": one.community in sent,
                    "asks": one.community in asking,
                    "kind": Community.Kind(one.kind).label,
                    "place": places[one.municipality_code].label
                    if one.municipality_code in places
                    else one.municipality_code,
                }
                for one in found
            ],
        },
    )


@require_POST
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose to a partner's community."""
    return _act(
        request,
        slug,
        services.pool_propose,
        _("The proposal has been sent: the other region answers in its console."),
        region=request.POST.get("region", "")[:30],
        other=_uuid(request, "community"),
        name=request.POST.get("name", ""),
    )


@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Say yes."""
    words = _("Both communities are one now. Each keeps its page and its members.")
    return _act(request, slug, services.proposal_accept, words, proposal=_uuid(request, "proposal"))


@require_POST
def decline(request: HttpRequest, slug: str) -> HttpResponse:
    """Say no."""
    words = _("The proposal is declined.")
    told = _uuid(request, "proposal")
    return _act(request, slug, services.proposal_decline, words, proposal=told)


@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one's own proposal back."""
    words = _("The proposal is taken back.")
    told = _uuid(request, "proposal")
    return _act(request, slug, services.proposal_withdraw, words, proposal=told)


@require_POST
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Rename the pool, for all."""
    words = _("The pooled community has its new name in every region.")
    return _act(request, slug, services.pool_rename, words, name=request.POST.get("name", ""))


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Detach the community."""
    words = _("The community is detached: its page, members and adverts here are as before.")
    return _act(request, slug, services.pool_leave, words)


def _act(
    request: HttpRequest, slug: str, service: Callable[..., None], words: str, **said: Any
) -> HttpResponse:
    community = access.get_poolable_for(request.user, slug)
    try:
        service(community=community, by=signed_in(request), **said)
    except PasserelleError as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, words)
    return redirect("communities-pooling-console:page", slug=slug)


def _uuid(request: HttpRequest, name: str) -> UUID:
    """What was sent as a public id; one that names nothing where it is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return NOWHERE

"""« Passage de relais »: one page for those who run a community, who may, and who choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.communities.models import Community
from communities.lifecycle import access, queries
from communities.lifecycle.activity import community_keep
from communities.lifecycle.handovers import candidate_stand, candidate_withdraw, vote_cast
from communities.lifecycle.offers import offer_answer, offer_make, offer_withdraw
from core.accounts.access import signed_in
from core.shell.answers import attempt

TEXT_LENGTH = 100


@require_safe
def relay(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked of this member, and what they may do; for members."""
    account = signed_in(request)
    community, membership = access.get_joined_for(account, slug)
    handover, offer = queries.handover_of(community), queries.offer_of(community)
    standing = queries.standing_of(community)
    text = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LENGTH]
    runs = membership.is_moderator
    context: dict[str, Any] = {
        "community": community,
        "runs": runs,
        "is_quiet": runs and standing is not None and standing.state == "quiet",
        "last_sign_at": standing.last_sign_at if standing is not None else None,
        "offer": offer if offer is not None and (runs or offer.successor == account) else None,
        "is_asked": offer is not None and offer.successor == account,
        "ballot": None,
        "over": None,
        "text": text,
        "found": queries.members_found(community, text) if runs and offer is None else [],
        "most": queries.FOUND,
    }
    if handover is not None and handover.is_open:
        context["ballot"] = queries.ballot_of(handover, account)
    elif handover is not None:
        context["over"] = handover
        context["results"] = queries.results_of(handover)
    return render(request, "lifecycle/relay.html", context)


def _do(
    request: HttpRequest, community: Community, act: Callable[[], object], said: str
) -> HttpResponse:
    """Act, say so or why not, and go back to the page."""
    attempt(request, act, said)
    return redirect("communities-lifecycle:relay", slug=community.slug)


@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """« Ma communauté est toujours active »."""
    account = signed_in(request)
    community = access.get_run_for(account, slug)
    community_keep(community=community, by=account)
    messages.success(request, _("Thank you: the community is active."))
    return redirect(community)


@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a member to take over."""
    account = signed_in(request)
    community = access.get_run_for(account, slug)
    return _do(
        request,
        community,
        lambda: offer_make(
            community=community,
            by=account,
            membership=_number(request, "member"),
            steps_down=request.POST.get("steps_down") == "on",
        ),
        _("The person is asked by mail, and answers here."),
    )


@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the offer back."""
    account = signed_in(request)
    community = access.get_run_for(account, slug)
    return _do(
        request,
        community,
        lambda: offer_withdraw(community=community, by=account),
        _("The offer is taken back."),
    )


@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept or decline to run the community."""
    account = signed_in(request)
    found = access.get_offer_for(account, slug)
    accept = request.POST.get("answer") == "accept"
    return _do(
        request,
        found.community,
        lambda: offer_answer(offer=found, account=account, accept=accept),
        _("You now run this community. Thank you!") if accept else _("Your answer is sent."),
    )


@require_POST
def stand(request: HttpRequest, slug: str) -> HttpResponse:
    """Come forward, or stand back."""
    account = signed_in(request)
    handover = access.get_handover_for(account, slug)
    if request.POST.get("action") == "withdraw":
        return _do(
            request,
            handover.community,
            lambda: candidate_withdraw(handover=handover, account=account),
            _("You are no longer a candidate."),
        )
    words = request.POST.get("words", "").replace("\0", "")
    return _do(
        request,
        handover.community,
        lambda: candidate_stand(handover=handover, account=account, words=words),
        _("You are a candidate. Thank you!"),
    )


@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose somebody."""
    account = signed_in(request)
    handover = access.get_handover_for(account, slug)
    return _do(
        request,
        handover.community,
        lambda: vote_cast(
            handover=handover, voter=account, candidate=_number(request, "candidate")
        ),
        _("Your vote is counted. You can change it until the end."),
    )


def _number(request: HttpRequest, name: str) -> int:
    """Return a key that was sent; 0, which is nobody's, for anything else."""
    told = request.POST.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else 0

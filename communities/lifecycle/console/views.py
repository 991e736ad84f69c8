"""« Vie de la communauté » of the console: activity, contacts, votes, archive; for the region."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.communities.console.pages import context_of
from communities.communities.models import Community, Membership
from communities.lifecycle import access, queries, signs
from communities.lifecycle.archives import community_archive, community_revive
from communities.lifecycle.console.forms import ContactForm
from communities.lifecycle.contacts import contact_log, needs_contact
from communities.lifecycle.handovers import handover_decide, handover_open
from communities.lifecycle.models import HandOver, Standing
from core.accounts.access import signed_in
from core.shell.answers import attempt
from tenants.errors import PasserelleError

TEXT_LENGTH = 100


@require_safe
def life(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about the life of one community."""
    account = signed_in(request)
    community = access.get_overseen_for(account, slug)
    standing, handover = queries.standing_of(community), queries.handover_of(community)
    seen = signs.seen([community.pk])[community.pk]
    text = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LENGTH]
    return render(
        request,
        "lifecycle/console_life.html",
        {
            **context_of(request, community, "life"),
            "standing": standing,
            "life_state": standing.state if standing is not None else "alive",
            "signs": [(sign.label, seen[sign.name]) for sign in signs.SIGNS if sign.name in seen],
            "contacts": list(queries.contacts_of(community)[:50]),
            "needs_contact": needs_contact(community, account),
            "handover": handover,
            "voters": queries.voters_count(handover) if handover is not None else 0,
            "results": queries.results_of(handover) if handover is not None else [],
            "found": queries.members_found(community, text) if community.is_active else [],
            "text": text,
            "most": queries.FOUND,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """« Consigner un contact »."""
    account = signed_in(request)
    community = access.get_overseen_for(account, slug)
    posted = request.method == "POST"
    form = ContactForm(request.POST if posted else None, community=community)
    if posted and form.is_valid():
        try:
            contact_log(community=community, by=account, **form.told())
        except PasserelleError as refused:
            form.take(refused)
        else:
            messages.success(request, _("The contact is logged."))
            return redirect("communities-lifecycle-console:life", slug=slug)
    return render(
        request,
        "lifecycle/console_contact.html",
        {**context_of(request, community, "life"), "form": form},
        status=422 if form.errors else 200,
    )


def _do(
    request: HttpRequest, community: Community, act: Callable[[], object], said: str
) -> HttpResponse:
    """Act, say so or why not, and go back to the page."""
    attempt(request, act, said)
    return redirect("communities-lifecycle-console:life", slug=community.slug)


@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the members who takes over."""
    account = signed_in(request)
    community = access.get_overseen_for(account, slug)
    return _do(
        request,
        community,
        lambda: handover_open(community=community, cause=HandOver.Cause.REGION, by=account),
        _("The members are asked who takes over."),
    )


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Name a moderator in the members' place."""
    account = signed_in(request)
    community = access.get_overseen_for(account, slug)
    key = request.POST.get("member", "")
    known = key.isascii() and key.isdigit() and len(key) < 16
    membership = Membership.objects.filter(
        community=community, pk=int(key) if known else 0, status=Membership.Status.ACCEPTED
    ).first()
    if membership is None:
        raise Http404("No such member.")
    return _do(
        request,
        community,
        lambda: handover_decide(community=community, membership=membership, by=account),
        _("%(name)s now runs the community.") % {"name": membership.account.full_name},
    )


@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive the community."""
    account = signed_in(request)
    community = access.get_overseen_for(account, slug)
    return _do(
        request,
        community,
        lambda: community_archive(
            community=community, by=account, reason=Standing.ArchiveReason.REGION
        ),
        _("The community is archived: its members can still read it."),
    )


@require_POST
def revive(request: HttpRequest, slug: str) -> HttpResponse:
    """Open an archived community again."""
    account = signed_in(request)
    community = access.get_overseen_for(account, slug)
    return _do(
        request,
        community,
        lambda: community_revive(community=community, by=account),
        _("The community is open again."),
    )

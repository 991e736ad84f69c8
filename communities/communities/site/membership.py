"""Joining and leaving, from the page of a community."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.communities import access, panels
from communities.communities.consents import consents_set
from communities.communities.errors import JoinRefusedError, LastModeratorError
from communities.communities.models import Membership
from communities.communities.services import (
    can_leave,
    membership_join,
    membership_leave,
    membership_restore,
)
from communities.communities.site.join_form import JoinForm
from communities.communities.site.page import community_page
from regions.onboarding.queries import region_current
from tenants.errors import PasserelleError


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """« Rejoindre la communauté ». A GET, as after signing in, only leads to the page.

    What is refused is said on the page itself, beside the field it is about.
    """
    community = access.get_community_for(request.user, slug)
    assert request.user.is_authenticated
    if request.method != "POST":
        return redirect(community)
    form = JoinForm(request.POST, community=community)
    if not form.is_valid():
        return community_page(request, community, form, 400)
    told = form.cleaned_data
    try:
        membership = membership_join(
            account=request.user,
            community=community,
            message=told.get("message", ""),
            identifier=told.get("identifier", ""),
            accepts_mails=told["accepts_mails"],
            shows_address=told["shows_address"],
        )
    except JoinRefusedError as refused:
        messages.error(request, str(refused.message))
        return redirect(community)
    except PasserelleError as refused:
        form.take(refused)
        return community_page(request, community, form, refused.status)
    if membership.is_accepted:
        words = _("You have joined “%(name)s”. Welcome!")
    else:
        words = _("Your request to join “%(name)s” is sent. You will be told of the answer.")
    messages.success(request, words % {"name": community.name})
    return redirect(community)


@require_POST
def allow(request: HttpRequest, slug: str) -> HttpResponse:
    """What the reader allows those who run a community of theirs, or no longer."""
    community = access.get_community_for(request.user, slug)
    membership = access.membership_of(request.user, community)
    if membership is None or not membership.is_accepted:
        raise Http404("Not a member.")
    consents_set(
        membership=membership,
        mails="accepts_mails" in request.POST,
        address="shows_address" in request.POST,
    )
    messages.success(
        request, _("Your choices for “%(name)s” are saved.") % {"name": community.name}
    )
    return redirect(f"{community.get_absolute_url()}#choix")


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """« Quitter la communauté »: asks once, says what it means, can be undone for ten minutes."""
    community = access.get_community_for(request.user, slug)
    membership = access.membership_of(request.user, community)
    assert request.user.is_authenticated
    if membership is None or not membership.is_accepted:
        waits = membership is not None and membership.status == Membership.Status.PENDING
        if waits and request.method == "POST":
            membership_leave(account=request.user, community=community)
            messages.success(request, _("Your request is taken back."))
        return redirect(community)
    status = 200
    if request.method == "POST":
        try:
            membership_leave(account=request.user, community=community)
        except LastModeratorError:
            status = 409
        else:
            # The form of that id is on the page that follows (see detail.html).
            messages.success(
                request,
                format_html(
                    '{} <button class="toast__action" type="submit" form="undo-leave">{}</button>',
                    _("You have left “%(name)s”.") % {"name": community.name},
                    _("Undo"),
                ),
            )
            return redirect(community)
    return render(
        request,
        "communities/leave.html",
        {
            "community": community,
            "can_leave": status == 200 and can_leave(membership),
            "support_email": region_current().support_email,
            "panels": panels.panels(request, "leave", community),
        },
        status=status,
    )


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """« Annuler », after leaving."""
    community = access.get_community_for(request.user, slug)
    assert request.user.is_authenticated
    if request.method == "POST":
        restored = membership_restore(account=request.user, community=community)
        if restored is not None and restored.is_accepted:
            messages.success(
                request, _("You are a member of “%(name)s” again.") % {"name": community.name}
            )
        else:
            messages.error(request, _("It is too late to undo. You can join again."))
    return redirect(community)

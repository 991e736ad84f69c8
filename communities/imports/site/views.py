"""The link of an invitation: look at it, register, join, or say no. Whoever holds it may use it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.communities.queries import members_count
from communities.imports import access, invitations
from core.accounts.access import is_member, signed_in
from core.accounts.site.signup import Signup
from tenants.errors import PasserelleError


@login_not_required
@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites where, and what comes next."""
    invitation = access.get_invitation(token)
    own = reverse("invitations:show", args=[token])
    return render(
        request,
        "imports/invitation.html",
        {
            "invitation": invitation,
            "community": invitation.community,
            "members_count": members_count(invitation.community),
            "person": invitation.by.display_name if invitation.by else "",
            "token": token,
            "is_member": is_member(request.user),
            "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': own})}",
        },
    )


@never_cache
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join; the link is used up."""
    invitation = access.get_invitation(token)
    try:
        membership = invitations.invitation_accept(
            invitation=invitation,
            account=signed_in(request),
            accepts_mails="accepts_mails" in request.POST,
        )
    except PasserelleError as error:
        messages.error(request, str(error.message))
    else:
        words = (
            _("You are a member of “%(name)s”.")
            if membership.is_accepted
            else _("Your request is with the people who run “%(name)s”.")
        )
        messages.success(request, words % {"name": invitation.community.name})
    return redirect(invitation.community)


@login_not_required
@never_cache
@require_POST
def register(request: HttpRequest, token: str) -> HttpResponse:
    """Begin one's own registration, with the address and the name of the invitation filled in."""
    invitation = access.get_invitation(token)
    own = reverse("invitations:show", args=[token])
    if not request.user.is_authenticated:
        Signup(request).suggest(
            next_path=own,
            email=invitation.email,
            first_name=invitation.first_name,
            last_name=invitation.last_name,
        )
        return redirect("account_signup")
    return redirect(own)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Say no: the name is forgotten, and no mail comes for 90 days."""
    invitation = access.get_invitation(token)
    if request.method == "POST":
        invitations.invitation_decline(invitation=invitation)
        messages.success(
            request, _("It is noted: this community will not invite you again for three months.")
        )
        return redirect("/")
    return render(
        request, "imports/decline.html", {"community": invitation.community, "token": token}
    )

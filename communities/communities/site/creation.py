"""« Créer ma communauté »: the conditions, the form, and what comes after (OG-04, OG-05)."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communities.communities import access, blocks
from communities.communities.errors import SameNameError
from communities.communities.services import (
    communities_named,
    community_change,
    community_create,
)
from communities.communities.site.forms import CommunityForm
from communities.communities.site.own_fields import OwnFieldsForm
from regions.onboarding.queries import region_current
from tenants.errors import PasserelleError
from tenants.middleware import absolute_url


@login_not_required
@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """« À quoi vous engagez-vous ? », said to everyone; visitors are then asked to sign in."""
    access.require_module()
    return render(
        request,
        "communities/create_conditions.html",
        {
            "contact_email": region_current().contact_email,
            "needs_verification": (
                request.user.is_authenticated and not access.can_create(request.user)
            ),
        },
    )


@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """The form; its second sending makes nothing new."""
    access.require_module()
    if not access.can_create(request.user):
        return redirect("communities:create")
    assert request.user.is_authenticated
    same_name = []
    filled = CommunityForm(request.POST or None, request.FILES or None)
    if "more" in request.POST or "look" in request.POST:
        filled.look()
    elif request.method == "POST" and filled.is_valid():
        told = filled.cleaned_data
        try:
            community = community_create(
                creator=request.user,
                name=told["name"],
                kind=told["kind"],
                short_description=told["short_description"],
                municipality_code=told["municipality"].code,
                address=told["address"],
                point=told["point"],
                logo=told["logo"],
                key=told["key"],
                same_name_meant=told["same_name_meant"],
                **filled.details(),
            )
        except SameNameError as refused:
            same_name = communities_named(told["name"])
            filled.ask_about_name()
            filled.take(refused)
        except PasserelleError as refused:
            filled.take(refused)
        else:
            return redirect("communities:made", slug=community.slug)
    return render(
        request,
        "communities/create_form.html",
        {
            "form": filled,
            "same_name": same_name,
            # A browser empties the file field of a form that comes back.
            "files_again": bool(request.FILES),
            "map": filled.map(),
            "region_codes": region_current().region_codes,
            "contact_email": region_current().contact_email,
        },
    )


@require_safe
def made(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do with the community just made; for those who run it."""
    community = access.get_community_for(request.user, slug)
    if not access.is_moderator(request.user, community):
        raise Http404("Not a moderator.")
    address = absolute_url(request.get_host().partition(":")[0], community.get_absolute_url())
    return render(
        request,
        "communities/made.html",
        {
            "community": community,
            "address": address,
            "subject_in_mail": quote(_("Join “%(name)s”") % {"name": community.name}),
            "address_in_mail": quote(address),
            "actions": blocks.actions(request, community),
        },
    )


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """« Compléter la fiche »: what the community's type lets it say, for those who run it."""
    community = access.get_administered_for(request.user, slug)
    assert request.user.is_authenticated
    filled = OwnFieldsForm(request.POST or None, community=community)
    if "more" in request.POST or "look" in request.POST:
        filled.look()
    elif request.method == "POST" and filled.is_valid():
        try:
            community_change(community=community, by=request.user, **filled.own_fields())
        except PasserelleError as refused:
            filled.take(refused)
        else:
            messages.success(request, _("The page of your community is up to date."))
            return redirect(community)
    return render(
        request,
        "communities/details_form.html",
        {
            "community": community,
            "form": filled,
            "map": filled.map(),
            "region_codes": region_current().region_codes,
        },
    )

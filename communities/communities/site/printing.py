"""What leaves the screen: the QR code of a community's address, the sticker of a line."""

from __future__ import annotations

import io

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communities.communities import access
from communities.communities.models import Community
from core.notifications.hosts import site_url


@login_not_required
@require_safe
def qr_code(request: HttpRequest, slug: str) -> HttpResponse:
    """A QR code (SVG) of the page's address, from the stored host: never from what was asked."""
    community = access.get_community_for(request.user, slug)
    drawn = io.BytesIO()
    code = segno.make(site_url(community.get_absolute_url()), error="m")
    # Black on white in the dark too: many cameras read nothing else.
    code.save(drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", nl=False)
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    if "telecharger" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{community.slug}.svg"'
    return response


@require_safe
def sticker(request: HttpRequest, slug: str) -> HttpResponse:
    """The windscreen sticker by which members of a line recognise one another; for them alone."""
    community = access.get_community_for(request.user, slug)
    membership = access.membership_of(request.user, community)
    if community.kind != Community.Kind.LINE or membership is None or not membership.is_accepted:
        raise Http404("No sticker.")
    return render(request, "communities/sticker.html", {"community": community})

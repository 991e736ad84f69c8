"""What answers at the address of an archived community: its page as it was, for its members."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from communities.communities.models import Community, Membership
from communities.communities.site import lists
from communities.lifecycle import access, queries
from regions.onboarding.queries import region_current


def archived(request: HttpRequest, community: Community) -> HttpResponse | None:
    """Show it read-only to its members; 410 for others. ``None`` unless it is archived."""
    if community.deleted_at is not None:
        return None
    standing = queries.standing_of(community)
    if standing is None or standing.archived_at is None:
        return None
    if not access.reads_archive(request.user, community):
        return render(request, "communities/closed.html", status=410)
    members: Page[Membership] | None = None
    if not community.members_hidden:
        pages = lists.members_pages(community)
        members = lists.with_lines(pages.get_page(request.GET.get("page")))
    return render(
        request,
        "lifecycle/archived.html",
        {
            "community": community,
            "standing": standing,
            "members": members,
            "support_email": region_current().support_email,
        },
    )

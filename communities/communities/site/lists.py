"""Pages of lists, as the templates read them: words ready to be shown, no query while rendering."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.communities import queries
from communities.communities.models import Community, Membership
from core.shell import humanise
from core.shell.cards import Badge, PersonLine

COMMUNITIES_PER_PAGE = 20
MEMBERS_PER_PAGE = 20
LATEST_MEMBERS = 6


def person_line(membership: Membership) -> PersonLine:
    """Return a member as others see them: « Pierre L. », since when, and whether they run it."""
    badges = (
        (Badge(_("Runs the community"), icon="shield", tone="accent"),)
        if membership.is_moderator
        else ()
    )
    assert membership.accepted_at is not None
    return PersonLine(
        name=membership.account.display_name,
        detail=_("Since %(day)s") % {"day": humanise.day(membership.accepted_at)},
        badges=badges,
    )


def point_feature(point: queries.CommunityPoint) -> dict[str, Any]:
    """Return a place as the map reads it (GeoJSON)."""
    words = ngettext("%(count)d member", "%(count)d members", point.members_count)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
        "properties": {
            "id": point.slug,
            "title": point.name,
            "url": point.url,
            "text": words % {"count": point.members_count},
            "kind": "community",
        },
    }


def members_pages(community: Community) -> Paginator[Membership]:
    """Return the members by pages, latest first."""
    return Paginator(queries.members_of(community), MEMBERS_PER_PAGE)


def with_lines(page: Page[Membership]) -> Page[Membership]:
    """Give each row of a page of members its ``line``."""
    rows: list[Any] = list(page.object_list)
    for row in rows:
        row.line = person_line(row)
    page.object_list = rows
    return page


def latest_members(community: Community) -> list[PersonLine]:
    """Return those who joined last."""
    return [person_line(row) for row in queries.members_of(community)[:LATEST_MEMBERS]]

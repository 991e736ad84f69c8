"""Pages of lists, as the templates read them: words ready to be shown, no query while rendering."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.communities import queries
from communities.communities.facts import actions_of
from communities.communities.models import Community, Membership
from core.shell import humanise
from core.shell.cards import Badge, PersonLine

COMMUNITIES_PER_PAGE = 20
MEMBERS_SIZES = (10, 25, 50)
"""« Nombre de lignes par page »; the first unless people choose."""
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


def members_size(request: HttpRequest) -> int:
    """How many members a page shows: what the reader chose among ``MEMBERS_SIZES``."""
    asked = request.GET.get("lignes", "")
    return next((size for size in MEMBERS_SIZES if str(size) == asked), MEMBERS_SIZES[0])


def members_pages(community: Community, size: int = MEMBERS_SIZES[0]) -> Paginator[Membership]:
    """Return the members by pages, latest first."""
    return Paginator(queries.members_of(community), size)


def with_lines(page: Page[Membership], reader: Any = None) -> Page[Membership]:
    """Give each row of a page of members its ``line``, and what the reader can do beside it."""
    rows: list[Any] = list(page.object_list)
    reader_id = None if reader is None else reader.pk
    actions = actions_of(reader, [row.account_id for row in rows]) if reader is not None else {}
    for row in rows:
        row.line = person_line(row)
        row.actions = [] if row.account_id == reader_id else actions.get(row.account_id, [])
    page.object_list = rows
    return page


def latest_members(community: Community) -> list[PersonLine]:
    """Return those who joined last."""
    return [person_line(row) for row in queries.members_of(community)[:LATEST_MEMBERS]]

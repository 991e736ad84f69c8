"""What the pages of one community have in common: heading, tabs, panel « Paramètres »."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.communities import access, panels, queries
from communities.communities.console.tables import state_of
from communities.communities.ending import KEPT_FOR
from communities.communities.models import Community, Membership


def context_of(request: HttpRequest, community: Community, tab: str) -> dict[str, Any]:
    """Return what ``console_community.html`` reads."""
    may_change = access.can_administer(request.user, community)
    members = queries.members_count(community)
    waiting = (
        Membership.objects.filter(community=community, status=Membership.Status.PENDING).count()
        if may_change
        else 0
    )
    tabs = [("edit", _("Detail"), None)]
    if may_change:
        tabs += [
            ("members", _("Members"), members),  # type: ignore[list-item]
            ("settings", _("Settings"), None),
            ("history", _("History of changes"), None),
        ]
    return {
        "community": community,
        "console_panels": panels.panels(request, "console", community) if may_change else [],
        "state": state_of(community),
        "restorable_until": community.deleted_at + KEPT_FOR if community.deleted_at else None,
        "may_change": may_change,
        "members_count": members,
        "waiting": waiting,
        "runners": queries.moderators_of([community]).get(community.pk, []),
        "tabs": [
            {
                "label": label,
                "url": reverse(f"communities-console:{name}", args=[community.slug]),
                "current": name == tab,
                "count": count,
            }
            for name, label, count in tabs
        ]
        + panels.console_tabs(request, community, tab),
    }

"""What this app holds about a person: memberships with their messages, identifiers used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from communities.communities import notices
from communities.communities.memberships import is_last_moderator
from communities.communities.models import Community, Membership
from communities.communities.watchers import communities_changed
from core.accounts import inventory, sections
from core.accounts.models import Account
from tenants.models import Module


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _export(account: Account) -> list[Mapping[str, Any]]:
    rows = (
        account.memberships.select_related("community").prefetch_related("consents").order_by("pk")
    )
    tries = account.identifier_tries.order_by("pk").values_list("community_id", "tried_at")
    used = dict(account.used_identifiers.values_list("community_id", "used_at"))
    return [
        {
            "community": row.community.name,
            "status": row.status,
            "role": row.role,
            "joined_at": _when(row.joined_at),
            "accepted_at": _when(row.accepted_at),
            "refused_at": _when(row.refused_at),
            "left_at": _when(row.left_at),
            "came_in": row.through,
            "message": row.message,
            "reason_of_refusal": row.reason,
            "allowed_those_who_run_it": [
                {
                    "what": one.kind,
                    "given_at": _when(one.given_at),
                    "withdrawn_at": _when(one.withdrawn_at),
                }
                for one in row.consents.all()
            ],
            "identifier_used_at": _when(used.get(row.community_id)),
            "identifiers_tried_at": [
                _when(moment) for key, moment in tries if key == row.community_id
            ],
        }
        for row in rows
    ]


def _created(account: Account) -> list[Mapping[str, Any]]:
    rows = account.created_communities.order_by("pk")
    return [{"name": row.name, "created_at": _when(row.created_at)} for row in rows]


def _summary(account: Account) -> Sequence[str]:
    count = account.memberships.filter(
        status__in=[Membership.Status.ACCEPTED, Membership.Status.PENDING]
    ).count()
    words = ngettext(
        "%(count)d membership of a community", "%(count)d memberships of communities", count
    )
    return [words % {"count": count}] if count else []


def _remove(account: Account) -> None:
    """Memberships go by the foreign key; the region hears of communities left without anyone."""
    runs = account.memberships.filter(
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        community__is_active=True,
    )
    for row in runs.select_related("community").order_by("community_id"):
        Community.objects.select_for_update(no_key=True).get(pk=row.community_id)
        if is_last_moderator(row):
            notices.tell_region_of_orphan(row.community)
    accepted = account.memberships.filter(status=Membership.Status.ACCEPTED)
    communities_changed(*Community.objects.filter(pk__in=accepted.values("community_id")))


def _told(account: Account) -> list[list[str]]:
    """Memberships for the region's administrators, latest first."""
    rows = account.memberships.select_related("community").order_by("-joined_at", "-pk")
    return [
        [
            row.community.name,
            str(row.get_role_display() if row.is_accepted else row.get_status_display()),
            formats.date_format(row.joined_at, "SHORT_DATE_FORMAT"),
        ]
        for row in rows[: sections.SHOWN]
    ]


def register() -> None:
    """Put memberships in the inventory of personal data, and on a person's page."""
    sections.register(
        sections.PersonSection(
            name="memberships",
            label=_("Communities"),
            heads=(_("Name"), _("Status"), _("Joined on")),
            rows=_told,
            order=10,
            module=Module.COMMUNITIES.value,
        )
    )
    inventory.register(
        inventory.PersonalData(
            name="memberships",
            label=_("Communities"),
            export=_export,
            summary=_summary,
            remove=_remove,
            order=50,
        )
    )
    inventory.register(
        inventory.PersonalData(
            name="created_communities",
            label=_("Communities created"),
            export=_created,
            order=51,
        )
    )

"""Locks and lines of history that the services of this app share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from communities.communities.models import Community, Membership
from communities.lifecycle.models import Standing
from core.accounts.models import Account
from core.audit.services import record


def locked(community: Community) -> Community:
    """Lock a community's row, first of all locks, and return it as it is now."""
    return Community.objects.select_for_update(no_key=True).get(pk=community.pk)


def standing_of(community: Community) -> Standing:
    """Return where a community stands, unsaved without a row; the community is locked."""
    found = Standing.objects.filter(community=community).first()
    return found or Standing(community=community)


def note(
    community: Community,
    action: str,
    *,
    by: Account | None,
    subject: Account | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> None:
    """Write a line in the community's history."""
    record(
        actor=by,
        action=action,
        kind="community",
        object_id=community.pk,
        label=community.name,
        subject=subject,
        changes=changes,
        note=reason,
    )


def electors(community: Community, *, leaving: Account | None = None) -> QuerySet[Membership]:
    """Return the accepted members who can sign in, earliest first; without who is ``leaving``."""
    rows = Membership.objects.filter(
        community=community, status=Membership.Status.ACCEPTED, account__is_active=True
    )
    if leaving is not None:
        rows = rows.exclude(account=leaving)
    return rows.order_by("accepted_at", "pk")


def runners(community: Community, *, leaving: Account | None = None) -> QuerySet[Membership]:
    """Return those of them who run the community."""
    return electors(community, leaving=leaving).filter(role=Membership.Role.MODERATOR)

"""What partners may know of a community: its name and municipality; once pooled, how many it is.

Never who is in it, but those who run it where it hides nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from communities.communities.models import Community, Membership
from regions.pooled.listing import CommunityPayload
from regions.pooled.queries import pools_of_region


def payloads_of(communities: Collection[UUID] | None = None) -> dict[UUID, CommunityPayload]:
    """Return the events' payloads of open communities, those or all; closed ones are absent.

    A fixed number of queries. Members are registrations of accounts that are not suspended.
    """
    rows = Community.objects.filter(is_active=True)
    if communities is not None:
        rows = rows.filter(public_id__in=communities)
    found = list(rows.order_by("pk"))
    held = pools_of_region()
    pooled = [row for row in found if row.public_id in held]
    counts = _counts([row.pk for row in pooled])
    runners = _runners([row.pk for row in pooled if not row.members_hidden])
    return {
        row.public_id: {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "municipality_code": row.municipality_code,
            "members": counts.get(row.pk, 0) if row.public_id in held else None,
            "moderators": runners.get(row.pk, []),
        }
        for row in found
    }


def _counts(keys: Collection[int]) -> dict[int, int]:
    if not keys:
        return {}
    rows = Membership.objects.filter(
        community__in=keys, status=Membership.Status.ACCEPTED, account__is_active=True
    )
    counted = rows.order_by().values("community").annotate(number=Count("pk"))
    return dict(counted.values_list("community", "number"))


def _runners(keys: Collection[int]) -> dict[int, list[str]]:
    if not keys:
        return {}
    rows = Membership.objects.filter(
        community__in=keys,
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        account__is_active=True,
    ).select_related("account")
    found: dict[int, list[str]] = {}
    for row in rows.order_by("accepted_at", "pk"):
        found.setdefault(row.community_id, []).append(row.account.display_name)
    return found

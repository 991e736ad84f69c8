"""Reads of communities that several faces share. Counts are always those of accepted members.

The number of members is counted when asked, from an index, and stored nowhere: it cannot differ
from a recount.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from communities.communities import access
from communities.communities.models import Community, CommunityMunicipality, Membership
from core.accounts.access import is_member
from core.accounts.models import Account
from regions.territories.models import Municipality
from regions.territories.names import fold
from regions.territories.queries import municipalities_get

if TYPE_CHECKING:
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    class _Count(TypedDict):
        members_count: int

    Counted = WithAnnotations[Community, _Count]

ACCEPTED = Membership.Status.ACCEPTED


@dataclass(frozen=True, slots=True)
class CommunityBadge:
    """A community as other pages name it."""

    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CommunityPoint:
    """A community on a map; degrees."""

    slug: str
    name: str
    url: str
    lat: float
    lon: float
    members_count: int


def with_members_count(communities: QuerySet[Community]) -> QuerySet[Counted]:
    """Add ``members_count`` to each row, in the same query."""
    counted = (
        Membership.objects.filter(community=OuterRef("pk"), status=ACCEPTED)
        .order_by()
        .values("community")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return communities.annotate(
        members_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )


def members_count(community: Community) -> int:
    """Return how many accepted members a community has."""
    return Membership.objects.filter(community=community, status=ACCEPTED).count()


def waiting_count(community: Community) -> int:
    """Return how many people wait for an answer of the moderators."""
    return Membership.objects.filter(
        community=community, status=Membership.Status.PENDING, account__is_active=True
    ).count()


def members_counts(ids: Collection[int]) -> dict[int, int]:
    """Return how many accepted members each of those communities has; none: absent. One query."""
    rows = Membership.objects.filter(community__in=ids, status=ACCEPTED).order_by()
    return dict(
        rows.values("community").annotate(number=Count("pk")).values_list("community", "number")
    )


def communities_list(
    account: Any,
    *,
    text: str = "",
    kind: str = "",
    departement: str = "",
    codes: Collection[str] | None = None,
) -> QuerySet[Counted]:
    """Return the communities that the account may see, largest first, with ``members_count``.

    ``text`` is looked for in names, places and short descriptions, each word anywhere, whatever
    accents and capitals. An unknown ``kind`` filters nothing. ``departement`` (its code) and
    ``codes`` (INSEE codes of municipalities) keep those that are there, or whose territory
    reaches there.
    """
    found = matching(access.communities_visible_to(account), text)
    if kind in Community.Kind.values:
        found = found.filter(kind=kind)
    if departement or codes is not None:
        found = within(found, departement=departement, codes=codes)
    return with_members_count(found).order_by("-members_count", "name_key", "pk")


def within(
    communities: QuerySet[Community],
    *,
    departement: str = "",
    codes: Collection[str] | None = None,
) -> QuerySet[Community]:
    """Keep communities that lie in a département or in municipalities, or whose territory does."""
    rows = CommunityMunicipality.objects.filter(community=OuterRef("pk"))
    if departement:
        reaches = rows.filter(code__startswith=departement)
        communities = communities.filter(
            Q(municipality_code__startswith=departement) | Exists(reaches)
        )
    if codes is not None:
        reaches = rows.filter(code__in=list(codes))
        communities = communities.filter(Q(municipality_code__in=list(codes)) | Exists(reaches))
    return communities


def matching(communities: QuerySet[Community], text: str) -> QuerySet[Community]:
    """Keep the communities whose name, place or short description has every word."""
    for word in fold(text).split()[:8]:
        communities = communities.filter(search_key__contains=word)
    return communities


def moderators_of(communities: Iterable[Community]) -> dict[int, list[str]]:
    """Return the names of the people who run each community, by community id; one query."""
    rows = (
        Membership.objects.filter(
            community__in=list(communities), status=ACCEPTED, role=Membership.Role.MODERATOR
        )
        .select_related("account")
        .order_by("accepted_at", "pk")
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.community_id, []).append(row.account.display_name)
    return found


def community_points(communities: QuerySet[Counted], limit: int = 1000) -> list[CommunityPoint]:
    """Return the places of communities for a map, in one query."""
    # Hundreds of rows: no instances, and the address is worked out once.
    before, after = reverse("communities:detail", args=["slug"]).split("slug")
    rows = communities.values_list("slug", "name", "lat", "lon", "members_count")[:limit]
    return [
        CommunityPoint(slug, name, f"{before}{slug}{after}", lat, lon, members)
        for slug, name, lat, lon, members in rows
    ]


def community_point(community: Community, members: int) -> CommunityPoint:
    """Return the place of one community."""
    return CommunityPoint(
        community.slug,
        community.name,
        community.get_absolute_url(),
        community.lat,
        community.lon,
        members,
    )


def memberships_of(account: Account) -> QuerySet[Membership]:
    """Return the account's memberships in active communities, pending ones last, by name."""
    return (
        Membership.objects.filter(
            account=account,
            status__in=[ACCEPTED, Membership.Status.PENDING],
            community__is_active=True,
        )
        .select_related("community")
        .order_by("status", "community__name_key", "pk")
    )


def communities_of(account: Account) -> QuerySet[Community]:
    """Return the active communities of which the account is an accepted member, by name."""
    return Community.objects.filter(
        memberships__account=account, memberships__status=ACCEPTED, is_active=True
    ).order_by("name_key", "pk")


def memberships_in(account: Any, communities: Iterable[Community]) -> dict[int, Membership]:
    """Return the account's rows in those communities, whatever their status, by community id."""
    if not is_member(account):
        return {}
    rows = Membership.objects.filter(account=account, community__in=list(communities))
    return {row.community_id: row for row in rows}


def members_of(community: Community) -> QuerySet[Membership]:
    """Return the accepted members, latest first, with accounts; suspended people are left out."""
    # No join: accounts are fetched for the page alone, and the few suspended ones taken out. A join
    # goes wrong by seconds while a fresh import has no statistics yet.
    suspended = Account.objects.filter(is_active=False).order_by().values("pk")
    return (
        Membership.objects.filter(community=community, status=ACCEPTED)
        .exclude(account_id__in=suspended)
        .prefetch_related("account")
        .order_by("-accepted_at", "-pk")
    )


def community_badges(account_ids: Iterable[int]) -> dict[int, list[CommunityBadge]]:
    """Return the active communities of many accounts at once, by account, in one query.

    For others' eyes: communities with hidden members say nothing of who is in them.
    """
    rows = (
        Membership.objects.filter(
            account_id__in=set(account_ids),
            status=ACCEPTED,
            community__is_active=True,
            community__members_hidden=False,
        )
        .select_related("community")
        .order_by("community__name_key", "pk")
    )
    found: dict[int, list[CommunityBadge]] = {}
    for row in rows:
        badge = CommunityBadge(
            row.community.slug, row.community.name, row.community.get_absolute_url()
        )
        found.setdefault(row.account_id, []).append(badge)
    return found


def account_ids_of(community: Community) -> QuerySet[Membership, Any]:
    """Return a subquery of the accepted members' account ids, for ``account_id__in``."""
    return Membership.objects.filter(community=community, status=ACCEPTED).values("account_id")


def municipalities_of(community: Community) -> list[Municipality]:
    """Return the municipalities of a territory, in the order given; none for other types."""
    codes = municipality_codes(community)
    if not codes:
        return []
    known = municipalities_get(codes)
    return [known[code] for code in codes if code in known]


def municipality_codes(community: Community) -> list[str]:
    """INSEE codes of a territory's municipalities, in the order given; none for other types."""
    if community.kind != Community.Kind.TERRITORY:
        return []
    rows = CommunityMunicipality.objects.filter(community=community).order_by("pk")
    return list(rows.values_list("code", flat=True)) or [community.municipality_code]

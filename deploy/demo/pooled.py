"""An employer with a site in each region, whose two communities are one; a proposal that waits."""

from __future__ import annotations

from math import dist
from typing import Final

from django.db import transaction

from communities.communities.adding import members_add
from communities.communities.models import Community
from communities.communities.services import community_create
from communities.pooling import services, telling
from core.accounts.models import Account
from deploy.demo import cast
from regions.pooled.queries import proposals_of
from regions.projection.services import region_project
from regions.territories.models import Municipality
from rides.adverts.models import Advert, AdvertCommunity
from rides.pooling.models import SharedAdvert
from tenants.context import tenant_scope
from tenants.models import Tenant

POOL: Final = "Chantiers navals du Grand Large"
SITES: Final = {
    # Its name, the INSEE code of its site, how many of the crowd work there.
    "ouestgo": ("Chantiers du Grand Large, site de Lorient", "56121", 14),
    "passpass": ("Chantiers du Grand Large, site de Dunkerque", "59183", 9),
}


def fill(tenants: list[Tenant]) -> None:
    """Make both communities and pool them; their region shares already."""
    made: list[tuple[Tenant, Community]] = []
    for tenant in tenants:
        with tenant_scope(tenant), transaction.atomic():
            made.append((tenant, _site(tenant.slug)))
            telling.region_sync()
        region_project(tenant)
    (here, mine), (there, theirs) = made
    _propose(here, mine, there, theirs, POOL)
    with tenant_scope(there), transaction.atomic():
        (proposal,) = proposals_of(theirs.public_id)
        runs = _runs(there.slug)
        services.proposal_accept(community=theirs, by=runs, proposal=proposal.public_id)
    with tenant_scope(there):
        line = Community.objects.filter(kind=Community.Kind.LINE, is_active=True).first()
    with tenant_scope(here):
        other = Community.objects.filter(kind=Community.Kind.LINE, is_active=True).first()
    if line is not None and other is not None:
        _propose(there, line, here, other, "")
    for tenant in tenants:
        with tenant_scope(tenant), transaction.atomic():
            telling.region_sync()


def _propose(here: Tenant, mine: Community, there: Tenant, theirs: Community, name: str) -> None:
    with tenant_scope(here), transaction.atomic():
        services.pool_propose(
            community=mine,
            by=_runs(here.slug),
            region=there.slug,
            other=theirs.public_id,
            name=name,
        )


def _runs(slug: str) -> Account:
    return Account.objects.get(email=cast.account(slug, cast.REFERENT).email)


def towards_site(slug: str) -> list[int]:
    """Keys of the adverts that anybody may share, those that end nearest to the site first."""
    rows = Advert.objects.filter(status=Advert.Status.ACTIVE, same_gender=False).order_by("pk")
    ends = list(rows.values_list("pk", "destination_code"))
    places = {
        code: (lat, lon)
        for code, lat, lon in Municipality.objects.filter(
            code__in={code for _pk, code in ends} | {SITES[slug][1]}
        ).values_list("code", "lat", "lon")
        if lat is not None and lon is not None
    }
    site = places[SITES[slug][1]]
    away = {code: dist(site, place) for code, place in places.items()}
    return [pk for pk, _code in sorted(ends, key=lambda end: away.get(end[1], 90))]


def _site(slug: str) -> Community:
    """One site: run by the cast, with people of the crowd and the rides that they offer."""
    name, place, count = SITES[slug]
    community = community_create(
        creator=_runs(slug),
        name=name,
        kind=Community.Kind.ORGANISATION,
        short_description="Pour venir au chantier ensemble, d’où que l’on parte.",
        municipality_code=place,
        organisation_kind="company",
        carpool_spaces=12,
    )
    shared = SharedAdvert.objects.select_related("advert").in_bulk(field_name="advert_id")
    offered = [shared[key] for key in towards_site(slug) if key in shared][: 2 * count]
    authors = list(dict.fromkeys(one.advert.author_id for one in offered))[:count]
    members_add(community=community, people=dict.fromkeys(authors, "member"), by=_runs(slug))
    AdvertCommunity.objects.bulk_create(
        AdvertCommunity(advert=one.advert, community=community)
        for one in offered
        if one.advert.author_id in authors
    )
    return community

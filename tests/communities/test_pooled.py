"""Communities of several regions that are one: proposed, accepted, counted, detached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from communities.communities.models import Community, Membership
from communities.communities.services import (
    membership_join,
)
from communities.pooling import services, telling
from core.audit.queries import entries_of
from regions.pooled.queries import pool_view, pools_of_region, proposals_of
from regions.projection.projector import drain
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account, make_community
from tests.regions.agreement_help import agree

Clients = Callable[..., StrictClient]
EVERY = ["contribution", "wheelchair", "communities", "moderators"]


@pytest.fixture
def pair(twins: Twins, _database: None) -> Twins:
    """Two regions that pool communities."""
    agree(*twins, pools=["adverts", "communities"], fields=EVERY)
    return twins


def sync(*tenants: Tenant) -> None:
    """What the clock does each minute."""
    for tenant in tenants:
        with tenant_scope(tenant):
            telling.region_sync()
        drain(tenant)


def community_in(tenant: Tenant, name: str, **said: Any) -> Community:
    said.setdefault("municipality_code", "35238" if tenant.slug == "alpha" else "59350")
    with tenant_scope(tenant):
        return make_community(name=name, **said)


def proposal_between(mine: Community, here: Tenant, theirs: Community, there: Tenant) -> None:
    """``mine`` proposes, and ``theirs`` accepts."""
    with tenant_scope(here):
        services.pool_propose(
            community=mine, by=mine.created_by, region=there.slug, other=theirs.public_id
        )
    with tenant_scope(there):
        (line,) = [one for one in proposals_of(theirs.public_id) if one.received]
        services.proposal_accept(community=theirs, by=theirs.created_by, proposal=line.public_id)


def pooled(pair: Twins, name: str = "Atelier du Pont") -> tuple[Community, Community]:
    """A community of each region, that are one."""
    mine, theirs = community_in(pair.a, name), community_in(pair.b, f"{name} nord")
    sync(*pair)
    proposal_between(mine, pair.a, theirs, pair.b)
    sync(*pair)
    return mine, theirs


def seen(tenant: Tenant, community: Community) -> Any:
    with tenant_scope(tenant):
        return pool_view(community.public_id)


def join(tenant: Tenant, community: Community) -> Any:
    with tenant_scope(tenant):
        return membership_join(account=make_account(), community=community).account


def test_found_by_name_proposed_accepted_counted_from_both_sides_and_detached(
    pair: Twins, client_for: Clients
) -> None:
    a, b = pair
    mine = community_in(a, "Chantiers réunis")
    theirs = community_in(b, "Chantiers réunis du Nord")
    community_in(b, "Autre chose")
    sync(a, b)
    runs_a, runs_b = client_for(a, mine.created_by), client_for(b, theirs.created_by)
    console_a = f"/administration/communautes/{mine.slug}/mutualisation/"
    console_b = f"/administration/communautes/{theirs.slug}/mutualisation/"
    page = runs_a.get(f"{console_a}?q=chantiers").content.decode()
    assert "Chantiers réunis du Nord" in page and "Autre chose" not in page
    sent = {"region": b.slug, "community": str(theirs.public_id), "name": "Les chantiers"}
    assert runs_a.post(f"{console_a}proposer/", sent).status_code == 302
    assert "Chantiers réunis du Nord" in runs_a.get(console_a).content.decode()
    with tenant_scope(b):
        (line,) = proposals_of(theirs.public_id)
    assert (line.received, line.name, line.pool_name) == (True, "Chantiers réunis", "Les chantiers")
    assert "Chantiers réunis" in runs_b.get(console_b).content.decode()
    accepted = {"proposal": str(line.public_id)}
    assert runs_b.post(f"{console_b}accepter/", accepted).status_code == 302
    join(a, mine)
    sync(a, b)
    for tenant, own in ((a, mine), (b, theirs)):
        view = seen(tenant, own)
        assert (view.name, view.members) == ("Les chantiers", 3)
        assert view.own.name == own.name
        (partner,) = view.partners
        assert (partner.region, partner.moderators) == (
            ("Beta", "Alpha")[tenant == b],
            [(theirs, mine)[tenant == b].created_by.display_name],
        )
        page = client_for(tenant).get(own.get_absolute_url()).content.decode()
        assert "Les chantiers" in page and partner.region in page
        assert partner.url in page
    assert runs_a.post(f"{console_a}renommer/", {"name": "Tous aux chantiers"}).status_code == 302
    assert seen(b, theirs).name == "Tous aux chantiers"
    assert "Tous aux chantiers" in runs_b.get(console_b).content.decode()
    assert runs_b.post(f"{console_b}detacher/", {}).status_code == 302
    assert seen(a, mine) is seen(b, theirs) is None
    with tenant_scope(a):
        assert pools_of_region() == {}, "a pool of one is none"
        assert Membership.objects.filter(community=mine, status="accepted").count() == 2
        actions = {entry.action for entry in entries_of("community", mine.pk)}
        assert {"pool.proposed", "pool.renamed"} <= actions

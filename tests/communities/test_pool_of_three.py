"""A pool of three regions: who sees what of whom, and what becomes of it when one goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from communities.communities.ending import communities_purge, community_delete, community_restore
from communities.communities.models import Community
from communities.communities.services import community_change, membership_join
from communities.pooling import services
from communities.pooling.tasks import reconcile
from core.audit.queries import entries_of
from regions.agreements.models import Agreement, Party
from regions.agreements.services import agreement_end, agreement_resume, agreement_suspend
from regions.pooled.models import Pool, PoolMember
from regions.pooled.queries import acts_of, pool_view, pools_of_region, proposals_of
from regions.pooled.services import pooled_purge, region_leave
from regions.pooled.settling import pool_settle
from rides.adverts.models import AdvertCommunity
from rides.pooling.models import pooling_switch
from rides.pooling.services import advert_agree
from tenants import provisioning
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.communities.test_pooled import EVERY, proposal_between, sync
from tests.conftest import Twins
from tests.factories import make_account, make_community, provision
from tests.regions.agreement_help import administrator, agree
from tests.rides.situations import make_advert

Clients = Callable[..., StrictClient]
NAMES = {"alpha": "Halles d’Alpha", "beta": "Halles de Beta", "gamma": "Halles de Gamma"}
PLACES = {"alpha": "35238", "beta": "59350", "gamma": "14118"}


class Three(NamedTuple):
    """Three regions, and a community of each."""

    a: Tenant
    b: Tenant
    c: Tenant
    own: dict[str, Community]


@pytest.fixture(scope="module")
def third(twins: Twins, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """A third region, committed; it is removed in the end."""
    with django_db_blocker.unblock():
        made = provision("gamma", name="Gamma", regions=["28"])
    yield made
    with django_db_blocker.unblock():
        provisioning.tenant_remove(made)


@pytest.fixture
def three(twins: Twins, third: Tenant, _database: None) -> Three:
    """The three, without any agreement."""
    own = {}
    for tenant in (*twins, third):
        with tenant_scope(tenant):
            own[tenant.slug] = make_community(
                name=NAMES[tenant.slug], municipality_code=PLACES[tenant.slug]
            )
    return Three(*twins, third, own)


def pool(three: Three) -> None:
    """The second and the third ask the first."""
    a, b, c, own = three
    sync(a, b, c)
    for one in (b, c):
        proposal_between(own[one.slug], one, own[a.slug], a)
    sync(a, b, c)


def seen(three: Three, tenant: Tenant) -> dict[str, int | None]:
    """Partners' communities as a region sees them, with their registrations, and its own."""
    with tenant_scope(tenant):
        view = pool_view(three.own[tenant.slug].public_id)
    if view is None:
        return {}
    parts = {part.region_slug: part.members for part in (view.own, *view.partners)}
    assert view.members == sum(number or 0 for number in parts.values()), "of what is seen"
    return parts


def test_three_are_one_until_one_goes_and_comes_back(three: Three, client_for: Clients) -> None:
    a, b, c, own = three
    agree(a, b, c, pools=["adverts", "communities"], fields=EVERY)
    pool(three)
    with tenant_scope(c):
        membership_join(account=make_account(), community=own["gamma"])
    sync(c)
    everyone = {"alpha": 1, "beta": 1, "gamma": 2}
    assert [seen(three, one) for one in (a, b, c)] == [everyone] * 3

    # Pooled twice: refused in words in the console, and audited.
    runs = client_for(b, own["beta"].created_by)
    console = f"/administration/communautes/{own['beta'].slug}/mutualisation/"
    again = {"region": "gamma", "community": str(own["gamma"].public_id)}
    page = runs.post(f"{console}proposer/", again, follow=True).content.decode()
    assert "Ces communautés sont déjà mutualisées ensemble" in page
    with tenant_scope(b):
        (latest, *_rest) = entries_of("community", own["beta"].pk)
        assert (latest.action, latest.note) == ("pool.refused", "pool.proposed: already_together")
        # A new name of the community itself, and one of the pool.
        community_change(community=own["beta"], by=None, name="Grandes halles")
        services.pool_rename(
            community=own["beta"], by=own["beta"].created_by, name="Toutes les halles"
        )
    sync(b)
    with tenant_scope(c):
        view = pool_view(own["gamma"].public_id)
        assert view is not None and view.name == "Toutes les halles"
        assert {part.name for part in view.partners} == {NAMES["alpha"], "Grandes halles"}

    with tenant_scope(b):
        services.pool_leave(community=own["beta"], by=None)
    sync(a, b, c)
    two = {"alpha": 1, "gamma": 2}
    assert [seen(three, one) for one in (a, b, c)] == [two, {}, two]
    proposal_between(own["gamma"], c, own["beta"], b)
    sync(a, b, c)
    assert [seen(three, one) for one in (a, b, c)] == [everyone] * 3, "back, counted anew"

    # Deleted: gone for partners, back in its place within thirty days, out of it afterwards.
    with tenant_scope(c):
        community_delete(community=own["gamma"], by=None)
    sync(c)
    assert [seen(three, one) for one in (a, b)] == [{"alpha": 1, "beta": 1}] * 2
    with tenant_scope(c):
        community_restore(community=own["gamma"], by=None)
    sync(c)
    assert seen(three, a) == everyone
    with tenant_scope(c):
        community_delete(community=own["gamma"], by=None)
        communities_purge(now=timezone.now() + timedelta(days=31))
    reconcile()
    with tenant_scope(c):
        assert pools_of_region() == {}
    sync(a, b, c)
    assert [seen(three, one) for one in (a, b)] == [{"alpha": 1, "beta": 1}] * 2

    # A region that is removed from the platform: the last one is alone.
    assert "pooled" in provisioning._farewells
    region_leave(b)
    region_leave(b)
    for tenant in (a, b):
        with tenant_scope(tenant):
            assert pools_of_region() == {}
            assert Community.objects.get(pk=own[tenant.slug].pk).is_active, "as it was"


def test_two_whom_no_agreement_ties_learn_nothing_of_each_other_through_the_third(
    three: Three, client_for: Clients
) -> None:
    a, b, c, own = three
    for partner in (b, c):
        agree(a, partner, pools=["adverts", "communities"], fields=EVERY)
    pool(three)
    with tenant_scope(c):
        pooling_switch(enabled=True)
        for _number in range(3):
            membership_join(account=make_account(), community=own["gamma"])
        author = make_account()
        membership_join(account=author, community=own["gamma"])
        advert = make_advert(author=author)
        AdvertCommunity.objects.create(advert=advert, community=own["gamma"])
        advert_agree(advert=advert, account=author)
        services.pool_rename(community=own["gamma"], by=own["gamma"].created_by, name="Halles")
    sync(c)
    assert seen(three, a) == {"alpha": 1, "beta": 1, "gamma": 5}
    assert seen(three, b) == {"alpha": 1, "beta": 1}, "the count is of what is seen"
    assert seen(three, c) == {"alpha": 1, "gamma": 5}
    with tenant_scope(b):
        assert {line.region for line in acts_of(own["beta"].public_id)} == {"Alpha", "Beta"}
    with tenant_scope(a):
        assert {line.region for line in acts_of(own["alpha"].public_id)} == {
            "Alpha",
            "Beta",
            "Gamma",
        }

    def pages(tenant: Tenant) -> str:
        community = own[tenant.slug]
        runs = client_for(tenant, community.created_by)
        said = [
            f"/administration/communautes/{community.slug}/mutualisation/?q=halles",
            f"{community.get_absolute_url()}?onglet=partenaires",
        ]
        return "".join(runs.get(address).content.decode() for address in said)

    assert "Gamma" in pages(a) and "/recherche/via/" in pages(a), "the twin: an agreement covers it"
    for word in ("Gamma", "gamma", "/recherche/via/"):
        assert word not in pages(b)
    with tenant_scope(b), pytest.raises(services.PooledError) as error:
        services.pool_propose(
            community=own["beta"],
            by=own["beta"].created_by,
            region="gamma",
            other=own["gamma"].public_id,
        )
    assert error.value.code == "no_agreement"

    # The one that tied them goes: there is no pool of two that may not see each other.
    with tenant_scope(a):
        services.pool_leave(community=own["alpha"], by=own["alpha"].created_by)
    for tenant in (a, b, c):
        assert seen(three, tenant) == {}
        with tenant_scope(tenant):
            assert pools_of_region() == {}


def test_of_three_agreements_each_counts_for_its_two_regions(three: Three) -> None:
    a, b, c, _own = three
    made = {
        (one.slug, other.slug): agree(one, other, pools=["communities"], fields=[])
        for one, other in ((a, b), (b, c), (a, c))
    }
    pool(three)
    everyone = {"alpha": 1, "beta": 1, "gamma": 1}
    assert [seen(three, one) for one in (a, b, c)] == [everyone] * 3
    with tenant_scope(b):
        agreement_suspend(agreement=made["alpha", "beta"], actor=administrator(b))
    assert pooled_purge(a) == pooled_purge(b) == 0, "a suspension removes nothing"
    assert [seen(three, one) for one in (a, b, c)] == [
        {"alpha": 1, "gamma": 1},
        {"beta": 1, "gamma": 1},
        everyone,
    ]
    with tenant_scope(b):
        agreement_resume(agreement=made["alpha", "beta"], actor=administrator(b))
    assert seen(three, a) == everyone
    # A proposal says who asks: it goes with what covers it.
    with tenant_scope(a):
        other = make_community(name="Autre halle", municipality_code="35238")
    with tenant_scope(b):
        more = make_community(name="Encore une", municipality_code="59350")
    sync(a, b)
    with tenant_scope(a):
        services.pool_propose(
            community=other, by=other.created_by, region="beta", other=more.public_id
        )
    with tenant_scope(b):
        assert [line.name for line in proposals_of(more.public_id)] == ["Autre halle"]
        agreement_end(agreement=made["alpha", "beta"], actor=administrator(b))
        assert proposals_of(more.public_id) == []
    assert pooled_purge(a) == pooled_purge(b) == 0, "the third ties them"
    assert seen(three, c) == everyone and seen(three, a) == {"alpha": 1, "gamma": 1}
    agree(a, b, pools=["communities"], fields=[])
    with tenant_scope(b):
        assert proposals_of(more.public_id) == [], "taken back for good"
        agreement_end(agreement=made["beta", "gamma"], actor=administrator(b))
    assert pooled_purge(b) == pooled_purge(c) == 0
    with tenant_scope(a):
        agreement_end(agreement=made["alpha", "gamma"], actor=administrator(a))
    assert (pooled_purge(a), pooled_purge(c)) == (0, 0), "c has gone with the last that tied it"
    assert [seen(three, one) for one in (a, b, c)] == [{"alpha": 1, "beta": 1}] * 2 + [{}]


def test_parts_that_nothing_ties_any_more_are_pools_of_their_own(
    three: Three,
) -> None:
    def tie(*tenants: Tenant) -> Agreement:
        made = Agreement.objects.create(
            title="Entre deux",
            state="in_force",
            pools=["communities"],
            fields=[],
            starts_on=timezone.localdate(),
        )
        for tenant in tenants:
            Party.objects.create(agreement=made, tenant_id=tenant.pk)
        return made

    with platform_scope(reason="a test arranges"):
        fourth = Tenant.objects.create(schema_name="t_delta", slug="delta", name="Delta")
        regions: list[Any] = [three.a, three.b, three.c, fourth]
        together = Pool.objects.create(name="Ensemble")
        for number, tenant in enumerate(regions):
            PoolMember.objects.create(
                pool=together,
                tenant_id=tenant.pk,
                community=three.own["alpha"].public_id if not number else f"{number:032x}",
            )
        _first, middle, _last = [tie(*two) for two in pairwise(regions)]
        assert not pool_settle(together)
        middle.state = "ended"
        middle.save()
        assert pool_settle(together)
        pools = [
            {one.tenant.slug for one in PoolMember.objects.filter(pool=each)}
            for each in Pool.objects.order_by("pk")
        ]
        assert pools == [{"alpha", "beta"}, {"gamma", "delta"}]

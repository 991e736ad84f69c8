"""Pools and counts under several hands at once, on real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from communities.communities import queries
from communities.communities.services import membership_join, membership_leave
from communities.pooling import services, telling
from regions.agreements.models import Agreement
from regions.pooled.errors import PooledError
from regions.pooled.models import ListedCommunity, Pool, PoolMember
from regions.pooled.queries import proposals_of
from regions.projection.projector import drain
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.communities.test_races import together
from tests.conftest import Twins
from tests.factories import make_account, make_community
from tests.regions.agreement_help import agree


@pytest.fixture
def pair(committed_regions: Callable[..., Tenant]) -> Iterator[Twins]:
    """Two committed regions that pool communities; nothing of it is left in the public schema."""
    made = Twins(committed_regions("rives"), committed_regions("quais", regions=["32"]))
    agreement = agree(*made, pools=["communities"])
    yield made
    with platform_scope(reason="a test cleans up"):
        Agreement.objects.filter(pk=agreement.pk).delete()
        Pool.objects.filter(name="Ensemble").delete()


def test_one_of_two_answers_holds_and_what_is_told_is_what_a_recount_gives(pair: Twins) -> None:
    a, b = pair
    with tenant_scope(a):
        mine = make_community(name="Ensemble")
        telling.region_sync()
    with tenant_scope(b):
        theirs = [
            make_community(name=name, municipality_code="59350")
            for name in ("Quai Un", "Quai Deux")
        ]
        telling.region_sync()
    drain(a)
    drain(b)
    for one in theirs:
        with tenant_scope(b):
            services.pool_propose(
                community=one,
                by=one.created_by,
                region=a.slug,
                other=mine.public_id,
                name="Ensemble",
            )
    with tenant_scope(a):
        waiting = [line.public_id for line in proposals_of(mine.public_id)]

        def accept(proposal: Any) -> Callable[[], None]:
            return lambda: services.proposal_accept(
                community=mine, by=mine.created_by, proposal=proposal
            )

        results = together(a, *[accept(one) for one in waiting])
        assert sorted(getattr(one, "code", "") for one in results) == ["", "region_already_in"]
        assert sum(isinstance(one, PooledError) for one in results) == 1
    with platform_scope(reason="a test counts"):
        assert PoolMember.objects.filter(pool__name="Ensemble").count() == 2

    def come(account: Any, *, stay: bool) -> Callable[[], None]:
        def run() -> None:
            membership_join(account=account, community=mine)
            telling.communities_sync([mine.public_id])
            if not stay:
                membership_leave(account=account, community=mine)
                telling.communities_sync([mine.public_id])

        return run

    with tenant_scope(a):
        people = [make_account() for _number in range(6)]
        calls = [come(one, stay=place < 4) for place, one in enumerate(people)]
        assert together(a, *calls) == [None] * 6
        assert queries.members_count(mine) == 5
    drain(a)
    with platform_scope(reason="a test counts"):
        assert ListedCommunity.objects.get(tenant_id=a.pk).members == 5

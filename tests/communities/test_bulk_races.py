"""Acts on whole lists at the same moment, on real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from communities.bulk import running, services
from communities.bulk.models import BulkAct
from communities.communities.memberships import membership_leave
from communities.communities.models import Membership
from communities.communities.queries import members_count
from communities.communities.services import membership_join
from core.accounts.services import role_grant
from core.audit.models import AuditEntry
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.communities.test_races import together
from tests.factories import make_account, make_community


@pytest.fixture
def region(
    committed_regions: Callable[..., Tenant], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tenant]:
    monkeypatch.setattr(running, "CHUNK", 4)
    tenant = committed_regions("troupes")
    with tenant_scope(tenant):
        yield tenant


def test_acts_take_turns_and_leave_a_moderator(region: Tenant) -> None:
    boss, people = make_account(), [make_account() for _ in range(24)]
    role_grant(account=boss, role="administrator", by=None)
    community = make_community(people[0])
    for one in people[1:]:
        membership_join(account=one, community=community)
    Membership.objects.filter(account__in=people[:5]).update(role="moderator")
    keys = list(Membership.objects.filter(community=community).values_list("pk", flat=True))

    def begin(act: str) -> Callable[[], Any]:
        return lambda: services.act_begin(community=community, act=act, keys=keys, by=boss)

    results = together(
        region,
        *[begin(act) for act in ("remove", "member", "refused", "remove")],
        *[lambda one=one: membership_leave(account=one, community=community) for one in people[:3]],
    )
    wrong = [
        one for one in results if isinstance(one, Exception) and "last_moderator" not in repr(one)
    ]
    assert not wrong, wrong
    acts = BulkAct.objects.all()
    assert {(one.state, one.done) for one in acts} == {("done", 24)}
    runs = Membership.objects.filter(community=community, status="accepted", role="moderator")
    assert runs.count() == 1 == members_count(community)
    assert AuditEntry.objects.filter(action="membership.bulk").count() == 4

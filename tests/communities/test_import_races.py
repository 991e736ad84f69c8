"""Imports at the same moment, on real connections: each row once, one at a time in a community."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail

from communities.communities.memberships import membership_add
from communities.communities.models import Membership
from communities.communities.services import membership_join
from communities.imports import running
from communities.imports.invitations import Invited, invitation_accept, invitations_make
from communities.imports.models import Import, Invitation
from communities.imports.services import import_begin, import_start
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.communities.test_races import together
from tests.factories import make_account, make_community


@pytest.fixture
def region(
    committed_regions: Callable[..., Tenant], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tenant]:
    monkeypatch.setattr(running, "CHUNK", 5)
    tenant = committed_regions("arrivages")
    with tenant_scope(tenant):
        yield tenant


def sent(community: Any, by: Any, emails: list[str]) -> Import:
    return import_begin(
        kind="members",
        community=community,
        by=by,
        file_name="f.csv",
        content="\n".join(["Email", *emails]).encode(),
    )


def test_two_imports_and_double_clicks_end_well(region: Tenant) -> None:
    runner, known = make_account(), [make_account() for _ in range(8)]
    community = make_community(runner)
    emails = [*(f"p{n}@example.org" for n in range(30)), *(one.email for one in known)]
    first, second = sent(community, runner, emails), sent(community, runner, emails[10:])
    results = together(
        region,
        lambda: import_start(of=first, mode="valid", by=runner),
        lambda: import_start(of=first, mode="valid", by=runner),
        lambda: import_start(of=second, mode="all", by=runner),
        lambda: running.import_run(first.pk),
        *[lambda one=one: membership_join(account=one, community=community) for one in known[:4]],
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    states = {one.pk: (one.state, one.done) for one in Import.objects.all()}
    assert states == {first.pk: ("done", 38), second.pk: ("done", 28)}
    assert Invitation.objects.count() == 30
    assert Membership.objects.filter(community=community, status="accepted").count() == 9
    invitations = [
        one.to[0] for one in mail.outbox if one.to[0].startswith("p") and "/inv" in one.body
    ]
    assert sorted(invitations) == sorted(f"p{n}@example.org" for n in range(30))


def test_an_invitation_is_used_by_one_of_two(region: Tenant) -> None:
    community = make_community()
    invitations_make(community=community, people=[Invited("a@b.org", "", "", "member")], by=None)
    invitation = Invitation.objects.get()
    results = together(
        region,
        *[
            lambda one=one: invitation_accept(invitation=invitation, account=one)
            for one in (make_account(), make_account())
        ],
    )
    assert sum(isinstance(one, Membership) for one in results) == 1, results
    assert Membership.objects.filter(community=community).count() == 2


def test_adding_by_file_and_by_hand_at_once(region: Tenant) -> None:
    runner = make_account()
    community = make_community(runner)
    person = make_account()
    made = sent(community, runner, [person.email])
    results = together(
        region,
        lambda: import_start(of=made, mode="valid", by=runner),
        lambda: membership_add(community=community, account=person, by=runner),
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Membership.objects.filter(account=person, status="accepted").count() == 1

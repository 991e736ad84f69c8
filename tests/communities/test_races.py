"""Two requests at the same moment, on real connections: what must hold, holds."""

from __future__ import annotations

import functools
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from communities.communities import queries
from communities.communities.errors import (
    IdentifierRefusedError,
    LastModeratorError,
    MembershipChangedError,
    TooManyTriesError,
)
from communities.communities.identifiers import identifiers_import
from communities.communities.models import Community, Membership
from communities.communities.services import (
    membership_accept,
    membership_add,
    membership_join,
    membership_leave,
    membership_refuse,
    membership_remove,
    membership_restore,
    membership_role_set,
)
from communities.communities.undoing import memberships_undo
from communities.lifecycle.errors import VoteClosedError
from communities.lifecycle.handovers import (
    candidate_stand,
    handover_close,
    handover_open,
    vote_cast,
)
from communities.lifecycle.models import HandOver, Vote
from communities.lifecycle.offers import offer_answer, offer_make, offer_withdraw
from core.accounts.services import account_suspend
from core.audit.queries import entries_of
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.factories import make_account, make_community


@pytest.fixture
def region(committed_regions: Callable[..., Tenant]) -> Iterator[Tenant]:
    tenant = committed_regions("courses")
    with tenant_scope(tenant):
        yield tenant


def together(tenant: Tenant, *calls: Callable[[], Any]) -> list[Any]:
    """Run every call at the same moment, each on its own connection; results or errors."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        with tenant_scope(tenant):
            try:
                start.wait(10)
                results[index] = call()
            except Exception as error:
                results[index] = error
            finally:
                for connection in connections.all():
                    connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "two requests wait for each other"
    return results


def test_a_double_click_on_join_is_one_membership(region: Tenant) -> None:
    community, account = make_community(), make_account()
    results = together(region, *[lambda: membership_join(account=account, community=community)] * 6)
    assert {result.pk for result in results} == {Membership.objects.get(account=account).pk}
    assert queries.members_count(community) == 2


def test_two_moderators_cannot_both_leave(region: Tenant) -> None:
    for _ in range(5):
        first, second = make_account(), make_account()
        community = make_community(first)
        membership_join(account=second, community=community)
        Membership.objects.filter(account=second).update(role="moderator")
        results = together(
            region,
            lambda f=first, c=community: membership_leave(account=f, community=c),
            lambda s=second, c=community: membership_leave(account=s, community=c),
        )
        assert sum(isinstance(result, LastModeratorError) for result in results) == 1, results
        moderators = Membership.objects.filter(
            community=community, role="moderator", status="accepted"
        )
        assert moderators.count() == 1


def test_join_leave_and_undo_in_any_order_end_well(region: Tenant) -> None:
    community, account = make_community(), make_account()
    for _ in range(5):
        results = together(
            region,
            lambda: membership_join(account=account, community=community),
            lambda: membership_leave(account=account, community=community),
            lambda: membership_restore(account=account, community=community),
            lambda: membership_join(account=account, community=community),
        )
        assert not [result for result in results if isinstance(result, Exception)], results
        accepted = Membership.objects.filter(account=account, status="accepted").count()
        assert queries.members_count(community) == 1 + accepted


def test_a_double_click_on_create_is_one_community(region: Tenant) -> None:
    creator, key = make_account(), uuid.uuid4()
    results = together(
        region,
        *[lambda: make_community(creator, name="Une seule", key=key)] * 4,
    )
    assert {getattr(result, "pk", result) for result in results} == {Community.objects.get().pk}
    assert Membership.objects.count() == 1


def test_the_same_name_at_the_same_moment_gets_two_addresses(region: Tenant) -> None:
    people = [make_account() for _ in range(4)]
    results = together(
        region,
        *[
            lambda person=person: make_community(person, name="Zénith", same_name_meant=True)
            for person in people
        ],
    )
    slugs = {getattr(result, "slug", repr(result)) for result in results}
    assert slugs == {"zenith", "zenith-2", "zenith-3", "zenith-4"}


def test_joining_waits_for_nobody(region: Tenant) -> None:
    """A long transaction on the community's row (someone leaving) does not stop who joins."""
    community, account = make_community(), make_account()
    with transaction.atomic():
        Community.objects.select_for_update(no_key=True).get(pk=community.pk)
        (result,) = together(region, lambda: membership_join(account=account, community=community))
    assert isinstance(result, Membership) and result.is_accepted


def test_one_identifier_lets_one_person_in(region: Tenant) -> None:
    community = make_community(validation="secured")
    for number in range(4):
        identifiers_import(community=community, content=f"AB-{number}".encode(), by=None)
        people = [make_account() for _ in range(4)]
        results = together(
            region,
            *[
                lambda one=one, number=number: membership_join(
                    account=one, community=community, identifier=f"AB-{number}"
                )
                for one in people
            ],
        )
        assert sum(isinstance(result, Membership) for result in results) == 1, results
        assert sum(isinstance(result, IdentifierRefusedError) for result in results) == 3


def test_many_windows_are_not_many_tries(region: Tenant) -> None:
    community, person = make_community(validation="secured"), make_account()
    results = together(
        region,
        *[
            lambda: membership_join(account=person, community=community, identifier="X")
            for _ in range(9)
        ],
    )
    assert sum(isinstance(result, IdentifierRefusedError) for result in results) == 5, results
    assert sum(isinstance(result, TooManyTriesError) for result in results) == 4


def test_a_request_answered_twice_or_taken_back_at_once_ends_one_way(region: Tenant) -> None:
    community, runner = make_community(validation="moderator"), make_account()
    accepted = 0
    for _ in range(5):
        person = make_account()
        asked = membership_join(account=person, community=community)
        results = together(
            region,
            lambda asked=asked: membership_accept(membership=asked, by=runner),
            lambda asked=asked: membership_refuse(membership=asked, by=runner),
            lambda one=person: membership_leave(account=one, community=community),
        )
        told = [one for one in results if isinstance(one, Exception)]
        assert all(isinstance(one, MembershipChangedError) for one in told), results
        found = Membership.objects.get(pk=asked.pk)
        accepted += found.is_accepted
        assert queries.members_count(community) == 1 + accepted


def test_two_moderators_cannot_demote_each_other(region: Tenant) -> None:
    for _ in range(4):
        first, second = make_account(), make_account()
        community = make_community(first)
        membership_add(community=community, account=second, by=first, role="moderator")
        rows = list(Membership.objects.filter(community=community).order_by("pk"))
        results = together(
            region,
            lambda r=rows[0], by=second: membership_role_set(membership=r, role="member", by=by),
            lambda r=rows[1], by=first: membership_remove(membership=r, by=by),
        )
        assert sum(isinstance(result, LastModeratorError) for result in results) == 1, results


def test_undoing_twice_at_once_undoes_once(region: Tenant) -> None:
    """Two windows of one référent; the line of history says what happened, once."""
    referent = make_account()
    community = make_community(referent)
    people = [membership_join(account=make_account(), community=community) for _ in range(3)]
    batch = uuid.uuid4()
    for one in people:
        membership_remove(membership=one, by=referent, batch=batch)
    undo = functools.partial(memberships_undo, batch=batch, community=community, by=referent)
    assert sorted(together(region, undo, undo)) == [0, 3]
    assert queries.members_count(community) == 4


def test_undo_and_leaving_at_once_keep_a_moderator(region: Tenant) -> None:
    for _ in range(4):
        first = make_account()
        community, batch = make_community(first), uuid.uuid4()
        second = membership_join(account=make_account(), community=community)
        membership_role_set(membership=second, role="moderator", by=first, batch=batch)
        together(
            region,
            functools.partial(memberships_undo, batch=batch, community=community, by=first),
            functools.partial(membership_leave, account=first, community=community),
        )
        runs = Membership.objects.filter(community=community, role="moderator", status="accepted")
        assert runs.count() >= 1


# --- the life of communities ----------------------------------------------------------------------
def test_a_member_who_votes_twice_at_once_has_one_vote(region: Tenant) -> None:
    community, member = make_community(), make_account()
    membership_join(account=member, community=community)
    handover = handover_open(community=community, cause="region")
    assert handover is not None
    candidate = candidate_stand(handover=handover, account=member)
    results = together(
        region,
        *[lambda: vote_cast(handover=handover, voter=member, candidate=candidate.pk)] * 4,
        lambda: handover_close(handover=handover, now=handover.closes_at),
        lambda: handover_close(handover=handover, now=handover.closes_at),
    )
    assert not [one for one in results if isinstance(one, Exception) and not _over(one)], results
    assert Vote.objects.count() <= 1
    moderators = Membership.objects.filter(community=community, role="moderator")
    assert {row.account_id for row in moderators} >= {member.pk}
    elected = [line for line in entries_of("community", community.pk) if "elected" in line.action]
    assert len(elected) == 1


def _over(error: Exception) -> bool:
    return isinstance(error, VoteClosedError)


def test_an_offer_is_accepted_or_taken_back_never_both(region: Tenant) -> None:
    for _ in range(3):
        referent, member = make_account(), make_account()
        community = make_community(referent)
        key = membership_join(account=member, community=community).pk
        offer = offer_make(community=community, by=referent, membership=key)
        together(
            region,
            lambda o=offer, m=member: offer_answer(offer=o, account=m, accept=True),
            lambda c=community, r=referent: offer_withdraw(community=c, by=r),
        )
        offer.refresh_from_db()
        role = Membership.objects.get(pk=key).role
        assert (offer.status, role) in {("accepted", "moderator"), ("withdrawn", "member")}


def test_two_moderators_suspended_at_once_leave_one_open_vote(region: Tenant) -> None:
    for _ in range(3):
        first, second, member = make_account(), make_account(), make_account()
        community = make_community(first)
        for account in (second, member):
            membership_join(account=account, community=community)
        Membership.objects.filter(account=second).update(role="moderator")
        results = together(
            region,
            lambda f=first: account_suspend(account=f),
            lambda s=second: account_suspend(account=s),
        )
        assert results == [None, None]
        votes = HandOver.objects.filter(community=community)
        assert [vote.cause for vote in votes] == ["gone"]

"""What moderators decide about people: no way round it, and nothing in what is deleted."""

from __future__ import annotations

import pytest

from communities.communities import services
from communities.communities.adding import members_add
from communities.communities.ending import community_delete
from communities.communities.errors import CommunityDeletedError
from communities.communities.memberships import membership_wait
from communities.communities.models import Membership
from tests.factories import make_account, make_community

pytestmark = pytest.mark.usefixtures("tenant")


def test_who_was_put_back_to_wait_does_not_get_in_by_leaving() -> None:
    boss, person = make_account(), make_account()
    community = make_community(boss)
    membership = services.membership_join(account=person, community=community)
    membership_wait(membership=membership, by=boss)
    services.membership_leave(account=person, community=community)
    assert Membership.objects.get(account=person).status == "left"
    assert services.membership_join(account=person, community=community).status == "pending"


def test_nobody_is_moved_in_a_deleted_community() -> None:
    boss, person = make_account(), make_account()
    community = make_community(boss, validation="moderator")
    membership = services.membership_join(account=person, community=community)
    community_delete(community=community, by=boss)
    for act in (
        lambda: services.membership_accept(membership=membership, by=boss),
        lambda: services.membership_remove(membership=membership, by=boss),
        lambda: services.membership_add(community=community, account=make_account(), by=boss),
        lambda: members_add(community=community, people={make_account().pk: "member"}, by=boss),
    ):
        with pytest.raises(CommunityDeletedError):
            act()
    assert Membership.objects.get(account=person).status == "pending"
    assert Membership.objects.filter(community=community).count() == 2

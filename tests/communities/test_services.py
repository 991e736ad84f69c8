"""Creating, joining, leaving: the rules, one call at a time."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from communities.communities import access, queries
from communities.communities.errors import (
    CommunityInvalidError,
    EmailNotVerifiedError,
    JoinRefusedError,
    LastModeratorError,
    LogoRefusedError,
    SameNameError,
)
from communities.communities.models import Community, Membership
from communities.communities.services import (
    UNDO_FOR,
    community_create,
    membership_join,
    membership_leave,
    membership_restore,
)
from tenants.models import Tenant
from tests.factories import make_account, make_community

pytestmark = pytest.mark.usefixtures("tenant")


def picture(width: int = 300, height: int = 240, kind: str = "PNG", mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(made, kind)
    return made.getvalue()


def upload(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- creating -----------------------------------------------------------------------------------
def test_the_creator_runs_the_new_community() -> None:
    creator = make_account()
    made = make_community(creator, name="  Les  Ateliers du Scorff ", address="2 quai du Port")
    assert (made.name, made.slug) == ("Les Ateliers du Scorff", "les-ateliers-du-scorff")
    assert made.place_label == "2 quai du Port, Rennes"
    assert (round(made.lat, 1), round(made.lon, 1)) == (48.1, -1.7)
    assert access.is_moderator(creator, made)
    assert queries.members_count(made) == 1


def test_an_unverified_address_cannot_create_and_a_telephone_does_not_matter() -> None:
    creator = make_account(phone="+33299000000")
    make_community(creator)
    creator.emailaddress_set.update(verified=False)
    with pytest.raises(EmailNotVerifiedError):
        make_community(creator)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": "ab"}),
        ("name", {"name": "x" * 101}),
        ("name", {"name": "💚💚💚"}),
        ("kind", {"kind": "club"}),
        ("short_description", {"short_description": "   "}),
        ("municipality_code", {"municipality_code": "99999"}),
        ("municipality_code", {"municipality_code": ""}),
    ],
)
def test_what_is_typed_is_checked_by_the_service(field: str, change: dict) -> None:
    with pytest.raises(CommunityInvalidError) as caught:
        make_community(**change)
    assert list(caught.value.fields) == [field]
    assert not Community.objects.exists()


def test_a_name_that_exists_is_a_warning_not_a_wall() -> None:
    make_community(name="Hôtel de ville")
    with pytest.raises(SameNameError) as caught:
        make_community(name="HOTEL DE  VILLE")
    assert "name" in caught.value.fields
    second = make_community(name="HOTEL DE  VILLE", same_name_meant=True)
    assert second.slug == "hotel-de-ville-2"


@pytest.mark.parametrize("name", ["Créer", "Mes", "creer"])
def test_pages_of_ours_keep_their_addresses(name: str) -> None:
    assert make_community(name=name).slug not in {"creer", "mes"}


def test_the_same_form_sent_twice_makes_one_community() -> None:
    creator, key = make_account(), uuid.uuid4()
    first = make_community(creator, name="Une fois", key=key)
    second = make_community(creator, name="Une fois", key=key)
    assert first.pk == second.pk
    assert Community.objects.count() == 1
    assert make_community(name="Une autre fois", key=key).public_id != key, "someone else's key"


# --- logos --------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_encoded_anew(kind: str) -> None:
    made = make_community(logo=upload(picture(1600, 800, kind)))
    with storages["public"].open(made.logo) as stored, Image.open(stored) as seen:
        assert (seen.format, seen.size) == ("WEBP", (512, 256))
    assert made.logo_url


def test_what_rides_along_in_a_picture_is_dropped() -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # on its side
    Image.new("RGB", (400, 200), "teal").save(made, "JPEG", exif=exif, comment=b"<script>")
    community = make_community(logo=upload(made.getvalue() + b"<?php trailing ?>"))
    with storages["public"].open(community.logo) as stored:
        content = stored.read()
    assert b"secret" not in content and b"script" not in content and b"php" not in content
    with Image.open(io.BytesIO(content)) as seen:
        assert seen.size == (200, 400), "upright"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>',
        picture(199, 400),
        picture()[:90],
        picture(300, 300, "BMP"),
        picture(8000, 8000, mode="1"),
        b"\x89PNG" + b"0" * (4 * 1024 * 1024),
    ],
    ids=["empty", "text", "svg", "small", "cut", "bmp", "bomb", "heavy"],
)
def test_a_file_that_is_no_good_logo_is_refused_and_nothing_is_made(content: bytes) -> None:
    with pytest.raises(LogoRefusedError) as caught:
        make_community(logo=upload(content))
    assert "logo" in caught.value.fields
    assert not Community.objects.exists()


# --- joining and leaving ------------------------------------------------------------------------
def test_joining_twice_is_joining_once() -> None:
    community, account = make_community(), make_account()
    first = membership_join(account=account, community=community)
    again = membership_join(account=account, community=community)
    assert (first.pk, first.accepted_at) == (again.pk, again.accepted_at)
    assert queries.members_count(community) == 2


def test_leaving_twice_is_leaving_once_and_leaving_what_one_never_joined_is_nothing() -> None:
    community, account = make_community(), make_account()
    assert membership_leave(account=account, community=community) is None
    membership_join(account=account, community=community)
    left = membership_leave(account=account, community=community)
    again = membership_leave(account=account, community=community)
    assert left is not None and again is not None and left.left_at == again.left_at
    assert queries.members_count(community) == 1


def test_joining_again_is_a_new_start_as_a_plain_member() -> None:
    community, second = make_community(), make_account()
    membership = membership_join(account=second, community=community)
    Membership.objects.filter(pk=membership.pk).update(role="moderator")
    membership_leave(account=second, community=community)
    back = membership_join(account=second, community=community)
    assert back.is_accepted and not back.is_moderator and back.left_at is None
    assert membership.accepted_at is not None and back.accepted_at is not None
    assert back.accepted_at > membership.accepted_at


def test_leaving_is_undone_as_if_nothing_had_happened() -> None:
    community, second = make_community(), make_account()
    before = membership_join(account=second, community=community)
    Membership.objects.filter(pk=before.pk).update(role="moderator")
    membership_leave(account=second, community=community)
    after = membership_restore(account=second, community=community)
    assert after is not None and after.is_moderator and after.left_at is None
    assert after.accepted_at == before.accepted_at
    membership_leave(account=second, community=community)
    long_ago = timezone.now() - UNDO_FOR - timedelta(seconds=1)
    Membership.objects.filter(pk=before.pk).update(left_at=long_ago)
    late = membership_restore(account=second, community=community)
    assert late is not None and late.status == Membership.Status.LEFT


def test_undo_invents_no_membership() -> None:
    community, account = make_community(), make_account()
    assert membership_restore(account=account, community=community) is None
    assert queries.members_count(community) == 1


def test_the_last_moderator_stays_until_someone_takes_over() -> None:
    creator, second = make_account(), make_account()
    community = make_community(creator)
    membership = membership_join(account=second, community=community)
    with pytest.raises(LastModeratorError):
        membership_leave(account=creator, community=community)
    Membership.objects.filter(pk=membership.pk).update(role="moderator")
    second.is_active = False
    second.save()
    with pytest.raises(LastModeratorError):
        membership_leave(account=creator, community=community)  # a suspended one does not count
    second.is_active = True
    second.save()
    left = membership_leave(account=creator, community=community)
    assert left is not None and not left.is_accepted


def test_a_refused_person_does_not_come_in_by_joining_again() -> None:
    community, account = make_community(), make_account()
    Membership.objects.create(
        account=account, community=community, status="refused", joined_at=timezone.now()
    )
    with pytest.raises(JoinRefusedError):
        membership_join(account=account, community=community)
    assert queries.members_count(community) == 1


def test_a_waiting_person_goes_on_waiting() -> None:
    community, account = make_community(), make_account()
    Membership.objects.create(
        account=account, community=community, status="pending", joined_at=timezone.now()
    )
    assert not membership_join(account=account, community=community).is_accepted


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "accepted"},
        {"status": "left"},
        {"status": "sleeping"},
    ],
)
def test_the_database_refuses_what_must_not_be(wrong: dict) -> None:
    community, account = make_community(), make_account()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            account=account, community=community, joined_at=timezone.now(), **wrong
        )


# --- reads --------------------------------------------------------------------------------------
def test_counts_are_those_of_accepted_members() -> None:
    community = make_community()
    for status in ("accepted", "pending", "refused", "left"):
        Membership.objects.create(
            account=make_account(),
            community=community,
            status=status,
            joined_at=timezone.now(),
            accepted_at=timezone.now(),
            left_at=timezone.now(),
        )
    assert queries.members_count(community) == 2
    assert queries.communities_list(None).get().members_count == 2
    assert queries.members_of(community).count() == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("hotel", {"Hôtel de ville"}),
        ("VILLE hôtel", {"Hôtel de ville"}),
        ("rennes", {"Hôtel de ville", "Ligne du littoral"}),
        ("%", {"Hôtel de ville", "Ligne du littoral", "Campus de la Côte"}),
        ("st brieuc", {"Campus de la Côte"}),
        ("saint-brieuc", {"Campus de la Côte"}),
        ("nulle part", set()),
    ],
)
def test_search_forgives_accents_capitals_and_order(asked: str, found: set[str]) -> None:
    make_community(name="Hôtel de ville")
    make_community(name="Ligne du littoral", kind="line")
    make_community(name="Campus de la Côte", municipality_code="22278")
    assert {row.name for row in queries.communities_list(None, text=asked)} == found


def test_filter_by_type_and_largest_first() -> None:
    small = make_community(name="Petite", kind="line")
    large = make_community(name="Très grande", kind="territory")
    membership_join(account=make_account(), community=large)
    assert [row.pk for row in queries.communities_list(None)] == [large.pk, small.pk]
    assert [row.pk for row in queries.communities_list(None, kind="line")] == [small.pk]
    assert queries.communities_list(None, kind="nonsense").count() == 2


def test_badges_of_many_people_take_one_query(django_assert_num_queries: object) -> None:
    community = make_community(name="Deux")
    people = [make_account() for _ in range(5)]
    for person in people:
        membership_join(account=person, community=community)
    with django_assert_num_queries(1):  # type: ignore[operator]
        badges = queries.community_badges([person.pk for person in people])
    assert [badge.name for badge in badges[people[3].pk]] == ["Deux"]


# --- who may ------------------------------------------------------------------------------------
def test_who_runs_and_who_sees(tenant: Tenant) -> None:
    """One line per person: runs it, sees the members, has a console."""
    creator, member, stranger, administrator = (make_account() for _ in range(4))
    administrator.roles.create(role="administrator")
    community = make_community(creator)
    membership_join(account=member, community=community)
    told = {
        "visitor": None,
        "creator": creator,
        "member": member,
        "stranger": stranger,
        "administrator": administrator,
    }
    allowed = {
        name: (
            access.is_moderator(account, community),
            access.can_see_members(account, community),
            access.has_console(account),
        )
        for name, account in told.items()
    }
    assert allowed == {
        "visitor": (False, False, False),
        "creator": (True, True, True),
        "member": (False, True, False),
        "stranger": (False, True, False),
        "administrator": (False, True, True),
    }


def test_a_moderator_who_left_runs_nothing() -> None:
    creator, second = make_account(), make_account()
    community = make_community(creator)
    membership = membership_join(account=second, community=community)
    Membership.objects.filter(pk=membership.pk).update(role="moderator")
    membership_leave(account=creator, community=community)
    assert not access.is_moderator(creator, community)
    assert not access.has_console(creator)


def test_the_service_is_the_only_way_to_a_free_address() -> None:
    names = [
        community_create(
            creator=make_account(),
            name="Zénith",
            kind="line",
            short_description="x",
            municipality_code="35238",
            same_name_meant=True,
        ).slug
        for _ in range(3)
    ]
    assert names == ["zenith", "zenith-2", "zenith-3"]

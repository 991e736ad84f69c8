"""The four validations, what moderators answer, and what must hold whatever they do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from communities.communities import domains, identifiers, queries, services
from communities.communities.errors import (
    CommunityInvalidError,
    DomainNotAllowedError,
    IdentifierRefusedError,
    IdentifiersUnreadableError,
    JoinRefusedError,
    LastModeratorError,
    MembershipChangedError,
    TooManyTriesError,
)
from communities.communities.memberships import email_verified
from communities.communities.models import (
    AuthorisedIdentifier,
    CommunitySettings,
    IdentifierTry,
    Membership,
)
from communities.communities.validation import community_settings_save
from core.accounts import inventory
from core.audit.queries import entries_of
from tests.conftest import Twins
from tests.factories import make_account, make_community

pytestmark = pytest.mark.usefixtures("tenant")


def moderated(**fields: Any) -> Any:
    return make_community(validation="moderator", **fields)


def secured(*lines: str, **fields: Any) -> Any:
    community = make_community(validation="secured", **fields)
    content = "\n".join(lines).encode()
    identifiers.identifiers_import(community=community, content=content, by=None)
    return community


# --- by a moderator -----------------------------------------------------------------------------
def test_a_request_waits_with_its_message_and_the_moderators_hear_of_it(
    django_capture_on_commit_callbacks: Any,
) -> None:
    runner, person = make_account(), make_account(first_name="Nina", last_name="Roux")
    community = moderated(creator=runner)
    with django_capture_on_commit_callbacks(execute=True):
        asked = services.membership_join(
            account=person, community=community, message="  Je travaille au 2e étage.  "
        )
        services.membership_join(account=person, community=community, message="encore")
    assert (asked.status, asked.message) == ("pending", "Je travaille au 2e étage.")
    assert queries.members_count(community) == 1
    (letter,) = mail.outbox
    assert letter.to == [runner.email] and "Nina Roux" in letter.subject
    assert "Je travaille au 2e étage." in letter.body and person.email not in letter.body


def test_an_accepted_request_is_told_and_written_down(
    django_capture_on_commit_callbacks: Any,
) -> None:
    runner, person = make_account(), make_account()
    community = moderated(creator=runner)
    asked = services.membership_join(account=person, community=community)
    with django_capture_on_commit_callbacks(execute=True):
        accepted = services.membership_accept(membership=asked, by=runner)
        services.membership_accept(membership=asked, by=runner)
    assert accepted.is_accepted and accepted.through == "moderator"
    assert [(one.to, "Vous êtes membre" in one.subject) for one in mail.outbox] == [
        ([person.email], True)
    ]
    (line,) = entries_of("community", community.pk)
    assert (line.action, line.actor, line.subject) == ("membership.accepted", runner, person)
    assert line.changes == {"status": ["pending", "accepted"]}


def test_a_refused_person_may_ask_again_after_the_regions_delay(
    django_capture_on_commit_callbacks: Any,
) -> None:
    community_settings_save(rules=CommunitySettings(ask_again_days=10))
    runner, person = make_account(), make_account()
    community = moderated(creator=runner)
    asked = services.membership_join(account=person, community=community)
    with django_capture_on_commit_callbacks(execute=True):
        services.membership_refuse(membership=asked, by=runner, reason="Réservé au site nord.")
    assert "Réservé au site nord." in mail.outbox[0].body
    with pytest.raises(JoinRefusedError) as refused:
        services.membership_join(account=person, community=community)
    assert refused.value.again_at is not None
    assert timedelta(days=9) < refused.value.again_at - timezone.now() < timedelta(days=11)
    Membership.objects.filter(pk=asked.pk).update(refused_at=timezone.now() - timedelta(days=10))
    again = services.membership_join(account=person, community=community, message="Et moi ?")
    assert (again.status, again.reason, again.message) == ("pending", "", "Et moi ?")


def test_a_community_always_has_a_moderator() -> None:
    runner, second = make_account(), make_account()
    community = make_community(runner)
    own = Membership.objects.get(account=runner)
    for attempt in (
        lambda: services.membership_role_set(membership=own, role="member", by=runner),
        lambda: services.membership_refuse(membership=own, by=runner),
        lambda: services.membership_wait(membership=own, by=runner),
        lambda: services.membership_remove(membership=own, by=runner),
        lambda: services.membership_leave(account=runner, community=community),
    ):
        with pytest.raises(LastModeratorError):
            attempt()
    other = services.membership_join(account=second, community=community)
    services.membership_role_set(membership=other, role="moderator", by=runner)
    assert services.membership_role_set(membership=own, role="member", by=second).role == "member"
    with pytest.raises(LastModeratorError):
        services.membership_leave(account=second, community=community)


def test_nobody_answers_for_who_has_left_and_removal_is_not_undone_by_the_person() -> None:
    runner, person = make_account(), make_account()
    community = moderated(creator=runner)
    asked = services.membership_join(account=person, community=community)
    services.membership_leave(account=person, community=community)
    with pytest.raises(MembershipChangedError):
        services.membership_accept(membership=asked, by=runner)
    added = services.membership_add(community=community, account=person, by=runner)
    assert added.is_accepted and added.through == "added"
    services.membership_remove(membership=added, by=runner)
    restored = services.membership_restore(account=person, community=community)
    assert restored is not None and restored.status == "left"


# --- by domain ----------------------------------------------------------------------------------
def test_only_a_verified_address_of_a_listed_domain_opens() -> None:
    community = make_community(validation="domain", domains=["ville.example", "agglo.example"])
    inside = make_account(email="nina@agglo.example")
    assert services.membership_join(account=inside, community=community).through == "domain"
    for outside in ("nina@ville.example.org", "nina@sous.ville.example", "x@faux-ville.example"):
        with pytest.raises(DomainNotAllowedError):
            services.membership_join(account=make_account(email=outside), community=community)
    claims = make_account(email="claims@ville.example")
    EmailAddress.objects.filter(user=claims).update(verified=False)
    with pytest.raises(DomainNotAllowedError):
        services.membership_join(account=claims, community=community)
    assert queries.members_count(community) == 2
    assert not Membership.objects.filter(account=claims).exists()


def test_a_new_address_is_checked_again(django_capture_on_commit_callbacks: Any) -> None:
    community = make_community(validation="domain", domains=["ville.example"])
    person = make_account(email="nina@ville.example")
    services.membership_join(account=person, community=community)
    address = EmailAddress.objects.get(user=person)
    EmailAddress.objects.filter(pk=address.pk).update(email="nina@ailleurs.example")
    with django_capture_on_commit_callbacks(execute=True):
        email_verified(person)
    assert Membership.objects.get(account=person).status == "pending"
    assert queries.members_count(community) == 1
    assert len(mail.outbox) == 2  # to the person and to the moderator
    with pytest.raises(DomainNotAllowedError):
        services.membership_join(account=person, community=community)
    EmailAddress.objects.filter(pk=address.pk).update(email="nina@ville.example")
    email_verified(person)
    assert Membership.objects.get(account=person).status == "accepted"


def test_domains_are_read_in_their_one_form() -> None:
    assert domains.domains_read("@Ville.Example; agglo.example,\nécole.example ville.example") == [
        "ville.example",
        "agglo.example",
        "xn--cole-9oa.example",
    ]
    for wrong in ("ville", "a b@c.example", "-x.example", "ville..example", "127.0.0.1"):
        with pytest.raises(CommunityInvalidError):
            domains.domains_read(wrong)
    with pytest.raises(CommunityInvalidError):
        make_community(validation="domain")


# --- secured ------------------------------------------------------------------------------------
def test_an_identifier_of_the_file_opens_once() -> None:
    community = secured("AB-1204", "AB-1205")
    first, second = make_account(), make_account()
    joined = services.membership_join(account=first, community=community, identifier=" ab-1204 ")
    assert joined.is_accepted and joined.through == "identifier"
    for wrong in ("AB-1204", "AB-9999", ""):
        with pytest.raises(IdentifierRefusedError):
            services.membership_join(account=second, community=community, identifier=wrong)
    assert not Membership.objects.filter(account=second).exists()
    services.membership_leave(account=first, community=community)
    back = services.membership_join(account=first, community=community, identifier="AB-1204")
    assert back.is_accepted
    first.delete()
    with pytest.raises(IdentifierRefusedError):
        services.membership_join(account=second, community=community, identifier="AB-1204")


def test_an_identifier_may_serve_several_people_where_it_is_said() -> None:
    community = secured("EQUIPE-7", identifiers_reusable=True)
    for _ in range(2):
        person = make_account()
        services.membership_join(account=person, community=community, identifier="equipe-7")
    assert queries.members_count(community) == 3


def test_five_tries_in_a_quarter_of_an_hour_by_account_and_community() -> None:
    community, other, person = secured("AB-1204"), secured("CD-1"), make_account()
    for _ in range(5):
        with pytest.raises(IdentifierRefusedError):
            services.membership_join(account=person, community=community, identifier="X")
    with pytest.raises(TooManyTriesError) as stopped:
        services.membership_join(account=person, community=community, identifier="AB-1204")
    assert stopped.value.status == 429
    assert services.membership_join(account=person, community=other, identifier="CD-1").is_accepted
    assert services.membership_join(
        account=make_account(), community=community, identifier="AB-1204"
    ).is_accepted
    IdentifierTry.objects.update(tried_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(IdentifierRefusedError):  # used meanwhile, but looked at again
        services.membership_join(account=person, community=community, identifier="AB-1204")


def test_an_identifier_of_ones_own_buys_no_more_guesses() -> None:
    community, person = secured("AB-1204"), make_account()
    for _ in range(2):
        services.membership_join(account=person, community=community, identifier="AB-1204")
        services.membership_leave(account=person, community=community)
    for _ in range(4):
        with pytest.raises(IdentifierRefusedError):
            services.membership_join(account=person, community=community, identifier="X")
    services.membership_join(account=person, community=community, identifier="AB-1204")
    services.membership_leave(account=person, community=community)
    with pytest.raises(IdentifierRefusedError):
        services.membership_join(account=person, community=community, identifier="Y")
    with pytest.raises(TooManyTriesError):
        services.membership_join(account=person, community=community, identifier="Z")


def test_identifiers_are_kept_as_hashes_of_this_region_and_community(twins: Twins) -> None:
    from tenants.context import tenant_scope

    here, there = secured("AB-1204"), secured("AB-1204")
    kept = [row.digest for row in AuthorisedIdentifier.objects.order_by("pk")]
    assert len(set(kept)) == 2 and all(len(one) == 64 for one in kept)
    with tenant_scope(twins.b):
        assert identifiers.digest(here, "AB-1204") not in kept
    assert identifiers.digest(there, "ab - 1204") == kept[1]


@pytest.mark.parametrize(
    "content",
    [
        "Identifiant;Nom\r\nAB-1;Zoé\r\nAB-2;Léa\r\n;vide\r\nab-1;encore\r\n".encode("cp1252"),
        b"\xef\xbb\xbfidentifiant\nAB-1\nAB-2\n\n  ,\nAB-1",
        "AB-1\tx\nAB-2\ty\n\t\nAB-1\tz".encode("utf-16"),
    ],
)
def test_a_file_is_read_whatever_its_spreadsheet(content: bytes) -> None:
    community = make_community(validation="secured")
    report = identifiers.identifiers_import(community=community, content=content, by=None)
    assert (report.added, report.known, report.repeated) == (2, 0, 1)
    again = identifiers.identifiers_import(
        community=community, content=b"AB-2\nAB-3", by=None, replace=True
    )
    assert (again.added, again.known, again.withdrawn) == (1, 1, 1)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04\x00\x00", b"a" * 6_000_000])
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(IdentifiersUnreadableError):
        identifiers.identifiers_import(community=make_community(), content=content, by=None)


# --- changes and personal data ------------------------------------------------------------------
def test_a_change_says_what_became_of_what() -> None:
    runner = make_account()
    community = make_community(runner, name="Halle nord")
    changed = services.community_change(
        community=community, by=runner, name="Halle sud", validation="domain", domains=["a.example"]
    )
    assert (changed.name, changed.slug) == ("Halle sud", "halle-nord")
    (line,) = entries_of("community", community.pk)
    assert line.changes == {
        "name": ["Halle nord", "Halle sud"],
        "validation": ["automatic", "domain"],
        "domains": [[], ["a.example"]],
    }
    services.community_change(community=community, by=runner, name="Halle sud")
    assert len(entries_of("community", community.pk)) == 1
    with pytest.raises(CommunityInvalidError):
        services.community_change(community=community, by=runner, domains=[])


def test_an_export_holds_memberships_and_a_deletion_tells_the_region(
    django_capture_on_commit_callbacks: Any,
) -> None:
    person = make_account()
    community = moderated()
    services.membership_join(account=person, community=community, message="Bonjour")
    (row,) = inventory.export(person)["memberships"]
    assert (row["community"], row["status"], row["message"]) == (
        community.name,
        "pending",
        "Bonjour",
    )
    runner = community.created_by
    # Without any member it would be archived at once.
    services.membership_accept(membership=person.memberships.get(), by=runner)
    with django_capture_on_commit_callbacks(execute=True):
        inventory.remove(runner)
    assert any("Plus personne n’anime" in one.subject for one in mail.outbox)

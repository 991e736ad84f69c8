"""The life and end of communities: quiet, warned, handed over, archived, deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.communities import queries as communities
from communities.communities.ending import community_delete, community_restore
from communities.communities.models import Community, Membership
from communities.communities.services import membership_join, membership_leave
from communities.lifecycle import queries
from communities.lifecycle.activity import community_keep, lifecycle_daily
from communities.lifecycle.archives import community_archive, community_revive
from communities.lifecycle.contacts import contact_log
from communities.lifecycle.errors import (
    ContactInvalidError,
    ContactMissingError,
    NotACandidateError,
    OfferClosedError,
    OfferOpenError,
    SuccessorRefusedError,
    VoteClosedError,
)
from communities.lifecycle.handovers import (
    candidate_stand,
    candidate_withdraw,
    handover_close,
    handover_decide,
    handover_open,
    vote_cast,
)
from communities.lifecycle.models import Candidate, Contact, HandOver, Offer, Standing, Vote
from communities.lifecycle.offers import offer_answer, offer_make, offer_withdraw
from communities.lifecycle.rules import lifecycle_rules, months_before
from core.accounts import inventory
from core.accounts.models import Account
from core.accounts.services import account_delete, account_restore, account_suspend, role_grant
from core.audit.queries import entries_of
from tenants.models import Tenant
from tests.client import StrictClient
from tests.communities.test_pages import text_of
from tests.factories import make_account, make_community

Clients = Callable[..., StrictClient]
CONSOLE = "/administration/communautes/"


@pytest.fixture
def as_person(tenant: Tenant, client_for: Clients) -> Clients:
    return lambda account=None: client_for(tenant, account)


@pytest.fixture
def referent(tenant: Tenant) -> Any:
    return make_account(first_name="Soizic", last_name="Le Goff")


@pytest.fixture
def authority(tenant: Tenant) -> Any:
    account = make_account(first_name="Odile", last_name="Caron")
    role_grant(account=account, role="administrator")
    return account


@pytest.fixture
def community(referent: Any) -> Community:
    found: Community = make_community(referent, name="Atelier des Lices")
    return found


def joins(community: Community, *, days_ago: int = 0, **names: str) -> Any:
    """Somebody who has been a member for so many days."""
    account = make_account(**names)
    membership = membership_join(account=account, community=community)
    Membership.objects.filter(pk=membership.pk).update(
        accepted_at=timezone.now() - timedelta(days=days_ago)
    )
    return account


def falls_quiet(community: Community, *, days: int = 400) -> datetime:
    """Make as if nothing had happened for so long; return when it last did."""
    then = timezone.now() - timedelta(days=days)
    Community.objects.filter(pk=community.pk).update(created_at=then)
    Membership.objects.filter(community=community).update(accepted_at=then)
    Account.objects.filter(memberships__community=community).update(last_login=None)
    return then


def runs(community: Community, account: Any) -> bool:
    return Membership.objects.filter(
        community=community, account=account, role="moderator", status="accepted"
    ).exists()


def actions(community: Community) -> list[str]:
    return [entry.action for entry in entries_of("community", community.pk)]


def is_open(community: Community) -> bool:
    community.refresh_from_db()
    return community.is_active


# --- deletion -------------------------------------------------------------------------------------
def test_a_deleted_community_is_nowhere_at_once(
    as_person: Clients, referent: Any, community: Community
) -> None:
    other = make_community(name="Les quais")
    here, name, visitor = f"/communautes/{community.slug}/", community.name, as_person()
    member = as_person(joins(community))
    pages = ("/communautes/", "/communautes/carte.json", "/api/v1/communities/", "/")
    for path in pages:
        assert name in visitor.get(path).content.decode(), path
    community_delete(community=community, by=referent)
    for client in (visitor, member, as_person(referent)):
        for path in pages:
            words = client.get(path).content.decode()
            assert name not in words, path
        gone = client.get(here)
        assert gone.status_code == 410 and "n’existe plus" in text_of(gone)
    assert other.name in visitor.get("/communautes/").content.decode()
    for path in (f"{here}lieu.json", f"{here}qr.svg", f"/api/v1/communities/{community.slug}/"):
        assert visitor.get(path).status_code == 404
    assert member.post(f"{here}rejoindre/").status_code == 404
    assert name not in text_of(member.get("/communautes/mes/"))
    from communities.communities.registration import CommunityExtra

    field: Any = CommunityExtra().fields()["community"]
    assert community.slug not in dict(field.choices) and other.slug in dict(field.choices)


def test_restoring_leaves_a_community_as_it_was(community: Community, referent: Any) -> None:
    community_archive(community=community)
    contact_log(community=community, by=referent, on=_today(), way="mail", said="Oui", person="X")
    community_delete(community=community, by=None)
    community_restore(community=community, by=None)
    assert not is_open(community) and Standing.objects.get().state == "archived"
    community_revive(community=community, by=referent)
    community_delete(community=community, by=referent)
    community_restore(community=community, by=referent)
    assert is_open(community)


def test_deleted_communities_are_listed_with_who_why_and_a_way_back(
    as_person: Clients, authority: Any, referent: Any, community: Community
) -> None:
    make_community(name="Les quais")
    community_delete(community=community, by=referent, reason="Fusion avec la ville")
    client = as_person(authority)
    page = client.get(f"{CONSOLE}supprimees/")
    words = text_of(page)
    assert "Atelier des Lices" in words and "Fusion avec la ville" in words
    assert "Soizic L." in words and "Les quais" not in words
    assert "Communautés supprimées" in text_of(client.get(CONSOLE))
    with CaptureQueriesContext(connection) as few:
        client.get(f"{CONSOLE}supprimees/")
    for _ in range(5):
        community_delete(community=make_community(), by=referent)
    with CaptureQueriesContext(connection) as many:
        client.get(f"{CONSOLE}supprimees/")
    assert len(many) == len(few)
    client.post(f"{CONSOLE}retablir/", {"slug": community.slug})
    assert is_open(community)


# --- inactivity -----------------------------------------------------------------------------------
def _today() -> Any:
    return timezone.localdate()


def test_months_are_those_of_the_calendar() -> None:
    march = datetime(2026, 3, 31, 8)
    assert months_before(march, 1) == march.replace(month=2, day=28)
    assert months_before(march, 12) == march.replace(year=2025)
    assert months_before(march, 3) == march.replace(year=2025, month=12)


def test_a_quiet_community_is_warned_twice_then_its_members_are_asked(
    referent: Any, community: Community
) -> None:
    joins(community)
    falls_quiet(community)
    lively = make_community(name="Vivante")
    now = timezone.now()

    def day(number: int) -> list[str]:
        mail.outbox.clear()
        with TestCase.captureOnCommitCallbacks(execute=True):
            lifecycle_daily(now=now + timedelta(days=number))
            lifecycle_daily(now=now + timedelta(days=number))
        return [to for message in mail.outbox for to in message.to]

    assert day(0) == [referent.email]
    assert "toujours active" in mail.outbox[0].subject
    assert [row.community_id for row in Standing.objects.all()] == [community.pk]
    assert day(29) == []
    assert day(30) == [referent.email] and "choisiront" in str(mail.outbox[0].body)
    assert day(59) == [] and not HandOver.objects.exists()
    assert len(day(60)) == 2  # every member, the silent one too
    assert HandOver.objects.get().cause == "silence"
    assert day(61) == []
    assert not Standing.objects.filter(community=lively).exists()
    assert actions(community) == [
        "community.vote_opened",
        "community.warned_again",
        "community.found_quiet",
    ]


@pytest.mark.parametrize("sign", ["member", "sign-in", "said", "advert"])
def test_any_sign_of_life_ends_the_warnings(sign: str, referent: Any, community: Community) -> None:
    falls_quiet(community)
    lifecycle_daily()
    assert Standing.objects.get().state == "quiet"
    if sign == "member":
        membership_join(account=make_account(), community=community)
    elif sign == "sign-in":
        Account.objects.filter(pk=referent.pk).update(last_login=timezone.now())
    elif sign == "said":
        community_keep(community=community, by=referent)
    else:
        _publish(community, referent)
    lifecycle_daily()
    assert Standing.objects.get().state == "alive"
    lifecycle_daily()
    assert Standing.objects.get().state == "alive"


def _publish(community: Community, author: Any) -> None:
    from datetime import time

    from rides.adverts.inputs import Place, Slot, Weekly
    from rides.adverts.services import advert_publish

    advert_publish(
        author=author,
        role="driver",
        origin=Place("35238"),
        destination=Place("35360"),
        planning=Weekly([Slot(0, time(7, 40))]),
        seats=2,
        communities=[community],
    )


def test_the_referent_answers_from_the_page(
    as_person: Clients, referent: Any, community: Community
) -> None:
    member = joins(community)
    falls_quiet(community)
    lifecycle_daily()
    here, client = f"/communautes/{community.slug}/", as_person(referent)
    assert "toujours active" in text_of(client.get(here))
    assert "toujours active" not in text_of(as_person(member).get(here))
    assert "inactive" in text_of(client.get(f"{CONSOLE}{community.slug}/"))
    assert as_person(member).post(f"{here}relais/active/").status_code == 404
    client.post(f"{here}relais/active/")
    assert "toujours active" not in text_of(client.get(here))


def test_the_delays_are_the_regions_own(as_person: Clients, authority: Any) -> None:
    client, address = as_person(authority), f"{CONSOLE}regles/"
    sent = {
        "ask_again_days": "30",
        "inactive_after_months": "6",
        "answer_days": "10",
        "vote_days": "7",
        "archive_months": "3",
    }
    assert client.post(address, {**sent, "vote_days": "1"}).status_code == 422
    assert lifecycle_rules().vote_days == 14
    assert client.post(address, sent).status_code == 302
    rules = lifecycle_rules()
    assert (rules.inactive_after_months, rules.answer_days, rules.vote_days) == (6, 10, 7)
    community = make_community()
    falls_quiet(community, days=200)
    lifecycle_daily()
    assert Standing.objects.get().community_id == community.pk


# --- contacts -------------------------------------------------------------------------------------
def test_deleting_for_inactivity_needs_a_logged_contact(
    as_person: Clients, authority: Any, referent: Any, community: Community
) -> None:
    then = falls_quiet(community)
    lifecycle_daily()
    client, slug = as_person(authority), community.slug
    address, sent = f"{CONSOLE}{slug}/supprimer/", {"name": community.name}
    assert "Consigner un contact" in text_of(client.get(address))
    refused = client.post(address, sent)
    assert refused.status_code == 409 and "consignez un contact" in text_of(refused)
    assert is_open(community)
    old = {"on": (then - timedelta(days=9)).date(), "way": "mail", "said": "Tout va bien."}
    contact_log(community=community, by=authority, account=referent, **old)
    with pytest.raises(ContactMissingError):  # from before its last activity
        community_delete(community=community, by=authority)

    form = f"{CONSOLE}{slug}/vie/contact/"
    told = {"on": _today().isoformat(), "way": "phone", "said": "Elle a quitté l'entreprise."}
    late = client.post(form, {**told, "on": "2099-01-01", "person": "Soizic"})
    assert late.status_code == 422 and "une fois qu’il a eu lieu" in text_of(late)
    assert client.post(form, told).status_code == 422  # with whom?
    assert client.post(form, {**told, "who": str(referent.public_id)}).status_code == 302
    words = text_of(client.get(f"{CONSOLE}{slug}/vie/"))
    assert "Soizic Le Goff , Par téléphone" in words and "consigné par Odile C." in words
    assert "quitté l'entreprise" in words
    assert client.post(address, sent).status_code == 302
    assert not is_open(community)
    assert actions(community)[:2] == ["community.deleted", "community.contact"]


def test_who_runs_a_community_ends_it_without_any_contact(
    referent: Any, community: Community
) -> None:
    falls_quiet(community)
    lifecycle_daily()
    community_delete(community=community, by=referent)
    assert not is_open(community)


def test_a_contact_is_a_fact(community: Community, authority: Any) -> None:
    for wrong in (
        {"on": _today() + timedelta(days=1), "said": "x", "person": "y"},
        {"on": _today(), "said": " ", "person": "y"},
        {"on": _today(), "said": "x", "person": " "},
    ):
        with pytest.raises(ContactInvalidError):
            contact_log(community=community, by=authority, way="mail", **wrong)


def test_inactive_communities_are_listed_for_the_region_alone(
    as_person: Clients, authority: Any, referent: Any, community: Community
) -> None:
    falls_quiet(community)
    lifecycle_daily()
    make_community(name="Vivante")
    client, address = as_person(authority), f"{CONSOLE}inactives/"
    words = text_of(client.get(address))
    assert "Atelier des Lices" in words and "Vivante" not in words and "Aucun" in words
    assert as_person(referent).get(address).status_code == 404
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):  # the first one lives again: its référent has just signed in
        falls_quiet(make_community())
    lifecycle_daily()
    with CaptureQueriesContext(connection) as many:
        assert "5 lignes" in text_of(client.get(address))
    assert len(many) == len(few)
    limited = make_account()
    role_grant(account=limited, role="community_manager", territories=["29"])
    assert "Atelier des Lices" not in text_of(as_person(limited).get(address))
    assert as_person(limited).get(f"{CONSOLE}{community.slug}/vie/").status_code == 404


# --- a successor ----------------------------------------------------------------------------------
def test_a_successor_accepts_and_the_referent_steps_down(
    as_person: Clients, referent: Any, community: Community
) -> None:
    heir = joins(community, first_name="Nina", last_name="Roux")
    here, client = f"/communautes/{community.slug}/relais/", as_person(referent)
    key = Membership.objects.get(account=heir, community=community).pk
    assert "Nina Roux" in text_of(client.get(f"{here}?q=rou"))
    assert "Nina Roux" not in text_of(client.get(f"{here}?q=zzz"))
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(f"{here}nommer/", {"member": key, "steps_down": "on"})
    assert [message.to for message in mail.outbox] == [[heir.email]]
    assert not runs(community, heir), "nothing changes before the person accepts"
    successor = as_person(heir)
    assert "On vous propose d’animer" in text_of(successor.get("/communautes/mes/"))
    assert "J’accepte" in text_of(successor.get(here))
    successor.post(f"{here}repondre/", {"answer": "accept"})
    assert runs(community, heir) and not runs(community, referent)
    assert communities.members_count(community) == 2
    again = successor.post(f"{here}repondre/", {"answer": "decline"}, follow=True)
    assert "reçu une réponse" in text_of(again) and runs(community, heir)


def test_an_offer_is_one_at_a_time_and_is_taken_back(referent: Any, community: Community) -> None:
    first, second = joins(community), joins(community)
    keys = {row.account_id: row.pk for row in Membership.objects.all()}
    offer = offer_make(community=community, by=referent, membership=keys[first.pk])
    assert offer_make(community=community, by=referent, membership=keys[first.pk]) == offer
    with pytest.raises(OfferOpenError):
        offer_make(community=community, by=referent, membership=keys[second.pk])
    with pytest.raises(SuccessorRefusedError):
        offer_make(community=community, by=referent, membership=keys[referent.pk])
    offer_withdraw(community=community, by=referent)
    with pytest.raises(OfferClosedError):
        offer_answer(offer=offer, account=first, accept=True)
    other = offer_make(community=community, by=referent, membership=keys[second.pk])
    offer_answer(offer=other, account=second, accept=False)
    assert [runs(community, one) for one in (referent, first, second)] == [True, False, False]


# --- votes ----------------------------------------------------------------------------------------
def opened(community: Community) -> HandOver:
    handover = handover_open(community=community, cause="region")
    assert handover is not None
    return handover


def ends(handover: HandOver) -> HandOver:
    return handover_close(handover=handover, now=handover.closes_at)


def test_members_come_forward_and_choose_in_secret(
    as_person: Clients, authority: Any, community: Community
) -> None:
    nina = joins(community, days_ago=50, first_name="Nina", last_name="Roux")
    paul = joins(community, days_ago=90, first_name="Paul", last_name="Kerbrat")
    stranger = as_person(make_account())
    address = f"/communautes/{community.slug}/relais/"
    handover = opened(community)
    as_person(nina).post(f"{address}candidature/", {"words": "Je connais tout le monde."})
    key = Candidate.objects.get().pk
    for account in (nina, paul):
        as_person(account).post(f"{address}vote/", {"candidate": key})
        as_person(account).post(f"{address}vote/", {"candidate": key})
    assert Vote.objects.count() == 2
    words = text_of(as_person(paul).get(address))
    assert "Je connais tout le monde." in words and "2 membres sur 3 ont voté" in words
    for told in (words, text_of(as_person(authority).get(f"{CONSOLE}{community.slug}/vie/"))):
        assert "2 voix" not in told, "no count before the end"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}vote/", {"candidate": key}).status_code == 404
    assert ends(handover).winner == nina and runs(community, nina)
    told = text_of(as_person(paul).get(address))
    assert "Nina R. a été choisi·e" in told and "2 voix" in told
    late = as_person(paul).post(f"{address}vote/", {"candidate": key}, follow=True)
    assert "terminé" in text_of(late)


def test_a_tie_goes_to_the_earliest_member(community: Community) -> None:
    late, early = joins(community, days_ago=5), joins(community, days_ago=500)
    handover = opened(community)
    for account in (late, early):
        one = candidate_stand(handover=handover, account=account)
        vote_cast(handover=handover, voter=account, candidate=one.pk)
    assert ends(handover).winner == early
    assert ends(handover).winner == early and not runs(community, late)


def test_only_members_count_to_the_end(community: Community) -> None:
    first, second, gone, voter = (joins(community, days_ago=n) for n in (10, 20, 30, 40))
    handover = opened(community)
    one, two, three = (
        candidate_stand(handover=handover, account=account) for account in (first, second, gone)
    )
    for account, candidate in ((gone, two), (first, three), (voter, three), (second, one)):
        vote_cast(handover=handover, voter=account, candidate=candidate.pk)
    membership_leave(account=gone, community=community)
    with pytest.raises(NotACandidateError):
        vote_cast(handover=handover, voter=voter, candidate=three.pk)
    with pytest.raises(VoteClosedError):
        candidate_stand(handover=handover, account=gone)
    assert ends(handover).winner == first, "the votes of and for who left are worth nothing"


def test_without_a_candidate_the_community_is_archived(community: Community, referent: Any) -> None:
    handover = opened(community)
    candidate_stand(handover=handover, account=referent)
    candidate_withdraw(handover=handover, account=referent)
    assert ends(handover).status == "fruitless"
    assert not is_open(community) and Standing.objects.get().archive_reason == "nobody"


def test_the_authority_decides_instead(
    as_person: Clients, authority: Any, community: Community
) -> None:
    nina = joins(community)
    handover = opened(community)
    key = Membership.objects.get(account=nina, community=community).pk
    outside = Membership.objects.exclude(community=community).first() or Membership(pk=0)
    address = f"{CONSOLE}{community.slug}/vie/decider/"
    client = as_person(authority)
    assert client.post(address, {"member": outside.pk}).status_code == 404
    assert client.post(address, {"member": key}).status_code == 302
    handover.refresh_from_db()
    assert handover.status == "decided" and handover.winner == nina and runs(community, nina)
    handover_decide(community=community, membership=Membership.objects.get(pk=key), by=authority)


# --- a community always has a moderator -----------------------------------------------------------
def test_suspending_or_deleting_the_last_moderator_asks_the_members(
    community: Community, referent: Any, authority: Any
) -> None:
    second = joins(community)
    Membership.objects.filter(account=second).update(role="moderator")
    member = joins(community)
    account_suspend(account=second, by=authority, reason="Essai")
    assert not HandOver.objects.exists(), "somebody else still runs it"
    with TestCase.captureOnCommitCallbacks(execute=True):
        account_delete(account=referent)
    handover = HandOver.objects.get()
    assert handover.cause == "gone" and handover.is_open
    assert member.email in {to for message in mail.outbox for to in message.to}
    account_restore(account=second)
    assert ends(handover).status == "cancelled", "the moderator is back, nobody stood"
    assert is_open(community)
    account_suspend(account=second, by=authority)
    assert HandOver.objects.filter(status="open").count() == 1


def test_a_community_of_one_is_archived_with_its_only_member(
    community: Community, referent: Any
) -> None:
    account_delete(account=referent)
    assert not is_open(community) and Standing.objects.get().state == "archived"


def test_the_daily_task_finds_communities_that_nobody_runs(community: Community) -> None:
    joins(community)
    Membership.objects.filter(role="moderator").update(role="member")
    lifecycle_daily()
    lifecycle_daily()
    assert HandOver.objects.get().cause == "gone"


# --- archives -------------------------------------------------------------------------------------
def test_an_archive_is_read_by_its_members_and_opened_again_by_the_region(
    as_person: Clients, authority: Any, referent: Any, community: Community
) -> None:
    member, here = joins(community), f"/communautes/{community.slug}/"
    client = as_person(authority)
    client.post(f"{CONSOLE}{community.slug}/vie/archiver/")
    page = as_person(member).get(here)
    words = text_of(page)
    assert page.status_code == 200 and "Communauté archivée" in words and "2 membres" in words
    assert "<form" not in page.content.decode().split("<main")[1].split("</main>")[0]
    for other in (as_person(), as_person(make_account())):
        assert other.get(here).status_code == 410
        assert community.name not in text_of(other.get("/communautes/"))
    assert as_person(member).post(f"{here}quitter/").status_code == 404
    assert community.name in text_of(as_person(member).get("/communautes/mes/"))
    client.post(f"{CONSOLE}{community.slug}/vie/rouvrir/")
    assert is_open(community) and as_person().get(here).status_code == 200
    assert runs(community, referent)


def test_an_archive_ends_after_its_delay_only_with_a_contact(
    community: Community, authority: Any, referent: Any
) -> None:
    community_archive(community=community, now=timezone.now() - timedelta(days=400))
    lifecycle_daily()
    community.refresh_from_db()
    assert community.deleted_at is None
    contact_log(
        community=community, by=authority, on=_today(), way="letter", said="Adieu", person="S"
    )
    lifecycle_daily()
    community.refresh_from_db()
    assert community.deleted_at is not None


# --- personal data --------------------------------------------------------------------------------
def test_what_is_held_about_a_person_is_exported_and_ends_with_the_account(
    community: Community, referent: Any, authority: Any
) -> None:
    nina = joins(community)
    contact_log(
        community=community, by=authority, on=_today(), way="mail", said="Malade.", account=nina
    )
    key = Membership.objects.get(account=nina, community=community).pk
    offer_make(community=community, by=referent, membership=key)
    handover = opened(community)
    stood = candidate_stand(handover=handover, account=nina, words="Moi")
    vote_cast(handover=handover, voter=nina, candidate=stood.pk)
    told = inventory.export(nina)["running_communities"]
    assert told["contacts_about_me"][0]["said"] == "Malade."
    assert told["candidacies"][0]["words"] == "Moi" and told["votes"][0]["for_myself"]
    assert told["offers_to_run"][0]["status"] == "open"
    assert inventory.export(authority)["running_communities"]["contacts_logged_by_me"]
    account_delete(account=nina)
    contact = Contact.objects.get()
    assert (contact.person, contact.said, contact.account) == ("", "", None)
    assert not Offer.objects.exists() and not Candidate.objects.exists()
    assert queries.voters_count(handover) == 0

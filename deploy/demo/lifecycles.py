"""Communities of the demo whose life needs care: one quiet, one voting, one archived."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone

from communities.communities.models import Community, Membership
from communities.lifecycle.models import Candidate, Contact, HandOver, Standing, Vote
from core.accounts.models import Account
from core.audit.services import record
from deploy.demo import cast

WORDS: Final = (
    "Je fais la route tous les jours et je connais presque tout le monde.",
    "J’ai animé un café-covoiturage l’an dernier, je veux bien continuer.",
)
SAID: Final = (
    "Elle a changé d’employeur et ne suit plus la communauté ; elle demande à des collègues qui "
    "pourrait prendre la suite. Rappel convenu dans deux semaines."
)


def fill(slug: str) -> None:
    """Make them, as the daily task and the region would have, without their mails."""
    member = Account.objects.get(email=cast.account(slug, cast.MEMBER).email)
    authority = Account.objects.get(email=cast.account(slug, cast.ADMINISTRATOR).email)
    own = list(Community.objects.filter(memberships__account=member).order_by("-pk"))
    others = list(
        Community.objects.exclude(memberships__account=member)
        .filter(validation=Community.Validation.AUTOMATIC)
        .order_by("-pk")[:2]
    )
    if not own or len(others) < 2:
        return
    now = timezone.now()
    _quiet(others[0], authority, now)
    _archived(others[1], now)
    _vote(min(own, key=lambda one: _is_run_by_cast(one, slug)), member, authority, now)


def _is_run_by_cast(community: Community, slug: str) -> bool:
    """Whether somebody whose password is printed runs it: better another's."""
    emails = [one.email for one in cast.ACCOUNTS if one.region == slug]
    run = community.memberships.filter(role=Membership.Role.MODERATOR, account__email__in=emails)
    return run.exists()


def _age(community: Community, then: dt.datetime) -> None:
    Community.objects.filter(pk=community.pk).update(created_at=then - dt.timedelta(days=300))
    rows = Membership.objects.filter(community=community)
    rows.update(joined_at=then, accepted_at=then)
    Account.objects.filter(pk__in=rows.filter(role="moderator").values("account")).update(
        last_login=None
    )
    community.publications.all().delete()


def _quiet(community: Community, authority: Account, now: dt.datetime) -> None:
    then = now - dt.timedelta(days=405)
    _age(community, then)
    Standing.objects.create(
        community=community,
        last_sign_at=then,
        quiet_since=now - dt.timedelta(days=39),
        warned_at=now - dt.timedelta(days=39),
        warned_again_at=now - dt.timedelta(days=9),
    )
    runner = community.memberships.filter(role="moderator").select_related("account")[0].account
    Contact.objects.create(
        community=community,
        on=(now - dt.timedelta(days=4)).date(),
        way=Contact.Way.PHONE,
        account=runner,
        person=runner.full_name,
        said=SAID,
        by=authority,
        logged_at=now - dt.timedelta(days=4),
    )
    _note(community, "community.found_quiet", None)
    _note(community, "community.contact", authority)


def _archived(community: Community, now: dt.datetime) -> None:
    _age(community, now - dt.timedelta(days=520))
    Standing.objects.create(
        community=community,
        last_sign_at=now - dt.timedelta(days=520),
        archived_at=now - dt.timedelta(days=60),
        archive_reason=Standing.ArchiveReason.NOBODY,
    )
    Community.objects.filter(pk=community.pk).update(is_active=False)
    _note(community, "community.archived", None)


def _vote(community: Community, member: Account, authority: Account, now: dt.datetime) -> None:
    handover = HandOver.objects.create(
        community=community,
        cause=HandOver.Cause.REGION,
        opened_at=now - dt.timedelta(days=5),
        closes_at=now + dt.timedelta(days=9),
    )
    people = [
        row.account
        for row in Membership.objects.filter(community=community, status="accepted")
        .exclude(role="moderator")
        .exclude(account=member)
        .select_related("account")
        .order_by("pk")[:12]
    ]
    standing = [
        Candidate.objects.create(
            handover=handover, account=account, words=words, came_at=now - dt.timedelta(days=4)
        )
        for account, words in zip(people, WORDS, strict=False)
    ]
    if standing:
        Vote.objects.bulk_create(
            Vote(
                handover=handover,
                voter=account,
                candidate=standing[number % len(standing)],
                cast_at=now - dt.timedelta(days=2),
            )
            for number, account in enumerate(people)
        )
    _note(community, "community.vote_opened", authority)


def _note(community: Community, action: str, by: Account | None) -> None:
    record(
        actor=by,
        action=action,
        kind="community",
        object_id=community.pk,
        label=community.name,
    )

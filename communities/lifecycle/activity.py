"""What each day brings: quiet communities, warnings, votes that end, archives that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from communities.communities.ending import community_delete
from communities.communities.models import Community, Membership
from communities.lifecycle import notices, signs
from communities.lifecycle.archives import wake
from communities.lifecycle.errors import ContactMissingError
from communities.lifecycle.handovers import handover_close, handover_open
from communities.lifecycle.locks import locked, note, runners, standing_of
from communities.lifecycle.models import HandOver, LifecycleRules, Standing
from communities.lifecycle.rules import lifecycle_rules, months_before
from core.accounts.models import Account

CHUNK: Final = 500
"""Communities looked at together: a constant number of queries for each chunk."""


def lifecycle_daily(*, now: datetime | None = None) -> None:
    """Do in one region what its delays ask for; running it twice does nothing more."""
    moment = now or timezone.now()
    rules = lifecycle_rules()
    votes_close(now=moment)
    keys = list(
        Community.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
    )
    for start in range(0, len(keys), CHUNK):
        _look_at(keys[start : start + CHUNK], rules, moment)
    orphans_hand_over(now=moment)
    archives_end(rules, now=moment)


def votes_close(*, now: datetime) -> None:
    """End the votes whose time is over."""
    over = HandOver.objects.filter(status=HandOver.Status.OPEN, closes_at__lte=now)
    for handover in over.select_related("community").order_by("pk"):
        handover_close(handover=handover, now=now)


def _look_at(keys: Sequence[int], rules: LifecycleRules, now: datetime) -> None:
    limit = months_before(now, rules.inactive_after_months)
    last = signs.last_seen(keys)
    noticed = set(
        Standing.objects.filter(community__in=keys, quiet_since__isnull=False).values_list(
            "community", flat=True
        )
    )
    for key in keys:
        if key in noticed or last[key] < limit:
            _judge(key, last[key], limit, rules, now)


@transaction.atomic
def _judge(key: int, last: datetime, limit: datetime, rules: LifecycleRules, now: datetime) -> None:
    """Take the next step about one community that was, or is, quiet."""
    community = Community.objects.select_for_update(no_key=True).filter(pk=key).first()
    if community is None or not community.is_active:
        return
    standing = standing_of(community)
    if last >= limit:
        wake(standing, answered=False)
        return
    wait = timedelta(days=rules.answer_days)
    standing.last_sign_at = last
    if standing.quiet_since is None:
        standing.quiet_since = standing.warned_at = now
        standing.save()
        note(community, "community.found_quiet", by=None)
        notices.tell_quiet(community, standing, again=False, days=rules.answer_days)
    elif standing.warned_again_at is None:
        if standing.warned_at is not None and standing.warned_at + wait <= now:
            standing.warned_again_at = now
            standing.save()
            note(community, "community.warned_again", by=None)
            notices.tell_quiet(community, standing, again=True, days=rules.answer_days)
    elif standing.warned_again_at + wait <= now:
        handover_open(community=community, cause=HandOver.Cause.SILENCE, now=now)


@transaction.atomic
def community_keep(*, community: Community, by: Account) -> Standing:
    """« Ma communauté est toujours active »: somebody who runs it says so."""
    row = locked(community)
    standing = standing_of(row)
    was_quiet = standing.quiet_since is not None
    wake(standing)
    cancelled = HandOver.objects.filter(
        community=row, status=HandOver.Status.OPEN, cause=HandOver.Cause.SILENCE
    ).update(status=HandOver.Status.CANCELLED, closed_at=timezone.now())
    if was_quiet or cancelled:
        note(row, "community.kept", by=by)
    return standing


def orphans_hand_over(*, now: datetime) -> None:
    """Ask the members of open communities that nobody active runs, however it came to that."""
    run = Membership.objects.filter(
        community=OuterRef("pk"),
        status=Membership.Status.ACCEPTED,
        role=Membership.Role.MODERATOR,
        account__is_active=True,
    )
    asked = HandOver.objects.filter(community=OuterRef("pk"), status=HandOver.Status.OPEN)
    rows = Community.objects.filter(~Exists(run), ~Exists(asked), is_active=True)
    for community in rows.order_by("pk"):
        with transaction.atomic():
            row = locked(community)
            if not runners(row).exists():
                handover_open(community=row, cause=HandOver.Cause.GONE, now=now)


def archives_end(rules: LifecycleRules, *, now: datetime) -> None:
    """Delete archived communities whose time is over, once a contact was logged (OG-06)."""
    over = Community.objects.filter(
        deleted_at__isnull=True,
        standing__archived_at__lte=months_before(now, rules.archive_months),
    )
    for community in over.order_by("pk"):
        try:
            community_delete(community=community, by=None)
        except ContactMissingError:
            continue  # it stays where it is; the console says what is missing

"""Reads of adverts: which are shown, to whom, in what order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from communities.communities.models import Community
from communities.communities.queries import account_ids_of
from core.accounts.models import Account
from rides.adverts.inputs import Slot
from rides.adverts.models import Advert, AdvertCommunity, Schedule, ShownIn
from rides.matching.timing import instant, wall_clock

_UNSHOWN: Final = (
    "password",
    "email",
    "phone",
    "birth_date",
    "residence_code",
    "title",
    "language",
    "last_login",
    "created_at",
)


def adverts_public() -> QuerySet[Advert]:
    """Adverts that anyone may see: online, of people who are active."""
    return Advert.objects.filter(status=Advert.Status.ACTIVE, author__is_active=True)


def adverts_current(rows: QuerySet[Advert], now: datetime) -> QuerySet[Advert]:
    """Those of ``rows`` that still have a ride to come, up to the day."""
    # The zones of one region differ by nothing in practice: UTC's day, one day of grace less.
    today = now.astimezone(UTC).date()
    return rows.annotate(last_day=Coalesce("return_date", "date", "valid_until")).filter(
        last_day__gte=today
    )


def is_over(advert: Advert, now: datetime) -> bool:
    """Whether the last ride of an advert has left."""
    if advert.kind == Advert.Kind.REGULAR:
        assert advert.valid_until is not None
        return wall_clock(now, advert.zone).date() > advert.valid_until
    day = advert.return_date or advert.date
    at = advert.return_time or advert.time
    assert day is not None
    assert at is not None
    return instant(day, at, advert.zone) <= now


def with_authors(rows: QuerySet[Advert]) -> QuerySet[Advert]:
    """``rows`` with their authors, of whom it reads what others may see."""
    return rows.select_related("author").defer(*(f"author__{name}" for name in _UNSHOWN))


def filled(adverts: Iterable[Advert]) -> list[Advert]:
    """The adverts with ``slots`` and ``shown_in``: two statements, whatever their number.

    Plain values rather than instances: a page of results spends most of its time here otherwise.
    """
    rows = {advert.pk: advert for advert in adverts}
    for advert in rows.values():
        advert.slots, advert.shown_in = [], []
    slots = Schedule.objects.filter(advert__in=rows).order_by("weekday")
    for key, weekday, at, back in slots.values_list("advert", "weekday", "time", "return_time"):
        rows[key].slots.append(Slot(weekday, at, back))
    published = AdvertCommunity.objects.filter(advert__in=rows, community__is_active=True).order_by(
        "community__name_key", "pk"
    )
    for key, slug, name in published.values_list("advert", "community__slug", "community__name"):
        rows[key].shown_in.append(ShownIn(slug, name))
    return list(rows.values())


def for_cards(rows: QuerySet[Advert]) -> list[Advert]:
    """``rows`` with all that is shown of an advert, in three statements."""
    return filled(with_authors(rows))


def adverts_of(account: Account) -> QuerySet[Advert]:
    """The account's own adverts, online and paused, latest first."""
    return Advert.objects.filter(author=account).exclude(status=Advert.Status.DELETED)


def adverts_in(community: Community, now: datetime) -> QuerySet[Advert]:
    """Adverts published in a community by people who are its members, latest first."""
    return adverts_current(
        adverts_public().filter(
            publications__community=community, author__in=account_ids_of(community)
        ),
        now,
    )

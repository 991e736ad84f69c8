"""Reads of adverts: which are shown, to whom, in what order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from communities.communities.models import Community
from communities.communities.queries import account_ids_of
from core.accounts.models import Account
from rides.adverts.models import Advert, AdvertCommunity
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


def for_cards(rows: QuerySet[Advert]) -> QuerySet[Advert]:
    """``rows`` with all that is shown of an advert, in three statements whatever their number.

    Fills ``slots`` and ``shown_in``, and of the author reads the name alone.
    """
    return (
        rows.select_related("author")  # type: ignore[no-redef]  # the model names them too
        .defer(*(f"author__{name}" for name in _UNSHOWN))
        .prefetch_related(
            Prefetch("schedules", to_attr="slots"),
            Prefetch(
                "publications",
                queryset=AdvertCommunity.objects.filter(community__is_active=True)
                .select_related("community")
                .only("advert_id", "community__slug", "community__name")
                .order_by("community__name_key", "pk"),
                to_attr="shown_in",
            ),
        )
    )


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

"""Reads of adverts: which are shown, to whom, in what order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from communities.communities.models import Community
from communities.communities.queries import account_ids_of
from core.accounts.models import Account
from rides.adverts.hiding import seen_by
from rides.adverts.inputs import Slot
from rides.adverts.models import Advert, AdvertCommunity, Schedule, Stop
from rides.adverts.shown import ShownIn, Via
from rides.matching.geometry import Point
from rides.matching.timing import instant, wall_clock


def adverts_public(reader: Any = None) -> QuerySet[Advert]:
    """Adverts that a reader (an account; a visitor by default) may see.

    Online, of people who are active, and not hidden by their community (``hiding``).
    """
    online = Advert.objects.filter(status=Advert.Status.ACTIVE, author__is_active=True)
    return seen_by(online, reader)


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


RENEW_DAYS: Final = 60
"""An advert may be renewed so many days before its end."""


def is_renewable(advert: Advert, today: date) -> bool:
    """Whether a regular advert ends soon, or has ended, and may run for one more year."""
    if advert.valid_until is None or advert.status == Advert.Status.DELETED:
        return False
    return (advert.valid_until - today).days <= RENEW_DAYS


_LEFT_OUT: Final = {"keys", "line"}
"""What the index alone reads is long and shown nowhere."""
_FIELDS: Final = [field for field in Advert._meta.concrete_fields if field.name not in _LEFT_OUT]
_OWN: Final = [field.attname for field in _FIELDS]
_AUTHOR: Final = ["id", "public_id", "first_name", "last_name", "is_active", "guest_from"]
_FOR_CARDS: Final = f"""
SELECT {", ".join(f"a.{field.column}" for field in _FIELDS)},
       {", ".join(f"u.{name}" for name in _AUTHOR)},
       (SELECT json_agg(json_build_array(s.weekday, s.time, s.return_time)
                        ORDER BY s.weekday, s.time)
          FROM {Schedule._meta.db_table} s WHERE s.advert_id = a.id),
       (SELECT json_agg(json_build_array(t.label, t.lat, t.lon) ORDER BY t.position)
          FROM {Stop._meta.db_table} t WHERE t.advert_id = a.id),
       (SELECT json_agg(json_build_array(c.slug, c.name) ORDER BY c.name_key, p.id)
          FROM {AdvertCommunity._meta.db_table} p
          JOIN {Community._meta.db_table} c ON c.id = p.community_id AND c.is_active
           AND NOT c.members_hidden
         WHERE p.advert_id = a.id)
  FROM {Advert._meta.db_table} a
  JOIN {Account._meta.db_table} u ON u.id = a.author_id
 WHERE a.id = ANY(%s)
"""


def for_cards(keys: Iterable[int]) -> list[Advert]:
    """The adverts of these primary keys, in their order, with all that is shown of them.

    Authors come with what others may see of them; ``slots``, ``via`` and ``shown_in`` are filled.
    One statement, written once: a page of results would spend half of its time on building three.
    Keys that no longer exist are left out.
    """
    wanted = list(keys)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FOR_CARDS, [wanted])
        rows = cursor.fetchall()
    found = {advert.pk: advert for advert in map(_from_row, rows)}
    return [found[key] for key in wanted if key in found]


def _from_row(row: Sequence[Any]) -> Advert:
    own, both = len(_OWN), len(_OWN) + len(_AUTHOR)
    advert = Advert.from_db(connection.alias, _OWN, row[:own])
    advert.author = Account.from_db(connection.alias, _AUTHOR, row[own:both])
    slots, stops, communities = row[both:]
    advert.via = [Via(label, Point(lat, lon)) for label, lat, lon in stops or ()]
    advert.slots = [
        Slot(weekday, time.fromisoformat(at), time.fromisoformat(back) if back else None)
        for weekday, at, back in slots or ()
    ]
    advert.shown_in = [ShownIn(slug, name) for slug, name in communities or ()]
    return advert


def keys_of(rows: QuerySet[Advert]) -> QuerySet[Advert, int]:
    """The primary keys of ``rows``, for ``for_cards`` or a paginator."""
    return rows.values_list("pk", flat=True)


def adverts_of(account: Account) -> QuerySet[Advert]:
    """The account's own adverts, online and paused, latest first."""
    return Advert.objects.filter(author=account).exclude(status=Advert.Status.DELETED)


def places_of(account: Account) -> list[str]:
    """INSEE codes of the ends of an account's adverts, arrivals first, the latest first."""
    rows = adverts_of(account).order_by("-pk").values_list("destination_code", "origin_code")[:10]
    ends = list(rows)
    return list(dict.fromkeys([end for end, _start in ends] + [start for _end, start in ends]))


def adverts_in(community: Community, now: datetime, reader: Any = None) -> QuerySet[Advert]:
    """Adverts of a community's members published there that a reader may see, latest first."""
    return adverts_current(
        adverts_public(reader).filter(
            publications__community=community, author__in=account_ids_of(community)
        ),
        now,
    )


def latest_of(accounts: Sequence[int], reader: Any, now: datetime) -> dict[int, UUID]:
    """Return the latest advert online of each account, as far as a reader may see; one query."""
    rows = adverts_current(adverts_public(reader).filter(author__in=accounts), now)
    rows = rows.order_by("author_id", "-created_at", "-pk").distinct("author_id")
    return dict(rows.values_list("author_id", "public_id"))


def latest_in(communities: Sequence[int]) -> dict[int, datetime]:
    """Return when an advert was last published in each of those communities; one query."""
    rows = AdvertCommunity.objects.filter(community__in=communities).order_by()
    return dict(
        rows.values("community")
        .annotate(last=Max("advert__created_at"))
        .values_list("community", "last")
    )


def roles_in_words(community: Community, account_ids: Sequence[int]) -> dict[int, str]:
    """What people are on their adverts in a community, in words; one query.

    Hidden and ended adverts do not count; accounts without any are absent.
    """
    rows = AdvertCommunity.objects.filter(
        community=community,
        advert__author_id__in=list(account_ids),
        advert__status=Advert.Status.ACTIVE,
    )
    roles: dict[int, set[str]] = {}
    told = rows.order_by().values_list("advert__author_id", "advert__role").distinct()
    for account, role in told:
        roles.setdefault(account, set()).add(role)
    return {
        account: ", ".join(str(one.label) for one in Advert.Role if one.value in held)
        for account, held in roles.items()
    }

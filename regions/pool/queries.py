"""What the current region may read of the pool: functions of the database, nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from django.db import connection, connections
from django.urls import reverse

from regions.agreements.queries import reach
from tenants.backend.base import DatabaseWrapper
from tenants.memory import Remembered


class PooledRow(NamedTuple):
    """A partner's advert. Days are numbers since 1970, times seconds of the day."""

    pk: int
    advert: UUID
    region: str
    accent: str
    alias: str
    role: str
    kind: str
    zone: str
    line: list[float]
    week: list[int]
    date: int | None
    time: int | None
    return_date: int | None
    return_time: int | None
    valid_from: int | None
    valid_until: int | None
    school_holidays: bool
    public_holidays: bool
    origin_code: str
    destination_code: str
    cents_per_km: int | None
    """None: agreements do not tell it."""
    wheelchair: bool | None
    exceptions: list[int]
    seats: int
    pools: list[UUID] | None
    """Pooled communities it is published in; None: agreements do not tell it."""


class OwnRow(NamedTuple):
    """An advert of the current region in the pool, and who may read it."""

    advert: UUID
    since: dt.datetime
    updated_at: dt.datetime
    regions: list[str]
    """Names of the partners that agreements let read it now."""


class Emblem(NamedTuple):
    """A partner's mark: its logo, or its initials on its own colour (``pool/_emblem.html``)."""

    slug: str
    name: str
    accent: str
    logo: str
    """Name of a file of its public storage; empty for none."""

    @property
    def logo_url(self) -> str:
        """Address of the logo on the reader's own host; empty for none."""
        return reverse("pool:logo", args=[self.slug]) if self.logo else ""


class Card(NamedTuple):
    """How a partner that shares adverts looks."""

    region: int
    """Key of its tenant: what letters are addressed to."""
    slug: str
    name: str
    accent: str
    logo: str
    """Name of a file of its public storage; empty for none."""

    @property
    def logo_url(self) -> str:
        """Address of the logo on the reader's own host; empty for none."""
        return Emblem(self.slug, self.name, self.accent, self.logo).logo_url


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """What is asked of partners' adverts: as of the region's own (``rides.search``)."""

    here: Sequence[int]
    """Keys, one of which an advert must have ..."""
    there: Sequence[int]
    """... and one of these."""
    roles: Sequence[str]
    seats_from: int
    seats_to: int
    days: Sequence[dt.date]
    """Days on which it may leave; none: every week, from ``first`` on."""
    first: dt.date
    last: dt.date
    near: tuple[float, ...] = ()
    """Sine, then both ends as unit vectors: which planes may pass; none: any."""
    free: bool = False
    wheelchair: bool = False


_SEARCH: Final = """
SELECT * FROM pool_search(%s::text::bigint[], %s::text::bigint[], %s, %s::smallint, %s::smallint,
                          %s::date[], %s, %s, %s::float8[], %s, %s)
"""


def pool_search(asked: PoolQuestion) -> list[PooledRow]:
    """Return partners' adverts that may suit, agreements applied; a superset, in no order.

    Prepared, as the search of a region's own adverts is: binding in the text took half as long
    again as the answer.
    """
    with cast("DatabaseWrapper", connections["default"]).prepared_cursor() as cursor:
        cursor.execute(
            _SEARCH,
            [
                _array(asked.here),
                _array(asked.there),
                list(asked.roles),
                asked.seats_from,
                asked.seats_to,
                list(asked.days),
                asked.first,
                asked.last,
                list(asked.near),
                asked.free,
                asked.wheelchair,
            ],
        )
        return _rows(cursor)


def pool_common(pool: UUID) -> list[PooledRow]:
    """Return partners' adverts that are published in a pooled community, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pool_common(%s)", [pool])
        return _rows(cursor)


def pool_get(advert: UUID) -> PooledRow | None:
    """Return one partner's advert, if agreements let the current region read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pool_get(%s)", [advert])
        return next(iter(_rows(cursor)), None)


def pool_some(adverts: Sequence[UUID]) -> list[PooledRow]:
    """Return those of these adverts that agreements let the current region read; one statement."""
    if not adverts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT told.* FROM unnest(%s::uuid[]) AS asked (advert), "
            "LATERAL pool_get(asked.advert) AS told",
            [list(adverts)],
        )
        return _rows(cursor)


def pool_own() -> list[OwnRow]:
    """Return what the pool holds of the current region."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pool_own()")
        return [OwnRow._make(row) for row in cursor.fetchall()]


def partner_names() -> list[str]:
    """Return the names of the regions that read the current one's adverts now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pool_partners()")
        return [name for (name,) in cursor.fetchall()]


def partner_cards() -> list[Card]:
    """Return the cards of the regions that share adverts with the current one now, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pool_cards()")
        return [Card._make(row) for row in cursor.fetchall()]


def partner_logo(slug: str) -> tuple[int, str] | None:
    """Return the key and the logo of a partner that shares anything with the region now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT region, logo FROM pool_emblem(%s)", [slug])
        found = cursor.fetchone()
    return (int(found[0]), str(found[1])) if found else None


def pool_home(advert: UUID) -> Card | None:
    """Return whose advert it is, if agreements let the current region read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pool_home(%s)", [advert])
        (region,) = cursor.fetchone()
    return next((card for card in partner_cards() if card.region == region), None)


def has_partners() -> bool:
    """Whether any partner shares adverts, as remembered for seconds; ``pool_search`` decides."""
    return _PARTNERS.get()


def _shares() -> bool:
    return bool(reach("adverts"))


_PARTNERS: Final = Remembered(_shares)


def _rows(cursor: Any) -> list[PooledRow]:
    return [PooledRow._make(row) for row in cursor.fetchall()]


def _array(numbers: Sequence[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"

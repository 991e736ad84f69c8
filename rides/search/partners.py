"""Rides of partner regions, asked of the pool and made to look like the region's own.

The same keys, the same exact refinement, the same rank: they stand in one list. What the pool does
not tell (a name, a message, a community) is not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from communities.communities.models import Community
from core.accounts.guests import nameless
from regions.pool.queries import PooledRow, PoolQuestion, has_partners, pool_common, pool_search
from regions.pooled.queries import has_pools, pool_view
from rides.adverts.models import MAX_SEATS
from rides.matching.geometry import sine_of, unit
from rides.matching.match import Wish
from rides.matching.timing import wall_clock
from rides.relay.guests import aliases_of
from rides.search.candidates import ROLES, Candidate, candidates, keys_for
from rides.search.inputs import LookingFor, SearchQuery

UNTOLD_CENTS: Final = 999
"""For the order by price: a contribution that is not told comes last."""


def all_candidates(
    query: SearchQuery, wish: Wish, radius: float, others: dict[int, PooledRow] | None
) -> list[Candidate]:
    """The region's candidates and, unless ``others`` is None, its partners', noted there."""
    rows = candidates(query, wish, radius)
    if others is not None:
        for row in partner_rows(query, wish, radius):
            others[-row.pk] = row
            rows.append(as_candidate(row))
    return rows


def partner_rows(query: SearchQuery, wish: Wish, radius: float) -> list[PooledRow]:
    """Partners' adverts that may suit; none for a question that one's own region alone answers."""
    if query.same_gender or not has_partners():
        return []
    pool = None
    if query.community is not None:
        pool = pool_of(query.community)
        if pool is None:
            return []
    here, there = keys_for(query, wish, radius)
    drivers = query.looking_for == LookingFor.DRIVERS
    days: Sequence[dt.date] = wish.days() if wish.day is not None else ()
    today = wall_clock(wish.now, wish.zone).date()
    rows = pool_search(
        PoolQuestion(
            here=here,
            there=there,
            roles=[query.role] if query.role else list(ROLES[query.looking_for]),
            seats_from=query.seats if drivers else 1,
            seats_to=MAX_SEATS if drivers else query.seats,
            days=days,
            first=days[0] if days else today,
            last=days[-1] if days else today,
            near=(sine_of(radius), *unit(query.origin), *unit(query.destination))
            if drivers
            else (),
            free=query.free,
            wheelchair=query.wheelchair,
        )
    )
    blocked = aliases_of(query.without) if rows and query.without else set()
    return [
        row
        for row in rows
        if row.alias not in blocked and (pool is None or pool in (row.pools or ()))
    ]


def pool_of(community: int) -> UUID | None:
    """The pool of a community (its key) that partners share in now; None where it has none."""
    if not has_pools():
        return None
    view = pool_view(Community.objects.values_list("public_id", flat=True).get(pk=community))
    return view.pool if view is not None else None


def common_rows(community: Community) -> list[PooledRow]:
    """Partners' adverts in a community that is pooled, the latest first; 100 at most."""
    if not has_pools() or not has_partners():
        return []
    view = pool_view(community.public_id)
    return pool_common(view.pool) if view is not None else []


def partner_name(row: PooledRow) -> str:
    """What somebody of another region is called: nobody's name crosses before they agree."""
    return nameless(row.region)


def as_candidate(row: PooledRow) -> Candidate:
    """A partner's advert as a candidate; its key is negative, as no advert of the region's is."""
    return Candidate(
        pk=-row.pk,
        public_id=row.advert,
        zone=row.zone,
        line=row.line,
        week=row.week,
        date=row.date,
        time=row.time,
        return_date=row.return_date,
        return_time=row.return_time,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        school_holidays=row.school_holidays,
        public_holidays=row.public_holidays,
        origin_code=row.origin_code,
        cents_per_km=row.cents_per_km if row.cents_per_km is not None else UNTOLD_CENTS,
        exceptions=row.exceptions,
        seats=row.seats,
        booked=None,
    )

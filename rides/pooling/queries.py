"""What leaves the region of one member's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.accounts.models import Account
from core.registry import Registry
from regions.pool.queries import Card, partner_cards, pool_own
from rides.adverts.models import Advert
from rides.pooling.models import PoolingRefusal, RegionRefusal, SharedAdvert, pooling_enabled


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One advert that partners hold, or are about to."""

    advert: Advert
    agreed_at: dt.datetime
    since: dt.datetime | None
    """None: it is on its way."""
    regions: list[str]


@dataclass(frozen=True, slots=True)
class Holding:
    """What else partners hold of somebody, for an app above to say."""

    name: str
    words: Callable[[Account, int], str]
    """(account, region) → a sentence; empty for nothing."""
    order: int = 100


HOLDINGS: Final = Registry[Holding]("holding of partner regions")


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One partner region, and what it holds of one member's."""

    card: Card
    adverts: int
    since: dt.datetime | None
    """Since when it has held the oldest of them."""
    refused: bool
    more: list[str]
    """What else it holds, in words."""


@dataclass(frozen=True)
class SharedBy:
    """All that leaves of one member's."""

    lines: list[SharedLine]
    enabled: bool
    partners: list[str]
    refused: bool
    regions: list[RegionLine]
    elsewhere: bool
    """Whether regions hold something else of theirs, such as what they wrote."""


def shared_by(account: Account) -> SharedBy:
    """Return what partners hold of an account's adverts, in a fixed number of queries."""
    rows = SharedAdvert.objects.filter(advert__author=account, withdrawn_at__isnull=True)
    shared = list(rows.filter(shared=True).select_related("advert").order_by("agreed_at", "pk"))
    held = {row.advert: row for row in pool_own()} if shared else {}
    lines = []
    for row in shared:
        own = held.get(row.pool_id)
        lines.append(
            SharedLine(
                row.advert,
                row.agreed_at,
                own.since if own else None,
                own.regions if own else [],
            )
        )
    cards = partner_cards()
    said_no = set(RegionRefusal.objects.filter(account=account).values_list("region", flat=True))
    regions = [_region(account, card, lines, card.region in said_no) for card in cards]
    return SharedBy(
        lines=lines,
        enabled=pooling_enabled(),
        partners=[card.name for card in cards],
        refused=PoolingRefusal.objects.filter(account=account).exists(),
        regions=regions,
        elsewhere=any(line.more for line in regions),
    )


def _region(account: Account, card: Card, lines: list[SharedLine], refused: bool) -> RegionLine:
    held = [] if refused else [line for line in lines if card.name in line.regions]
    since = min((line.since for line in held if line.since is not None), default=None)
    more = [words for one in HOLDINGS if (words := one.words(account, card.region))]
    return RegionLine(card, len(held), since, refused, more)

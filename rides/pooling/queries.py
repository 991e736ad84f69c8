"""What leaves the region of one member's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.accounts.models import Account
from core.registry import Registry
from regions.agreements.models import Agreement, Pooled
from regions.agreements.queries import agreements_of_region
from regions.pool.queries import Card, partner_cards, pool_own
from rides.adverts.models import Advert
from rides.pooling.models import PoolingRefusal, RegionRefusal, SharedAdvert, pooling_enabled
from tenants.context import current_tenant


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One advert that partners hold, or are about to."""

    advert: Advert
    agreed_at: dt.datetime
    since: dt.datetime | None
    """None: it is on its way."""
    regions: list[str]


class Held(NamedTuple):
    """What else one region holds of somebody, in words."""

    region: int
    """Key of its tenant."""
    name: str
    words: str
    """A sentence: what, since when."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What regions hold of somebody beside adverts, for an app above to say."""

    name: str
    held: Callable[[Account], list[Held]]
    """One line for each region at most; a fixed number of queries."""
    order: int = 100


HOLDINGS: Final = Registry[Holding]("holding of partner regions")


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One other region, and what it holds of one member's."""

    card: Card
    adverts: int
    since: dt.datetime | None
    """Since when it has held the oldest of them."""
    refused: bool
    more: list[str]
    """What else it holds, in words."""
    state: str
    """``shares`` now; ``suspended``; ``over``: what it still holds is being removed."""


class Purpose(NamedTuple):
    """An agreement in force, as members read it."""

    title: str
    purpose: str
    regions: list[str]
    """Names of the other parties."""


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
    purposes: list[Purpose]
    """Why: what the agreements in force say."""


def shared_by(account: Account) -> SharedBy:
    """Return what other regions hold of an account's, in a fixed number of queries."""
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
    agreements = agreements_of_region()
    regions = _regions(account, cards, lines, agreements)
    return SharedBy(
        lines=lines,
        enabled=pooling_enabled(),
        partners=[card.name for card in cards],
        refused=PoolingRefusal.objects.filter(account=account).exists(),
        regions=regions,
        elsewhere=any(line.more for line in regions),
        purposes=_purposes(agreements),
    )


def _regions(
    account: Account, cards: list[Card], lines: list[SharedLine], agreements: list[Agreement]
) -> list[RegionLine]:
    """Partners, then regions that share nothing now but hold something still."""
    said_no = set(RegionRefusal.objects.filter(account=account).values_list("region", flat=True))
    more: dict[int, list[Held]] = {}
    for one in HOLDINGS:
        for held in one.held(account):
            more.setdefault(held.region, []).append(held)
    paused = {
        party.tenant_id
        for agreement in agreements
        if agreement.state == Agreement.State.SUSPENDED and Pooled.ADVERTS in agreement.pools
        for party in agreement.parties.all()
    }
    found = [_region(card, lines, card.region in said_no, more, "shares") for card in cards]
    for region in sorted(more.keys() - {card.region for card in cards}):
        card = Card(region, "", more[region][0].name, "", "")
        state = "suspended" if region in paused else "over"
        found.append(_region(card, [], region in said_no, more, state))
    return found


def _region(
    card: Card, lines: list[SharedLine], refused: bool, more: dict[int, list[Held]], state: str
) -> RegionLine:
    held = [] if refused else [line for line in lines if card.name in line.regions]
    since = min((line.since for line in held if line.since is not None), default=None)
    words = [one.words for one in more.get(card.region, [])]
    return RegionLine(card, len(held), since, refused, words, state)


def _purposes(agreements: list[Agreement]) -> list[Purpose]:
    region = current_tenant()
    return [
        Purpose(
            one.title,
            one.purpose,
            [party.tenant.name for party in one.parties.all() if party.tenant_id != region.pk],
        )
        for one in agreements
        if one.stage == Agreement.Stage.IN_FORCE
    ]

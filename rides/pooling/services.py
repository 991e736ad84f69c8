"""Members' will, and the events that follow: adverts shared with partners, or withdrawn.

An advert is shared while its author has said yes for it, the region lets adverts leave, an
agreement pools adverts, and any visitor may see it here; never one that asks for a civil title.
Whatever changes one of these calls ``adverts_sync``; the clock does so for what nobody tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.communities.models import Membership
from core.accounts.models import Account
from regions.agreements.queries import reach
from regions.pool.adverts import AdvertPayload, adverts_share, adverts_withdraw
from regions.pool.queries import pool_own
from regions.pooled.queries import pools_of_region
from rides.adverts.models import Advert, AdvertCommunity
from rides.adverts.queries import adverts_current, adverts_public
from rides.bookings.models import LIVE, Booking
from rides.pooling.models import (
    PoolingRefusal,
    RegionRefusal,
    SharedAdvert,
    pooling_enabled_stored,
)
from rides.pooling.payloads import payload_of
from tenants.errors import PasserelleError

BATCH: Final = 200


class PoolingError(PasserelleError):
    """``not_offered``: the region shares adverts with nobody, or this one cannot be shared."""

    status = 409


@transaction.atomic
def advert_agree(*, advert: Advert, account: Account) -> SharedAdvert:
    """Note the author's « yes » for an advert and share it. Saying it twice changes nothing.

    Raises ``PoolingError`` (``not_offered``) where it could not be shared.
    """
    _will_lock(account)
    locked = Advert.objects.select_for_update(no_key=True).get(pk=advert.pk)
    if not _partners() or locked.pk not in _shareable([locked.pk]):
        raise PoolingError(
            _("This advert cannot be offered to other regions at present."), code="not_offered"
        )
    PoolingRefusal.objects.filter(account=account).delete()
    row, _made = SharedAdvert.objects.get_or_create(
        advert=locked, defaults={"agreed_at": timezone.now()}
    )
    if row.withdrawn_at is not None:
        row.withdrawn_at, row.agreed_at = None, timezone.now()
        row.save(update_fields=["withdrawn_at", "agreed_at"])
    adverts_sync([locked.pk])
    row.refresh_from_db()
    return row


@transaction.atomic
def advert_take_back(*, advert: Advert) -> None:
    """Take an advert back from partners; it stays online here."""
    rows = SharedAdvert.objects.filter(advert=advert, withdrawn_at__isnull=True)
    rows.update(withdrawn_at=timezone.now())
    adverts_sync([advert.pk])


@transaction.atomic
def refuse_all(*, account: Account) -> int:
    """Take all adverts of an account back, and ask no more; returns how many partners held."""
    _will_lock(account, adverts=True)
    PoolingRefusal.objects.get_or_create(account=account)
    rows = SharedAdvert.objects.filter(advert__author=account)
    held = list(rows.filter(shared=True).values_list("advert_id", flat=True))
    rows.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    adverts_sync(held)
    return len(held)


@transaction.atomic
def ask_again(*, account: Account) -> None:
    """Take the « no » for all adverts back: they are asked anew for each; none is shared by it."""
    _will_lock(account)
    PoolingRefusal.objects.filter(account=account).delete()


@transaction.atomic
def region_refuse(*, account: Account, region: int) -> None:
    """Keep all adverts of an account from one region; the other partners keep them."""
    _will_lock(account, adverts=True)
    RegionRefusal.objects.get_or_create(account=account, region=region)
    adverts_sync(_held_of(account))


@transaction.atomic
def region_allow(*, account: Account, region: int) -> None:
    """Let one region read the account's offered adverts again."""
    _will_lock(account, adverts=True)
    RegionRefusal.objects.filter(account=account, region=region).delete()
    adverts_sync(_held_of(account))


def _held_of(account: Account) -> list[int]:
    """Adverts of an account (keys) that partners hold."""
    rows = SharedAdvert.objects.filter(advert__author=account, shared=True)
    return list(rows.order_by("advert_id").values_list("advert_id", flat=True))


def _will_lock(account: Account, *, adverts: bool = False) -> None:
    """Let somebody say one thing at a time: no « no » passes beside a « yes » under way.

    Before any advert is locked. With ``adverts`` theirs are as well, as every sync asks: whatever
    is being told of one is told before, and seen.
    """
    list(Account.everybody.select_for_update(no_key=True).filter(pk=account.pk).values_list("pk"))
    if adverts:
        rows = Advert.objects.select_for_update(no_key=True).filter(author=account)
        list(rows.order_by("pk").values_list("pk"))


def adverts_sync(adverts: Sequence[int], *, again: bool = True) -> int:
    """Bring what partners hold of these adverts (keys) to what it should be; returns the moves.

    In the caller's transaction, adverts locked first. Without ``again``, one that is shared and
    stays so, in the same pooled communities, is left as it is.
    """
    with transaction.atomic():
        rows = list(
            SharedAdvert.objects.select_for_update(no_key=True)
            .filter(advert__in=adverts)
            .order_by("advert_id")
        )
        if not rows:
            return 0
        wanted = [row.advert_id for row in rows if row.withdrawn_at is None]
        offered = _shareable(wanted) if wanted and _partners() else set()
        pools = pools_of_adverts(offered)
        share = [
            row
            for row in rows
            if row.advert_id in offered
            and (again or not row.shared or row.pools != pools.get(row.advert_id, []))
        ]
        withdraw = [row for row in rows if row.shared and row.advert_id not in offered]
        adverts_share(_payloads(share, pools))
        adverts_withdraw([row.pool_id for row in withdraw])
        for turned, shared in ((share, True), (withdraw, False)):
            keys = [row.pk for row in turned if row.shared != shared]
            SharedAdvert.objects.filter(pk__in=keys).update(shared=shared)
        moved = [row for row in share if row.pools != pools.get(row.advert_id, [])]
        for row in moved:
            row.pools = pools.get(row.advert_id, [])
        SharedAdvert.objects.bulk_update(moved, ["pools"])
    return len(share) + len(withdraw)


def region_sync(*, again: bool = False) -> int:
    """The same for the whole region: what no act told, or (``again``) everything anew."""
    keys = list(SharedAdvert.objects.order_by("advert_id").values_list("advert_id", flat=True))
    return adverts_resync(keys, again=again)


def adverts_resync(keys: Sequence[int], *, again: bool = False) -> int:
    """``adverts_sync`` of adverts (keys), some at a time, each locked first."""
    moved = 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            batch = keys[start : start + BATCH]
            list(
                Advert.objects.select_for_update(no_key=True)
                .filter(pk__in=batch)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            moved += adverts_sync(batch, again=again)
    return moved


def region_rebuild() -> int:
    """Tell partners everything anew, and take back what they should not hold; returns how many."""
    moved = region_sync(again=True)
    with transaction.atomic():
        shared = SharedAdvert.objects.filter(shared=True).values_list("pool_id", flat=True)
        strangers = {row.advert for row in pool_own()} - set(shared)
        adverts_withdraw(sorted(strangers))
    return moved + len(strangers)


def account_leaves(account: Account) -> None:
    """Take back what partners hold of somebody whose account is being deleted."""
    _will_lock(account, adverts=True)
    rows = SharedAdvert.objects.filter(advert__author=account, shared=True)
    adverts_withdraw(sorted(rows.values_list("pool_id", flat=True)))


def _partners() -> bool:
    """Whether anything may leave the region at this moment."""
    return pooling_enabled_stored() and bool(reach("adverts"))


def _shareable(adverts: Iterable[int]) -> set[int]:
    """Those of these adverts that may leave if their authors say so: any visitor sees them."""
    rows = adverts_current(adverts_public(), timezone.now()).filter(
        pk__in=list(adverts), same_gender=False
    )
    kept = rows.exclude(communities__members_hidden=True).exclude(communities__adverts_leave=False)
    return set(kept.values_list("pk", flat=True))


def pools_of_adverts(adverts: Iterable[int]) -> dict[int, list[UUID]]:
    """Return the pooled communities that adverts (keys) are published in by their members."""
    wanted = list(adverts)
    held = pools_of_region() if wanted else {}
    if not held:
        return {}
    rows = AdvertCommunity.objects.filter(
        advert__in=wanted,
        community__public_id__in=held,
        community__is_active=True,
        community__memberships__account=F("advert__author"),
        community__memberships__status=Membership.Status.ACCEPTED,
    )
    found: dict[int, list[UUID]] = {}
    for advert, community in rows.values_list("advert_id", "community__public_id"):
        found.setdefault(advert, []).append(held[community])
    return {advert: sorted(pools) for advert, pools in found.items()}


def _payloads(
    rows: Sequence[SharedAdvert], pools: dict[int, list[UUID]]
) -> dict[UUID, AdvertPayload]:
    keys = [row.advert_id for row in rows]
    adverts = Advert.objects.filter(pk__in=keys).prefetch_related("schedules", "exceptions")
    booked = set(
        Booking.objects.filter(advert__in=keys, status__in=LIVE).values_list("advert", flat=True)
    )
    found = {advert.pk: advert for advert in adverts}
    withheld: dict[int, list[int]] = {}
    authors = {advert.author_id for advert in found.values()}
    said = RegionRefusal.objects.filter(account__in=authors).order_by("region")
    for account, region in said.values_list("account_id", "region"):
        withheld.setdefault(account, []).append(region)
    return {
        row.pool_id: payload_of(
            found[row.advert_id],
            booked=row.advert_id in booked,
            withheld=withheld.get(found[row.advert_id].author_id, []),
            pools=pools.get(row.advert_id, []),
        )
        for row in rows
    }

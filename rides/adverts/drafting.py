"""Drafts of adverts: kept at each step, for ``KEPT_DAYS`` days, for their author alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.accounts.models import Account
from rides.adverts.models import Advert, AdvertDraft

KEPT_DAYS: Final = 30


def draft_of(
    account: Account, advert: Advert | None = None, *, now: datetime | None = None
) -> AdvertDraft | None:
    """The account's draft of a new advert, or of the change of ``advert``; None when too old."""
    since = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    return AdvertDraft.objects.filter(account=account, advert=advert, updated_at__gte=since).first()


def draft_save(*, account: Account, data: dict[str, Any], advert: Advert | None = None) -> None:
    """Keep what was typed; it replaces what was kept before."""
    rows = AdvertDraft.objects.filter(account=account, advert=advert)
    for _attempt in range(2):
        if rows.update(data=data, updated_at=timezone.now()):
            return
        try:
            with transaction.atomic():
                AdvertDraft.objects.create(account=account, advert=advert, data=data)
        except IntegrityError:  # another tab was first: write over its row
            continue
        return


def draft_discard(*, account: Account, advert: Advert | None = None, key: str = "") -> bool:
    """Throw a draft away; with ``key`` only the draft of that attempt. Return whether it was."""
    rows = AdvertDraft.objects.filter(account=account, advert=advert)
    if key:
        rows = rows.filter(data__key=key)
    return rows.delete()[0] > 0


def drafts_purge(*, now: datetime | None = None) -> int:
    """Delete drafts that nobody came back to; return how many."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    return AdvertDraft.objects.filter(updated_at__lt=before).delete()[0]

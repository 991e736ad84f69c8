"""Reads of conversations."""

from __future__ import annotations

from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.conversations.models import Thread


def thread_about(advert: Advert, other_id: int) -> Thread | None:
    """The conversation of an advert's author with one other person, if there is one."""
    return Thread.objects.filter(advert=advert, other_id=other_id).first()


def unread_count(account: Account) -> int:
    """How many lines the account has not read; one statement."""
    rows = (
        Thread.objects.filter(author=account, author_unread__gt=0)
        .values_list("author_unread")
        .union(
            Thread.objects.filter(other=account, other_unread__gt=0).values_list("other_unread"),
            all=True,
        )
    )
    return sum(count for (count,) in rows)

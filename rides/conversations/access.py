"""Who may see conversations. Each docstring is the rule; "not yours" does not exist (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from core.accounts.access import is_administrator, is_member
from core.accounts.models import Account
from rides.adverts.access import require_module
from rides.adverts.models import Advert
from rides.adverts.queries import adverts_public
from rides.bookings.models import AGREED, Booking
from rides.conversations.models import Block, Report, Thread


def threads_of(account: Account) -> QuerySet[Thread]:
    """Conversations that the account takes part in, the latest first."""
    return Thread.objects.filter(Q(author=account) | Q(other=account)).select_related(
        "author", "other", "advert"
    )


def get_thread_for(account: Any, public_id: UUID) -> Thread:
    """Return a conversation that the account takes part in. Raises Http404.

    Nobody else reads it, administrators included: they see what is reported to them.
    """
    require_module()
    found = threads_of(account).filter(public_id=public_id).first() if is_member(account) else None
    if found is None:
        raise Http404("No such conversation.")
    return found


def get_advert_to_write(account: Any, public_id: UUID) -> Advert:
    """Return somebody else's advert that is online, a partner region's too. Raises Http404."""
    require_module()
    rows = adverts_public(account) | Advert.objects.filter(status=Advert.Status.PARTNER)
    rows = rows.select_related("author").filter(public_id=public_id)
    found = rows.exclude(author=account).first() if is_member(account) else None
    if found is None:
        raise Http404("No such advert.")
    return found


def get_report_for(account: Any, public_id: UUID) -> Report:
    """Return a report, for the region's administrators. Raises Http404."""
    require_module()
    found = (
        Report.objects.filter(public_id=public_id).first() if is_administrator(account) else None
    )
    if found is None:
        raise Http404("No such report.")
    return found


def blocked_ids(account: Any) -> set[int]:
    """Primary keys of people whom the account blocked, or who blocked it: hidden both ways."""
    if not is_member(account):
        return set()
    pairs = Block.objects.filter(Q(blocker=account) | Q(blocked=account)).values_list(
        "blocker_id", "blocked_id"
    )
    return {one for pair in pairs for one in pair} - {account.pk}


def is_blocked(one: Account, two: Account) -> bool:
    """Whether either of them blocked the other."""
    return Block.objects.filter(Q(blocker=one, blocked=two) | Q(blocker=two, blocked=one)).exists()


def have_agreed(one: Account, two: Account) -> bool:
    """Whether the two share a booking that both said yes to: numbers and links then show."""
    return Booking.objects.filter(
        Q(driver=one, passenger=two) | Q(driver=two, passenger=one), status__in=AGREED
    ).exists()

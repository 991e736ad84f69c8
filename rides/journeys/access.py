"""Who may see journeys. Each docstring is the rule; "not yours" does not exist (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from core.accounts.access import is_member
from core.accounts.models import Account
from rides.adverts.access import require_module
from rides.journeys.models import Journey


def journeys_of(account: Account) -> QuerySet[Journey]:
    """Journeys in which the account drove or rode, the latest first."""
    return Journey.objects.filter(Q(driver=account) | Q(passenger=account)).select_related(
        "driver", "passenger", "booking"
    )


def get_journey_for(account: Any, public_id: UUID) -> Journey:
    """Return a journey of which the account was driver or passenger. Raises Http404."""
    require_module()
    rows = journeys_of(account).filter(public_id=public_id) if is_member(account) else None
    found = rows.first() if rows is not None else None
    if found is None:
        raise Http404("No such journey.")
    return found

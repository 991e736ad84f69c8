"""Who may see and change agreements. Each docstring is the rule; "not yours" is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from core.accounts.access import is_administrator, known
from core.accounts.models import Account
from regions.agreements.models import Agreement
from regions.agreements.queries import agreement_of_region


def can_manage(account: Any) -> bool:
    """Administrators of the whole region: an agreement binds all of it."""
    return is_administrator(account)


def require_manager(account: Any) -> Account:
    """Return the administrator who asks. Raises Http404."""
    if not can_manage(account):
        raise Http404("For administrators of the region.")
    return known(account)


def get_agreement_for(account: Any, public_id: UUID) -> Agreement:
    """Return one of the region's own agreements, to its administrators. Raises Http404."""
    require_manager(account)
    found = agreement_of_region(public_id)
    if found is None:
        raise Http404("No such agreement.")
    return found

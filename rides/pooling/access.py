"""Who may see and change what leaves the region. "Not yours" is 404."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from core.accounts.access import is_member
from regions.pool.queries import Card, partner_cards
from rides.adverts.access import require_module


def get_partner(account: Any, slug: str) -> Card:
    """Return a region that shares adverts with this one now, to its members. Raises Http404."""
    require_module()
    found = next((card for card in partner_cards() if card.slug == slug), None)
    if found is None or not is_member(account):
        raise Http404("No such partner.")
    return found

"""Who may act on the pool of a community, and who reads what of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from communities.communities.access import get_administered_for
from communities.communities.models import Community
from core.accounts.access import is_member
from regions.pooled.queries import has_pools, pools_communities


def is_offered() -> bool:
    """Whether the region pools communities with any other, or still has one that is pooled."""
    return pools_communities() or has_pools()


def get_poolable_for(account: Any, slug: str) -> Community:
    """Return a community that one may change, where communities are pooled. Raises Http404.

    Its référents, and the administrators and community managers in whose reach it is: of their own
    region's community only, whatever the pool.
    """
    if not is_offered():
        raise Http404("No agreement pools communities.")
    return get_administered_for(account, slug)


def can_see_partners_moderators(account: Any) -> bool:
    """People signed in read who runs a partner's community, as they do for their own."""
    return is_member(account)

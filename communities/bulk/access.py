"""Who may follow an act on a whole list, and undo it. "Not yours" is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from communities.bulk.models import BulkAct
from communities.communities.access import get_administered_for


def get_act_for(account: Any, slug: str, public_id: UUID) -> BulkAct:
    """Return an act on a community that the account may change. Raises Http404."""
    found = (
        BulkAct.objects.filter(community=get_administered_for(account, slug), public_id=public_id)
        .select_related("community", "by")
        .defer("targets")
        .first()
    )
    if found is None:
        raise Http404("No such act.")
    return found


def can_undo(account: Any, act: BulkAct) -> bool:
    """Whoever did it undoes it; what another did is changed, not undone."""
    return act.by_id is not None and act.by_id == account.pk

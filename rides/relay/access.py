"""Who may get in touch with somebody of a partner region. "Not yours" is 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from core.accounts.access import is_member
from rides.adverts.access import require_module
from rides.adverts.models import Advert
from rides.bookings.errors import AdvertUnavailableError
from rides.conversations.models import Thread
from rides.relay.adverts import mirror_refresh


def is_known(account: Any, public_id: UUID) -> bool:
    """Whether somebody has written or asked about a partner's advert, which may be gone since."""
    return (
        is_member(account)
        and Thread.objects.filter(
            advert__public_id=public_id, advert__status=Advert.Status.PARTNER, other=account
        ).exists()
    )


def get_partner_advert(account: Any, public_id: UUID) -> Advert:
    """Return a partner's advert that agreements let us read, kept here. Raises Http404.

    To members: only they write to its author.
    """
    require_module()
    if not is_member(account):
        raise Http404("For members.")
    try:
        return mirror_refresh(public_id)
    except AdvertUnavailableError as gone:
        raise Http404("No such ride, or none that agreements let us read.") from gone

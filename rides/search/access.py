"""Who may see and change alerts: their own author alone; to others they do not exist (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from core.accounts.access import is_member
from rides.adverts.access import require_module
from rides.search.alerts import PURPOSE, TOKEN_AGE
from rides.search.models import SavedSearch
from tenants import signing
from tenants.errors import InvalidTokenError


def get_own_alert(account: Any, public_id: UUID) -> SavedSearch:
    """Return an alert of the account's own, deleted or not. Raises Http404."""
    require_module()
    found = None
    if is_member(account):
        found = SavedSearch.objects.filter(account=account, public_id=public_id).first()
    if found is None:
        raise Http404("No such alert.")
    return found


def get_alert_by_token(token: str) -> SavedSearch:
    """Return the alert of a mail's link, whoever follows it. Raises Http404."""
    require_module()
    try:
        name = signing.loads(token, purpose=PURPOSE, max_age=TOKEN_AGE)
    except InvalidTokenError:
        raise Http404("No such link.") from None
    found = SavedSearch.objects.filter(public_id=name).first()
    if found is None:
        raise Http404("No such alert.")
    return found

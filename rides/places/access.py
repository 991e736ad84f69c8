"""Who may see and change carpool places. Each docstring is the rule."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from core.accounts.access import is_administrator
from tenants.context import current_tenant
from tenants.models import Module


def require_module() -> None:
    """A region without carpooling has no carpool places."""
    if not current_tenant().has_module(Module.CARPOOLING):
        raise Http404("This region has no carpooling.")


def can_manage(account: Any) -> bool:
    """Administrators of a region with carpooling."""
    return current_tenant().has_module(Module.CARPOOLING) and is_administrator(account)


def require_manager(account: Any) -> None:
    """Raise Http404 for whoever may not manage places: the room does not exist for them."""
    if not can_manage(account):
        raise Http404("No such room.")

"""Who may use the platform's own pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from core.accounts.access import is_platform_operator


def require_operator(account: Any) -> None:
    """Only active platform operators, on the platform's host; for anyone else: Http404."""
    if not is_platform_operator(account):
        raise Http404("For platform operators.")

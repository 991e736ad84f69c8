"""Counting what could be abused; the counters live in the default cache (a table or Redis)."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest


def allowed(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Count one ``action`` and return whether its limits still allow it.

    Limits are ``ACCOUNT_RATE_LIMITS[action]``; ``key`` is what a "key" limit counts by, usually
    the address concerned. Two processes that count at once are serialised by the cache's lock.
    """
    usage = ratelimit.consume(
        request,
        app="allauth.account",
        action=action,
        key=key.strip().lower() if key is not None else None,
        limit_get=True,
    )
    return usage is not None

"""Signed values bound to a region and a purpose: replayed elsewhere, they are forgeries.

The only door to ``django.core.signing`` (others are banned by lint).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing

from tenants.context import current_scope
from tenants.errors import InvalidTokenError


def _salt(purpose: str) -> str:
    return f"passerelle:{current_scope().key}:{purpose}"


def dumps(value: Any, *, purpose: str) -> str:
    """Sign a JSON value for the current region and one purpose; URL-safe."""
    return signing.dumps(value, salt=_salt(purpose), compress=True)


def loads(token: str, *, purpose: str, max_age: timedelta) -> Any:
    """Return the value of a token; raise ``InvalidTokenError`` when it is not ours or too old."""
    try:
        return signing.loads(token, salt=_salt(purpose), max_age=max_age)
    except signing.BadSignature as error:
        raise InvalidTokenError from error

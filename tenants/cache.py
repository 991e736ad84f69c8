"""Cache keys that carry the tenant: the same key in two regions is two entries."""

from __future__ import annotations

from tenants.context import current_scope


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Return the stored key; Django's KEY_FUNCTION."""
    return f"{current_scope().key}:{key_prefix}:{version}:{key}"

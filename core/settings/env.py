"""Reading the environment: typed, and refusing to start on a missing secret."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return a variable; raise ``ImproperlyConfigured`` when it is missing without default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is not set. `python3 manage.py demo` sets everything by itself; "
            "a real server sets it in its environment (see core/settings/README.md)."
        )
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return whether a variable holds ``1``, ``true`` or ``yes``."""
    return os.environ.get(name, "1" if default else "").strip().lower() in {"1", "true", "yes"}


def number(name: str, default: int) -> int:
    """Return a variable as an integer."""
    try:
        return int(os.environ.get(name, "") or default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a whole number.") from error


def database(url: str) -> dict[str, Any]:
    """Translate ``postgresql://user:password@host:port/name?option=value`` for Django."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("The database address must begin with postgresql://")
    return {
        "ENGINE": "tenants.backend",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }

"""What the adverts offer to the shell."""

from __future__ import annotations


def register() -> None:
    """Nothing yet."""

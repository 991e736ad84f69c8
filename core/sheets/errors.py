"""What is said of files that hold no table we can read."""

from __future__ import annotations

from django.utils.functional import Promise

from tenants.errors import PasserelleError


class SheetUnreadableError(PasserelleError):
    """The file is too heavy, too long, or no table. Code ``sheet_unreadable``."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message, code="sheet_unreadable", fields={"file": message})

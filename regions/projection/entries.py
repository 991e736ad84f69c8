"""The operators' menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.access import is_platform_operator
from core.shell.menu import MenuEntry
from core.shell.menu import register as register_entry


def _operators(request: HttpRequest) -> bool:
    return is_platform_operator(request.user)


def register() -> None:
    """Put the page in the platform's header."""
    register_entry(
        MenuEntry(
            name="platform-projection",
            label=_("Exchanges between regions"),
            url="projection:backlog",
            icon="refresh",
            place="main",
            order=15,
            visible=_operators,
            host="platform",
        )
    )

"""The platform host's menus."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.access import is_platform_operator
from core.shell.menu import MenuEntry
from core.shell.menu import register as register_entry


def _operators(request: HttpRequest) -> bool:
    return is_platform_operator(request.user)


def register() -> None:
    """Put the operators' pages in the platform's header."""
    register_entry(
        MenuEntry(
            name="platform-regions",
            label=_("Regions"),
            url="onboarding:regions",
            icon="globe",
            place="main",
            order=10,
            visible=_operators,
            host="platform",
        )
    )
    register_entry(
        MenuEntry(
            name="platform-back-office",
            label=_("Back office"),
            url="admin:index",
            icon="settings",
            place="main",
            order=20,
            visible=_operators,
            host="platform",
        )
    )

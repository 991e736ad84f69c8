"""Where the observatory is found: the footer of every page, the platform's header."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.shell import menu


def register() -> None:
    """Fill the menus."""
    menu.register(
        menu.MenuEntry(
            name="observatory",
            label=_("Observatory"),
            url="observatory:page",
            place="footer",
            order=20,
            host="both",
        )
    )
    menu.register(
        menu.MenuEntry(
            name="platform-observatory",
            label=_("Observatory"),
            url="observatory:page",
            icon="chart",
            place="main",
            order=5,
            host="platform",
        )
    )

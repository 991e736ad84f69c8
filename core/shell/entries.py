"""The shell's own entries in the menus it offers."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.shell.access import HOME, may_enter_console
from core.shell.home import HomeBlock, register_block
from core.shell.menu import MenuEntry, members, visitors
from core.shell.menu import register as register_entry

_ENTRIES: Final = (
    MenuEntry(
        name="home",
        label=_("Home"),
        url="shell:home",
        icon="home",
        place="main",
        order=0,  # not in the phone's bar: the brand leads home, four words fit where five overlap
    ),
    MenuEntry(
        name="console",
        label=_("Administration"),
        url="console:home",
        icon="settings",
        place="profile",
        order=700,
        visible=may_enter_console,
    ),
    MenuEntry(
        name=HOME,
        label=_("Home"),
        url="console:home",
        icon="home",
        place="console",
        order=0,
        visible=members,
    ),
    MenuEntry(
        name="how-it-works",
        label=_("How it works"),
        url="shell:how-it-works",
        place="footer",
        order=10,
    ),
    MenuEntry(
        name="accessibility",
        label=_("Accessibility: partially compliant"),
        url="shell:accessibility",
        place="footer",
        order=80,
        host="both",
    ),
    MenuEntry(
        name="legal",
        label=_("Legal notice"),
        url="shell:legal",
        place="footer",
        order=90,
        host="both",
    ),
    MenuEntry(
        name="styleguide",
        label=_("Style guide"),
        url="shell:styleguide",
        place="footer",
        order=95,
        host="platform",
    ),
)


_HOW = HomeBlock(
    name="how-it-works", template="shell/_how_section.html", order=20, visible=visitors
)


def register() -> None:
    """Put the home page, messages, the console and the static pages in the menus."""
    for entry in _ENTRIES:
        register_entry(entry)
    register_block(_HOW)

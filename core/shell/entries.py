"""The shell's own entries in the menus it offers."""

from django.utils.translation import gettext_lazy as _

from core.shell.menu import MenuEntry, members, register as register_entry

_ENTRIES = (
    MenuEntry(name="home", label=_("Home"), url="shell:home", icon="home", place="main", order=0,
              in_bar=True),
    MenuEntry(name="messages", label=_("Messages"), url="shell:messages", icon="message",
              place="personal", order=10, visible=members, badge_label=_("unread"), in_bar=True),
    MenuEntry(name="how-it-works", label=_("How it works"), url="shell:how-it-works",
              place="footer", order=10),
    MenuEntry(name="accessibility", label=_("Accessibility: partially compliant"),
              url="shell:accessibility", place="footer", order=80),
    MenuEntry(name="legal", label=_("Legal notice"), url="shell:legal", place="footer", order=90),
)


def register() -> None:
    """Put the home page, messages and the static pages in the menus."""
    for entry in _ENTRIES:
        register_entry(entry)

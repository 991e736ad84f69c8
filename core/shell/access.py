"""Who may enter the console."""

from django.http import HttpRequest

from core.shell import menu


def may_enter_console(request: HttpRequest) -> bool:
    """A signed-in person for whom at least one page of the console is open.

    Which pages are open is for the apps that own them to say (``MenuEntry.visible``): the console's
    own home page, which everyone who enters sees, does not count.
    """
    return bool(
        request.user.is_authenticated
        and any(entry.name != HOME for entry in menu.entries_for(request, "console"))
    )


HOME = "console-home"
"""Name of the entry of the console's home page."""

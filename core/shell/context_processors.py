"""One name, ``shell``, in every template: theme, menus, scheme and languages."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_info

from core.shell import menu
from core.shell.preferences import Scheme, scheme_of
from core.shell.theme import ThemeInfo, theme_of
from tenants.middleware import absolute_url, address_of


class Shell:
    """What base templates read. Every part is computed on first use, and once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> ThemeInfo:
        """The region's look."""
        return theme_of(self._request)

    @cached_property
    def scheme(self) -> Scheme:
        """``auto``, ``light`` or ``dark``."""
        return scheme_of(self._request)

    @cached_property
    def language(self) -> str:
        """Code of the page's language, for the ``lang`` attribute."""
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and own names of the languages on offer, e.g. ``("fr", "Français")``."""
        return [
            (code, str(get_language_info(code)["name_local"]).capitalize())
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def path(self) -> str:
        """Address of the page with its query, to come back to."""
        return self._request.get_full_path()

    @cached_property
    def main(self) -> list[menu.MenuItem]:
        """Entries of the header for everyone."""
        return menu.items(self._request, "main")

    @cached_property
    def personal(self) -> list[menu.MenuItem]:
        """Entries of the header for members: messages, their communities."""
        return menu.items(self._request, "personal")

    @cached_property
    def action(self) -> list[menu.MenuItem]:
        """Buttons of the header (« Publier une annonce »)."""
        return menu.items(self._request, "action")

    @cached_property
    def profile(self) -> list[menu.MenuItem]:
        """Entries of the profile menu; empty for visitors."""
        return menu.items(self._request, "profile")

    @cached_property
    def guest(self) -> list[menu.MenuItem]:
        """Sign-in and registration; empty for members."""
        return menu.items(self._request, "guest")

    @cached_property
    def console(self) -> list[menu.MenuItem]:
        """Entries of the console's menu."""
        return menu.items(self._request, "console")

    @cached_property
    def footer(self) -> list[menu.MenuItem]:
        """Entries of the footer."""
        return menu.items(self._request, "footer")

    @cached_property
    def bar(self) -> list[menu.MenuItem]:
        """Entries of the phone's bottom bar, at most five."""
        entries = [*self.main, *self.action, *self.personal, *self.profile, *self.guest]
        return [item for item in entries if item.in_bar][:5]

    @cached_property
    def signing_out(self) -> list[menu.MenuItem]:
        """« Se déconnecter », for the foot of the console's menu."""
        return [item for item in self.profile if item.post]

    @cached_property
    def is_console(self) -> bool:
        """Whether the page is on the console's own host."""
        return menu.is_console(self._request)

    @cached_property
    def site_home(self) -> str:
        """Address of the site's home page: absolute where the console has a host of its own."""
        home = reverse("shell:home")
        if not self.is_console:
            return home
        address = address_of(self._request.get_host().partition(":")[0])
        return absolute_url(address.site_host, home) if address else home

    @cached_property
    def person_name(self) -> str:
        """« Pierre L. » for the person who is signed in, else empty."""
        user = self._request.user
        return user.display_name if user.is_authenticated else ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor; see :class:`Shell`."""
    return {"shell": Shell(request)}

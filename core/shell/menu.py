"""The menus of the site and of the console, filled by the apps that own the pages.

An app registers its entries in ``AppConfig.ready``; the shell shows those that apply to the person
and the region, in their order. Lower floors thus never name the pages of upper ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from core.registry import Registry

Place = Literal["main", "personal", "action", "profile", "guest", "console", "footer"]
"""Where an entry shows.

``main`` the header's left, for everyone; ``personal`` its right (messages, own communities);
``action`` its button; ``profile`` the menu under the person's initials; ``guest`` the header of
those who are not signed in; ``console`` the console's menu; ``footer`` the footer.
"""

Host = Literal["site", "platform", "both"]
"""On regions' hosts, on the platform's own host, or on both."""


def everyone(request: HttpRequest) -> bool:
    """True: the entry shows to visitors and members alike."""
    return True


def members(request: HttpRequest) -> bool:
    """True for people who are signed in."""
    return bool(request.user.is_authenticated)


def visitors(request: HttpRequest) -> bool:
    """True for people who are not signed in."""
    return not request.user.is_authenticated


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of a menu."""

    name: str
    """Unique among all entries, e.g. ``"communities"``."""
    label: str | Promise
    """Words shown, translated lazily."""
    url: str | Callable[[HttpRequest], str]
    """Name of the URL, e.g. ``"communities:list"``, or a function that gives the address."""
    icon: str = ""
    """Name in the sprite, e.g. ``"users"``."""
    place: Place = "main"
    order: int = 100
    """Lower comes first; ties by name."""
    visible: Callable[[HttpRequest], bool] = everyone
    badge: Callable[[HttpRequest], int] | None = None
    """Counts what awaits the person; 0 hides the badge."""
    badge_label: str | Promise = ""
    """What the badge counts, for those who cannot see it, e.g. « non lus »."""
    module: str = ""
    """Shown only where the region has this module; empty for always."""
    in_bar: bool = False
    """Also in the phone's bottom bar, which has room for five entries."""
    short_label: str | Promise = ""
    """Words for the bottom bar where the label is too long for it."""
    post: bool = False
    """The address takes a POST (signing out): the entry is then a button in a form."""
    host: Host = "site"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry resolved for one request."""

    name: str
    label: str
    short_label: str
    url: str
    icon: str
    badge: int
    badge_label: str
    current: bool
    in_bar: bool
    post: bool
    primary: bool


OF_THE_SITE: Final[frozenset[Place]] = frozenset({"main", "personal", "action", "guest"})
"""Menus that lead to the site, and have no place on the host of the console."""
ENTRIES: Final = Registry[MenuEntry]("menu entry")
register: Final = ENTRIES.register


def is_console(request: HttpRequest) -> bool:
    """Whether the page is on the console's own host."""
    return getattr(request, "urlconf", None) == settings.CONSOLE_URLCONF


def entries_for(request: HttpRequest, place: Place) -> list[MenuEntry]:
    """The entries of ``place`` that apply to this person, region and host, in order."""
    tenant = getattr(request, "tenant", None)
    host: Host = "platform" if tenant is None else "site"
    if place in OF_THE_SITE and is_console(request):
        return []
    return [
        entry
        for entry in ENTRIES
        if entry.place == place
        and entry.host in (host, "both")
        and (not entry.module or entry.module in getattr(tenant, "modules", ()))
        and entry.visible(request)
    ]


def items(request: HttpRequest, place: Place) -> list[MenuItem]:
    """The same entries, with their addresses and counts."""
    return _mark_current(
        request, [_resolve(request, entry) for entry in entries_for(request, place)]
    )


def _resolve(request: HttpRequest, entry: MenuEntry) -> MenuItem:
    return MenuItem(
        name=entry.name,
        label=str(entry.label),
        short_label=str(entry.short_label) or str(entry.label),
        url=entry.url(request) if callable(entry.url) else reverse(entry.url),
        icon=entry.icon,
        badge=entry.badge(request) if entry.badge else 0,
        badge_label=str(entry.badge_label),
        current=False,
        in_bar=entry.in_bar,
        post=entry.post,
        primary=entry.place == "action",
    )


def _mark_current(request: HttpRequest, resolved: list[MenuItem]) -> list[MenuItem]:
    """Mark the entry whose address is the longest beginning of the page's own."""
    matching = [
        item.url
        for item in resolved
        if request.path == item.url or (item.url != "/" and request.path.startswith(item.url))
    ]
    if not matching:
        return resolved
    best = max(matching, key=len)
    return [replace(item, current=True) if item.url == best else item for item in resolved]

"""Menus, home blocks and the look: small registries that upper floors fill."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from core.shell import entries, home, menu, theme
from core.shell.context_processors import Shell
from core.shell.menu import MenuEntry, members, visitors
from tenants.models import Tenant


@pytest.fixture(autouse=True)
def _own_registries() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    providers = list(theme._providers)
    with menu.ENTRIES.restored(empty=True), home.BLOCKS.restored(empty=True):
        yield
    theme._providers[:] = providers


def request(
    path: str = "/", *, signed_in: bool = False, modules: Any = (), site: bool = True
) -> HttpRequest:
    made = RequestFactory().get(path)
    made.user = SimpleNamespace(is_authenticated=signed_in, display_name="Pierre L.")
    made.tenant = SimpleNamespace(modules=list(modules)) if site else None  # type: ignore[attr-defined]
    return made


def entry(name: str, **options: Any) -> MenuEntry:
    options.setdefault("url", lambda request: f"/{name}/")
    return MenuEntry(name=name, label=name.title(), **options)


def names(found: list[menu.MenuItem]) -> list[str]:
    return [item.name for item in found]


def test_entries_come_in_their_order_and_place() -> None:
    for made in (entry("b", order=2), entry("a", order=2), entry("c", order=1)):
        menu.register(made)
    menu.register(entry("elsewhere", place="footer"))
    assert names(menu.items(request(), "main")) == ["c", "a", "b"]


def test_an_entry_shows_to_whom_it_is_for() -> None:
    menu.register(entry("mine", visible=members))
    menu.register(entry("enter", visible=visitors))
    menu.register(entry("rides", module="carpooling"))
    menu.register(entry("platform", host="platform"))
    menu.register(entry("both", host="both"))
    assert names(menu.items(request(), "main")) == ["both", "enter"]
    assert names(menu.items(request(signed_in=True), "main")) == ["both", "mine"]
    assert names(menu.items(request(modules=["carpooling"]), "main")) == ["both", "enter", "rides"]
    assert names(menu.items(request(site=False), "main")) == ["both", "platform"]


def test_a_name_is_taken_once() -> None:
    first = entry("a", url="shell:home")
    menu.register(first)
    menu.register(first)
    with pytest.raises(RuntimeError, match="'a'"):
        menu.register(replace(first, order=5))


def test_the_closest_entry_is_the_present_one() -> None:
    menu.register(entry("home", url=lambda request: "/"))
    menu.register(entry("communes"))
    menu.register(entry("all", url=lambda request: "/communes/toutes/"))
    for path, current in (
        ("/", ["home"]),
        ("/communes/", ["communes"]),
        ("/communes/toutes/2/", ["all"]),
        ("/autre/", []),
    ):
        found = menu.items(request(path), "main")
        assert [item.name for item in found if item.current] == current


def test_badges_count_for_the_person() -> None:
    menu.register(entry("inbox", badge=lambda request: 3, badge_label="non lus"))
    (item,) = menu.items(request(), "main")
    assert (item.badge, item.badge_label) == (3, "non lus")


def test_the_bar_has_at_most_five_entries() -> None:
    for number in range(4):
        menu.register(entry(f"m{number}", in_bar=True))
        menu.register(entry(f"p{number}", in_bar=True, place="personal"))
    menu.register(entry("publish", in_bar=True, place="action", short_label="Publier"))
    bar = Shell(request()).bar
    assert len(bar) == 5
    (primary,) = [item for item in bar if item.primary]
    assert primary.short_label == "Publier"


def test_signing_out_is_the_entry_that_posts() -> None:
    menu.register(entry("profile", place="profile"))
    menu.register(entry("out", place="profile", post=True))
    assert names(Shell(request(signed_in=True)).signing_out) == ["out"]


def test_the_shell_registers_its_entries_once() -> None:
    entries.register()
    entries.register()
    assert {"home", "console", "legal"} <= {entry.name for entry in menu.ENTRIES}


def test_blocks_of_the_home_page_follow_person_and_region() -> None:
    template = "shell/_how_section.html"
    home.register_block(home.HomeBlock("how", template, order=50))
    home.register_block(home.HomeBlock("mine", template, visible=members))
    home.register_block(home.HomeBlock("rides", template, module="carpooling"))
    home.register_block(home.HomeBlock("search", template, slot="hero"))
    assert len(home.home_page(request()).main) == 1
    assert len(home.home_page(request()).hero) == 1
    assert len(home.home_page(request(signed_in=True)).main) == 2
    assert len(home.home_page(request(modules=["carpooling"])).main) == 2
    with pytest.raises(RuntimeError, match="how"):
        home.register_block(home.HomeBlock("how", template, order=51))


def test_the_home_page_links_what_its_blocks_need_once() -> None:
    template = "shell/_how_section.html"
    files = {"stylesheets": ("shell/css/console.css",), "scripts": ("shell/js/menus.js",)}
    home.register_block(home.HomeBlock("one", template, **files))
    home.register_block(home.HomeBlock("two", template, **files))
    home.register_block(home.HomeBlock("hidden", template, visible=members, scripts=("x.js",)))
    page = home.home_page(request())
    assert page.stylesheets == ("shell/css/console.css",)
    assert page.scripts == ("shell/js/menus.js",)


def test_there_is_one_provider_of_looks() -> None:
    theme._providers.clear()

    def provider() -> theme.ThemeInfo:
        return theme.ThemeInfo(name="Ici")

    theme.register_provider(provider, stylesheet="themes:stylesheet")
    theme.register_provider(provider, stylesheet="themes:stylesheet")
    with pytest.raises(RuntimeError):
        theme.register_provider(lambda: theme.NEUTRAL, stylesheet="themes:stylesheet")


def test_outside_a_region_the_look_is_neutral(tenant: Tenant) -> None:
    assert theme.theme_of(request(site=False)) == theme.NEUTRAL
    assert theme.current_theme().name == "Alpha"


def test_the_look_is_asked_for_once_per_request(tenant: Tenant) -> None:
    asked = []

    def provider() -> theme.ThemeInfo:
        asked.append(1)
        return theme.ThemeInfo(name="Ici")

    theme._providers[:] = [(provider, "themes:stylesheet")]
    made = request()
    assert theme.theme_of(made) is theme.theme_of(made)
    assert theme.remembered_theme(made).name == "Ici"
    assert len(asked) == 1

"""Choosing a municipality as one types, and maps: with the keyboard, and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Live

MAP = "[data-territories-map]"


def picker(page: Page) -> None:
    """Type the beginning of a name in the search's departure."""
    page.get_by_role("combobox", name="Lieu de départ").press_sequentially("st mal")
    expect(page.get_by_role("option").first).to_have_text("Saint-Malo (35)35400")


@pytest.mark.parametrize("kind", ["phone", "desktop"])
def test_a_municipality_is_chosen_with_the_keyboard(
    kind: str, live: Live, window: Callable[..., Page]
) -> None:
    page = window(kind)
    page.goto(live.url("armor", "/recherche/"))
    picker(page)
    field = page.get_by_role("combobox", name="Lieu de départ")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    for _ in range(2):
        field.press("ArrowDown")
    field.press("ArrowUp")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_contain_text("Saint-Malo (35)")
    field.press("Enter")
    expect(field).to_have_value("Saint-Malo (35)")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[name=origin_code]")).to_have_value("35288")
    assert "origin" not in page.url  # Enter chose, and sent nothing
    field.press("Backspace")
    expect(page.locator("[name=origin_code]")).to_have_value("")


def test_a_municipality_is_chosen_with_a_finger_and_the_list_closes_with_escape(
    live: Live, window: Callable[..., Page]
) -> None:
    page = window("phone")
    page.goto(live.url("armor", "/recherche/"))
    picker(page)
    field = page.get_by_role("combobox", name="Lieu de départ")
    field.press("Escape")
    expect(page.get_by_role("listbox", name="Communes")).to_be_hidden()
    field.press("ArrowDown")
    page.get_by_role("option").first.tap()
    expect(field).to_have_value("Saint-Malo (35)")
    field.fill("qqqq")
    expect(page.get_by_text("Aucune commune de ce nom").first).to_be_visible()


def test_without_script_a_whole_name_is_enough_and_an_ambiguous_one_is_asked_again(
    live: Live, window: Callable[..., Page]
) -> None:
    page = window("phone", java_script_enabled=False)
    page.goto(live.url("armor", "/recherche/"))
    page.get_by_label("Lieu de départ").fill("Rennes")
    page.get_by_label("Lieu d’arrivée").fill("Saint-Denis")
    page.locator("form.search-panel [type=submit]").click()
    expect(page.get_by_text("Saint-Denis (93), Saint-Denis (11)").first).to_be_visible()
    expect(page.get_by_label("Lieu de départ")).to_have_value("Rennes")
    assert page.locator("datalist option").count() == 4


def test_a_map_draws_the_land_and_is_walked_with_the_keyboard(
    live: Live, window: Callable[..., Page]
) -> None:
    page = window("desktop")
    page.goto(live.url("armor", "/communautes/?vue=carte"))
    reserved = page.locator(MAP).bounding_box()
    expect(page.locator(f"{MAP}[data-ready]")).to_be_visible()
    assert page.locator(MAP).bounding_box() == reserved
    assert page.locator(".territories-map__land").count() > 50
    expect(page.get_by_role("region", name="Carte des communautés")).to_be_visible()
    assert violations(page) == []
    mark = page.locator(".territories-map__mark").first
    mark.focus()
    mark.press("Enter")
    card = page.locator(".territories-map__card").first  # several, where places are one
    expect(card).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(mark).to_be_focused()


def test_without_script_there_is_no_map_and_the_list_stays(
    live: Live, window: Callable[..., Page]
) -> None:
    page = window("desktop", java_script_enabled=False)
    page.goto(live.url("armor", "/communautes/"))
    expect(page.locator(MAP)).to_be_hidden()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()

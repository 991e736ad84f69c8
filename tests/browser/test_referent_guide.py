"""The référent's guide, step by step and label by label, at the admin host."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.watch import fits
from tests.permissions.world import HERE


def test_a_referent_follows_the_guide(live: Live, window: Callable[..., Page]) -> None:
    host = f"admin.{live.filled.tenant.slug}"
    page = window(cookies=live.cookies(host, live.filled.sessions["referent"]))

    # « Rubrique Communauté »: the list, then « Éditer ».
    page.goto(live.url(host, "/administration/"))
    page.get_by_role("navigation", name="Administration").get_by_role(
        "link", name="Communautés"
    ).click()
    expect(page.get_by_role("heading", name="Liste des communautés")).to_be_visible()
    page.get_by_role("link", name=f"Éditer {HERE.community}", exact=True).click()

    # « Gérer le statut des membres »: the disk appears after a change, and saves it.
    page.get_by_role("link", name="Membres", exact=False).first.click()
    row = page.get_by_role("row").filter(has_text="Maëlle")
    disk = row.get_by_role("button", name="Enregistrer le statut")
    expect(disk).to_be_hidden()
    row.get_by_role("combobox").select_option(label="En attente")
    disk.click()
    expect(page.get_by_role("status").filter(has_text="en attente")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(row.get_by_role("combobox")).to_have_value("member")

    # Several at once: the bar appears with the first choice.
    bar = page.get_by_role("button", name="Refuser")
    expect(bar).to_be_hidden()
    row.get_by_role("checkbox").check()
    expect(page.get_by_text("1 ligne choisie")).to_be_visible()
    expect(bar).to_be_visible()
    fits(page)

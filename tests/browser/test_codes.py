"""The pages that only a code opens: a forgotten password, another address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Live
from tests.browser.mailbox import code_for
from tests.browser.people import Person


@pytest.mark.parametrize(
    ("kind", "first_name", "scheme"), [("phone", "Armel", "dark"), ("desktop", "Gwenn", "light")]
)
def test_codes_by_mail(
    kind: str, first_name: str, scheme: str, live: Live, window: Callable[..., Page]
) -> None:
    someone = Person(window(kind, color_scheme=scheme), live, first_name, "Tanguy")
    someone.registers("armor")

    # Another address: nothing changes before its code is typed.
    moved = f"{first_name}.ailleurs@example.org".lower()
    someone.go("armor", "/compte/adresse/")
    someone.types("Nouvel e-mail", moved)
    someone.page.locator("[name=password]").fill(someone.password)
    someone.button("Recevoir un code").click()
    someone.reads("Confirmez votre adresse")
    someone.look()
    someone.types("Code", code_for(live.mails, moved))
    someone.button("Confirmer").click()
    someone.go("armor", "/compte/")
    someone.reads(moved)

    # A forgotten password: the address, the code, another password; then signed in.
    forgetful = Person(window(kind, color_scheme=scheme), live, first_name, "Tanguy")
    forgetful.go("armor", "/compte/connexion/")
    forgetful.follow("Mot de passe oublié")
    forgetful.types("Email", moved)
    forgetful.look()
    forgetful.button("Recevoir un code").click()
    forgetful.reads("Saisissez le code")
    forgetful.look()
    forgetful.types("Code", code_for(live.mails, moved))
    forgetful.button("Confirmer").click()
    forgetful.reads("Choisissez un nouveau mot de passe")
    forgetful.look()
    forgetful.page.locator("[name=password]").fill("une tout autre phrase de passe")
    forgetful.button("Enregistrer").click()
    expect(forgetful.page).not_to_have_url(
        live.url("armor", "/compte/mot-de-passe/oublie/nouveau/")
    )
    forgetful.go("armor", "/compte/")
    forgetful.reads(moved)

"""The demo's mailbox, on mails that Django's own file back end wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from pytest_django import Settings

from tests.client import StrictClient


@pytest.fixture
def browser(tmp_path: Path, settings: Settings) -> StrictClient:
    settings.EMAIL_FILE_PATH = tmp_path
    return StrictClient(settings.MAIL_HOST)


def send(folder: Path, *mails: tuple[str, str, str]) -> None:
    connection = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=folder
    )
    connection.open()
    for to, subject, text in mails:
        mail = EmailMultiAlternatives(
            subject, text, "OuestGo <bonjour@example.org>", [to], connection=connection
        )
        mail.attach_alternative("<p>autre</p>", "text/html")
        mail.send()
    connection.close()


def test_codes_are_on_the_list_newest_first(browser: StrictClient, tmp_path: Path) -> None:
    send(
        tmp_path,
        ("maelle@example.org", "Votre code à six chiffres", "Bonjour,\n\n  123456\n\nÀ bientôt"),
        ("yann@example.org", "Bienvenue à Saint-Brieuc, où l’on covoiture", "Bonjour <b>Yann</b>"),
    )
    page = browser.get("/").content.decode()
    assert "123456" in page
    assert page.index("yann@example.org") < page.index("maelle@example.org")
    assert "où l’on covoiture" in page
    only = browser.get("/?to=maelle").content.decode()
    assert "123456" in only and "yann@" not in only


def test_a_mail_shows_its_text_and_links(browser: StrictClient, tmp_path: Path) -> None:
    text = "Bonjour <b>Yann</b>\n\nhttp://ouestgo.localhost:8000/compte/\n"
    send(tmp_path, ("yann@example.org", "Lien", text))
    listing = browser.get("/").content.decode()
    address = listing.split('<h2><a href="')[1].split('"')[0]
    page = browser.get(address).content.decode()
    assert "&lt;b&gt;Yann" in page
    assert 'href="http://ouestgo.localhost:8000/compte/"' in page
    assert "autre" not in page


def test_nothing_there_is_said(browser: StrictClient) -> None:
    assert browser.get("/").status_code == 200
    for reference in ("20260101-000000-1-0", "20260101"):
        assert browser.get(f"/{reference}/").status_code == 404
    assert browser.get("/../secret-key/").status_code == 404


def test_without_a_mail_host_there_is_no_mailbox(browser: StrictClient, settings: Settings) -> None:
    settings.MAIL_HOST = ""
    with pytest.raises(RuntimeError):
        # The host is a region's or nobody's: it asks the registry, which this test may not.
        browser.get("/")

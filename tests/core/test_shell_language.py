"""French until someone chooses, whatever the browser says; then their choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tenants.models import Tenant
from tests.client import StrictClient


@pytest.mark.parametrize("browser", ["", "en-US,en;q=0.9", "de", "fr", "xx\x00"])
def test_the_browser_does_not_decide(client: StrictClient, browser: str) -> None:
    page = client.get("/", headers={"accept-language": browser})
    assert page["Content-Language"] == "fr"
    assert '<html lang="fr"' in page.content.decode()


def test_the_menu_does(client: StrictClient) -> None:
    answer = client.post("/lang/", {"language": "en", "next": "/comment-ca-marche/"})
    assert answer["Location"] == "/comment-ca-marche/"
    assert '<html lang="en"' in client.get("/").content.decode()
    client.post("/lang/", {"language": "fr"})
    assert '<html lang="fr"' in client.get("/").content.decode()


@pytest.mark.parametrize("cookie", ["xx", "../../etc", "", "EN"])
def test_a_strange_cookie_counts_for_nothing(client: StrictClient, cookie: str) -> None:
    client.cookies["language"] = cookie
    assert client.get("/")["Content-Language"] == "fr"


def test_a_region_may_speak_another_language(committed_regions: Callable[..., Tenant]) -> None:
    committed_regions("speaks", language="en")
    assert StrictClient("speaks.localhost").get("/")["Content-Language"] == "en"

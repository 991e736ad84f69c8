"""One server and one browser per worker; a window per person, watched for what it must not do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tenants.models import Tenant
from tenants.provisioning import tenant_remove
from tests.browser import serve
from tests.browser.watch import Watch
from tests.factories import provision
from tests.permissions import world
from tests.permissions.world import Operator, World

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks for elsewhere finds nothing, on a machine with a network too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
]
WINDOWS: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
SLOW = 15_000  # milliseconds: a busy machine, not a page that never answers


@dataclass(frozen=True, slots=True)
class Live:
    """The regions that are served: one with people and content, one on its first day."""

    port: int
    mails: Path
    filled: World
    empty: World
    operator: Operator

    def url(self, host: str, path: str = "/") -> str:
        """Return an absolute address; ``host`` is a host's name before ``.localhost``."""
        return f"http://{host}.localhost:{self.port}{path}"

    def cookies(self, host: str, session: str) -> list[Any]:
        """Return the cookie of somebody who is signed in on a host."""
        domain = f"{host}.localhost"
        name = settings.SESSION_COOKIE_NAME
        return [{"name": name, "value": session, "domain": domain, "path": "/"}]


def _region(slug: str, code: str) -> Tenant:
    return provision(slug, hosts=[f"{slug}.localhost", f"www.{slug}.localhost"], regions=[code])


@pytest.fixture(scope="package")
def live(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Live]:
    """Make both regions, committed, and serve them."""
    with django_db_blocker.unblock():
        # The third is there to have an agreement with: the second stays as on its first day.
        tenants = [_region("armor", "53"), _region("vallons", "53"), provision("rivage")]
        filled = world.build(tenants[0], world.HERE)
        empty = world.people_only(tenants[1], world.HERE)
        operator = world.operator_create()
        filled.names["agreement"] = world.agreement_create(filled, tenants[2])
        filled.names["partner"] = world.partner_ride(tenants[2], filled.tenant)
        for connection in connections.all():
            connection.close()
    with serve.start() as (port, mails):
        filled.names["mail"] = world.mail_write(mails)
        yield Live(port, mails, filled, empty, operator)
    with django_db_blocker.unblock():
        world.operator_remove(operator)
        for tenant in tenants:
            tenant_remove(tenant)
        for connection in connections.all():
            connection.close()


@pytest.fixture(scope="package")
def chromium(live: Live) -> Iterator[Browser]:
    """Start the browser, after the last use of the database in this thread: both want a loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures know, when they end, whether the test failed."""
    report: Any = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def watch() -> Watch:
    """Tell it what the test means to meet, such as ``watch.refused.add(404)``."""
    return Watch()


@pytest.fixture
def window(
    chromium: Browser, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Return a function (kind, **options) → a page in a window of its own, with its own cookies.

    At the end of every test: no error in the console, nothing against the page's policy, no
    request outside this machine. Where the test failed, pictures of its windows are kept.
    """
    contexts: list[BrowserContext] = []

    def make(kind: str = "desktop", *, cookies: list[Any] | None = None, **options: Any) -> Page:
        context = chromium.new_context(
            **WINDOWS[kind],
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(SLOW)
        watch.over(context)
        if cookies:
            context.add_cookies(cookies)
        contexts.append(context)
        return context.new_page()

    yield make
    if request.node.stash.get(FAILED, False) or watch.faults:
        _pictures(request.node.name, contexts)
    for context in contexts:
        context.close()
    watch.verdict()


def _pictures(name: str, contexts: list[BrowserContext]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="passerelle-pictures-", dir="/tmp"))
    stem = "".join(letter if letter.isalnum() else "-" for letter in name)[:80]
    for number, context in enumerate(contexts, 1):
        for page in context.pages:
            picture = folder / f"{stem}-{number}.png"
            page.screenshot(path=picture, full_page=True)
            print(f"{page.url}: {picture}")

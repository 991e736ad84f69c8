"""Every page of the tables of permissions: no fault that axe-core finds, nothing too wide.

On a phone in light and on a desktop in dark, for a visitor and for the first person whom the page
is for, in a region with content and in one on its first day.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import WINDOWS, Live
from tests.browser.watch import Watch, fits
from tests.permissions.matrix import Row
from tests.permissions.tables import ROWS

# Addresses that answer something else than a page: data, files, scripts.
NOT_PAGES = (
    "/api/",
    "/fichiers/",
    "/theme.css",
    "/communes/contours/",
    "/communautes/carte.json",
    "/compte/mes-donnees/",
    "/health/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
)
# The console's host serves pages of the site; these are the two that look otherwise there.
CONSOLE_PAGES = ("/compte/connexion/", "/administration/")


def is_page(row: Row) -> bool:
    """Whether the line is about a page that someone sees."""
    return (
        row.method == "GET"
        and "200" in row.cells
        and not row.path.startswith(NOT_PAGES)
        and (row.host != "console" or row.path in CONSOLE_PAGES)
    )


PAGES = [row for row in ROWS if is_page(row)]


def readers(row: Row, sessions: dict[str, str], *, empty: bool) -> list[str]:
    """Return who looks: a visitor, and the first person whose session counts on this host."""
    allowed = [role for role in row.allowed() if row.expected(role) == "200"]
    # A region without communities has no référent.
    known = [role for role in allowed if role in sessions and not (empty and role == "referent")]
    return [*(["visitor"] if "visitor" in allowed else []), *known[:1]]


def look(page: Page) -> list[str]:
    """Return what is wrong with the page: on a phone in light, on a desktop in dark."""
    found = []
    for kind, scheme in (("phone", "light"), ("desktop", "dark")):
        page.set_viewport_size(WINDOWS[kind]["viewport"])
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        fits(page)
        found += [f"{kind}, {scheme}: {fault}" for fault in violations(page)]
    return found


def hosts(row: Row, live: Live) -> list[tuple[str, dict[str, str]]]:
    """Return the hosts to look at, with the sessions that count there."""
    operator = {"operator": live.operator.session}
    filled, empty = live.filled, live.empty
    if row.host in {"platform", "mail"}:
        return [(row.host, operator)]
    prefix = "admin." if row.host == "console" else ""
    looked_at = [(f"{prefix}{filled.tenant.slug}", filled.sessions)]
    if not row.placeholders:
        looked_at.append((f"{prefix}{empty.tenant.slug}", empty.sessions))
    return looked_at


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_a_page_is_accessible(row: Row, live: Live, window: Callable[..., Page]) -> None:
    found = []
    for host, sessions in hosts(row, live):
        for role in readers(row, sessions, empty=sessions is live.empty.sessions):
            cookies = live.cookies(host, sessions[role]) if role != "visitor" else None
            page = window(cookies=cookies)
            response = page.goto(live.url(host, live.filled.path(row.path)))
            assert response is not None
            assert response.status == 200, f"{role} on {host}"
            assert response.headers["content-type"].startswith("text/html")
            page.wait_for_load_state("networkidle")
            found += [f"{role} on {fault}" for fault in look(page)]
            page.context.close()
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("host", ["armor", "admin.armor", "platform", "mail"])
def test_an_error_page_is_accessible(
    host: str, live: Live, window: Callable[..., Page], watch: Watch
) -> None:
    watch.refused.add(404)
    page = window()
    session = live.filled.sessions["member"]
    page.context.add_cookies(live.cookies(host, session))
    path = "/compte/rien/" if host == "admin.armor" else "/rien/"
    response = page.goto(live.url(host, path))
    assert response is not None
    assert response.status == 404
    assert look(page) == []

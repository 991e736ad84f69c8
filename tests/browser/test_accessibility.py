"""Every page of the tables of permissions: no fault that axe-core finds, nothing too wide.

On a phone in light and on a desktop in dark, for a visitor and for the first person whom the page
is for, in a region with content and in one on its first day.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import SLOW, WINDOWS, Live
from tests.browser.watch import Watch, fits
from tests.permissions.matrix import ROLES, Row
from tests.permissions.tables import ROWS

# Addresses that answer something else than a page: data, files, scripts.
NOT_PAGES = (
    "/regions-partenaires/",
    "/api/",
    "/fichiers/",
    "/theme.css",
    "/communes/contours/",
    "/territoires/{move}/etat/",
    "/communautes/carte.json",
    "/observatoire/carte.json",
    "/observatoire/donnees.csv",
    "/annonces/communaute/",
    "/compte/mes-donnees/",
    "/health/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
    "/messages/{thread}/lignes/",
    "/communautes/{community}/lieu.json",
    "/communautes/{community}/qr.svg",
    "/compte/calendrier/{calendar}.ics",
    "/administration/communautes/import/modele/",
    "/administration/communautes/import/{import}/etat/",
    "/administration/communautes/import/{next_import}/etat/",
    "/administration/communautes/{community}/membres/lot/{bulk_act}/etat/",
    "/administration/communautes/{neighbour}/membres/lot/{next_act}/etat/",
)
# The console's host serves pages of the site; these are the two that look otherwise there.
CONSOLE_PAGES = ("/compte/connexion/", "/administration/")


def is_page(row: Row) -> bool:
    """Whether the line is about a page that someone sees."""
    return (
        row.method == "GET"
        and "200" in row.cells
        and not row.path.startswith(NOT_PAGES)
        and "?format=" not in row.path  # the same list as a file
        and (row.host != "console" or row.path in CONSOLE_PAGES)
    )


def reader(row: Row, *, empty: bool) -> str:
    """Return the first person with an account who sees the page; nothing when only visitors do."""
    if row.host == "mail":
        return ""  # nobody signs in there
    # A region without communities has no référent; an operator is a visitor in a region.
    skipped = {"visitor"} | ({"referent"} if empty else set())
    skipped |= {"operator"} if row.host in {"site", "console"} else set(ROLES) - {"operator"}
    return next((r for r in ROLES if r not in skipped and row.expected(r) == "200"), "")


def _sights() -> dict[tuple[str, str, str], list[Row]]:
    """Return the pages by host, region and who looks: each window visits many pages."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in filter(is_page, ROWS):
        regions = ["filled"] if row.placeholders or row.host not in {"site", "console"} else REGIONS
        for region in regions:
            people = {"visitor"} if row.expected("visitor") == "200" else set()
            people |= {reader(row, empty=region == "empty")}
            for person in sorted(people - {""}):
                found.setdefault((row.host, region, person), []).append(row)
    return found


REGIONS = ["filled", "empty"]
SIGHTS = _sights()


def look(page: Page) -> list[str]:
    """Return what is wrong with the page: on a phone in light, on a desktop in dark."""
    found = []
    for kind, scheme in (("phone", "light"), ("desktop", "dark")):
        page.set_viewport_size(WINDOWS[kind]["viewport"])
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for drawn in page.locator("[data-territories-map]:visible").all():
            drawn.scroll_into_view_if_needed()
            expect(drawn).to_have_attribute("data-ready", "true", timeout=SLOW)
        fits(page)
        found += [f"{kind}, {scheme}: {fault}" for fault in violations(page)]
    return found


@pytest.mark.parametrize(
    ("host", "region", "person"), SIGHTS, ids=["-".join(sight) for sight in SIGHTS]
)
def test_pages_are_accessible(
    host: str, region: str, person: str, live: Live, window: Callable[..., Page]
) -> None:
    world = live.filled if region == "filled" else live.empty
    slug = world.tenant.slug
    name = {"site": slug, "console": f"admin.{slug}"}.get(host, host)
    session = live.operator.session if person == "operator" else world.sessions.get(person)
    page = window(cookies=live.cookies(name, session) if session else None)
    found = []
    for row in SIGHTS[host, region, person]:
        response = page.goto(live.url(name, live.filled.path(row.path)))
        assert response is not None
        assert response.status == 200, row
        assert response.headers["content-type"].startswith("text/html"), row
        found += look(page)
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


# Forms that were sent with nothing right in them: (address, words on the button).
MISTAKES = [
    ("visitor", "/compte/inscription/", "Suivant"),
    ("visitor", "/compte/connexion/", "Se connecter"),
    ("visitor", "/compte/mot-de-passe/oublie/", "Recevoir un code"),
    ("visitor", "/recherche/", "Rechercher"),
    ("member", "/annonces/publier/trajet/", "Continuer"),
    ("member", "/communautes/creer/formulaire/", "Créer"),
    ("member", "/compte/modifier/", "Enregistrer"),
    ("member", "/compte/mot-de-passe/", "Enregistrer"),
    ("member", "/compte/supprimer/", "Supprimer"),
]


@pytest.mark.parametrize("person", ["visitor", "member"])
def test_a_refused_form_is_accessible(
    person: str, live: Live, window: Callable[..., Page], watch: Watch
) -> None:
    """It says what is wrong, and where; the words are read by those who do not see them."""
    watch.refused.add(422)
    session = live.filled.sessions.get(person)
    page = window(cookies=live.cookies("armor", session) if session else None)
    found = []
    for who, path, words in MISTAKES:
        if who != person:
            continue
        page.goto(live.url("armor", path))
        form = page.locator("main form").filter(has=page.get_by_role("button", name=words)).first
        for field in form.locator("input:not([type=hidden]):not([type=radio]), textarea").all():
            kind = field.get_attribute("type")
            if kind not in {"checkbox", "date", "time", "number", "file"} and field.is_visible():
                field.fill("")
        form.evaluate(
            "form => { form.noValidate = true }"
        )  # the server's answer, not the browser's
        form.get_by_role("button", name=words).last.click()
        errors = page.locator(".field__error, [role=alert]").locator("visible=true")
        expect(errors.first).to_be_visible()
        found += look(page)
    assert found == [], "\n".join(found)

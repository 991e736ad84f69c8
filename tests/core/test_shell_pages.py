"""The shell's pages and choices, through the real client."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import OperationalError
from django.test import RequestFactory, override_settings
from django.utils.translation import get_language

from core.shell import csp
from core.shell.site import errors
from tenants.models import Tenant
from tests.client import StrictClient

PUBLIC = ["/", "/comment-ca-marche/", "/accessibilite/", "/mentions-legales/"]


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_visitor_reads_the_public_pages(
    client: StrictClient, address: str, language: str
) -> None:
    client.cookies["language"] = language
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    assert f'<html lang="{language}"' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main"' in html
    assert re.search(r"<title>[^<·]+ · Alpha</title>", html)


def test_messages_are_for_members(
    client: StrictClient,
    client_for: Callable[..., StrictClient],
    tenant: Tenant,
    account_factory: Callable,
) -> None:
    assert client.get("/messages/").status_code == HTTPStatus.FOUND
    member = client_for(tenant, account_factory())
    assert member.get("/messages/").status_code == HTTPStatus.OK


def test_the_header_follows_who_reads(
    client: StrictClient,
    client_for: Callable[..., StrictClient],
    tenant: Tenant,
    account_factory: Callable,
) -> None:
    visitor = client.get("/").content.decode()
    assert "Se connecter" in visitor
    assert 'href="/messages/"' not in visitor
    account = account_factory(first_name="Pierre", last_name="Lebrun")
    member = client_for(tenant, account).get("/").content.decode()
    assert "Se connecter" not in member
    assert 'href="/messages/"' in member
    assert "Pierre L." in member
    assert "Lebrun" not in member


def test_the_console_opens_to_whom_something_is_open(
    client_for: Callable[..., StrictClient], tenant: Tenant, account_factory: Callable
) -> None:
    from core.accounts.models import RoleAssignment

    member, administrator = account_factory(), account_factory()
    RoleAssignment.objects.create(account=administrator, role=RoleAssignment.Role.ADMINISTRATOR)
    assert client_for(tenant, member).get("/administration/").status_code == HTTPStatus.NOT_FOUND
    response = client_for(tenant, administrator).get("/administration/")
    assert response.status_code == HTTPStatus.OK
    assert 'class="console__side"' in response.content.decode()


def test_the_host_of_the_console_signs_in_without_the_menus_of_the_site(tenant: Tenant) -> None:
    pages = {
        host: StrictClient(host).get("/compte/connexion/").content.decode()
        for host in ("alpha.localhost", "admin.alpha.localhost")
    }
    heads = {host: html[: html.index("</header>")] for host, html in pages.items()}
    links = {host: 'href="/communautes/"' in head for host, head in heads.items()}
    named = {host: "Administration</span>" in head for host, head in heads.items()}
    assert links == {"alpha.localhost": True, "admin.alpha.localhost": False}
    assert named == {"alpha.localhost": False, "admin.alpha.localhost": True}


# --- Language and scheme -------------------------------------------------------------------------


def test_language_is_chosen_and_kept(client: StrictClient) -> None:
    response = client.post("/lang/", {"language": "en", "next": "/accessibilite/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/accessibilite/?a=1")
    cookie = response.cookies["language"]
    assert cookie.value == "en"
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]
    assert '<html lang="en"' in client.get("/accessibilite/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org",
        "///evil.example.org",
        "javascript:alert(1)",
        "accessibilite/",
        "",
    ],
)
@pytest.mark.parametrize("door", ["/lang/", "/apparence/"])
def test_no_choice_leads_off_the_site(client: StrictClient, door: str, address: str) -> None:
    response = client.post(door, {"language": "en", "scheme": "dark", "next": address})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_an_unknown_choice_is_forgotten(client: StrictClient) -> None:
    assert "language" not in client.post("/lang/", {"language": "xx"}).cookies
    assert "scheme" not in client.post("/apparence/", {"scheme": "pink"}).cookies
    client.cookies["scheme"] = '"><script>'
    assert "data-scheme=" not in client.get("/").content.decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_in_the_page_before_any_script(client: StrictClient, scheme: str) -> None:
    client.post("/apparence/", {"scheme": scheme})
    assert f'data-scheme="{scheme}"' in client.get("/").content.decode()
    client.post("/apparence/", {"scheme": "auto"})
    assert "data-scheme=" not in client.get("/").content.decode()


@pytest.mark.parametrize("door", ["/lang/", "/apparence/"])
def test_choices_need_a_post(client: StrictClient, door: str) -> None:
    assert client.get(door).status_code == HTTPStatus.METHOD_NOT_ALLOWED


# --- Policy ---------------------------------------------------------------------------------------


def test_pages_carry_the_strict_policy(client: StrictClient) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    found = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert found == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "manifest-src": "'self'",
    }


def test_only_images_may_come_from_a_tile_server() -> None:
    policy = csp.with_images("https://tiles.example.org")["DIRECTIVES"]
    assert policy.pop("img-src") == ["'self'", "data:", "https://tiles.example.org"]
    ours = dict(csp.CONTENT_SECURITY_POLICY["DIRECTIVES"])
    del ours["img-src"]
    assert policy == ours


# --- Errors ---------------------------------------------------------------------------------------


def test_an_unknown_page_wears_the_look_of_the_region(client: StrictClient) -> None:
    response = client.get("/nulle-part/")
    html = response.content.decode()
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "Cette page n’existe pas" in html
    assert "/theme.css?v=" in html
    assert "Alpha" in html


def test_a_failure_of_ours_says_so_without_the_database(
    tenant: Tenant, client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever touches the database while the page is made fails here."""
    request = RequestFactory().get("/x/", headers={"host": "alpha.localhost"})
    request.tenant = tenant  # type: ignore[attr-defined]

    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
    response = errors.server_error(request)
    html = response.content.decode()
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Un problème est survenu de notre côté" in html
    assert "Alpha" in html
    assert 'href="/theme.css"' in html


def test_a_failure_keeps_the_look_that_was_already_read(tenant: Tenant) -> None:
    from core.shell.theme import theme_of

    request = RequestFactory().get("/x/", headers={"host": "alpha.localhost"})
    request.tenant = tenant  # type: ignore[attr-defined]
    request.COOKIES["language"] = "en"
    address = theme_of(request).stylesheet_url
    html = errors.server_error(request).content.decode()
    assert address in html
    assert "Something went wrong on our side" in html
    assert get_language() != "en"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/400/", 400, "Cette demande n’a pas pu être comprise"),
        ("/403/", 403, "Vous n’avez pas accès à cette page"),
        ("/404/", 404, "Cette page n’existe pas"),
        ("/500/", 500, "Un problème est survenu de notre côté"),
    ],
)
@override_settings(ROOT_URLCONF="tests.core.failing_urls")
def test_errors_are_pages_with_the_strict_policy(
    client: StrictClient, address: str, status: int, words: str
) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert "Alpha" in html
    assert "/theme.css" in html
    assert "Traceback" not in html
    assert 'href="/">' in html


def test_a_form_that_expired_says_that_nothing_was_saved(tenant: Tenant) -> None:
    client = StrictClient("alpha.localhost", enforce_csrf_checks=True)
    response = client.post("/lang/", {"language": "en"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Ce formulaire a expiré" in response.content.decode()


# --- The platform's host --------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/styleguide/", "/accessibilite/", "/mentions-legales/"])
def test_the_platform_has_a_neutral_look(twins, _database, address: str) -> None:
    response = StrictClient("platform.localhost").get(address)
    html = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    assert " · Passerelle</title>" in html
    assert 'data-motif="arches"' in html
    assert "theme.css" not in html

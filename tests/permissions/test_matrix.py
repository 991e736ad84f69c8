"""Every address of every host, for everybody: the answers are those of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver, resolve

from tests.client import StrictClient
from tests.permissions.conftest import Worlds
from tests.permissions.matrix import METHODS, ROLES, SIGN_IN, Row
from tests.permissions.tables import ROWS
from tests.permissions.world import World

URLCONFS = {
    "site": settings.ROOT_URLCONF,
    "console": settings.CONSOLE_URLCONF,
    "platform": settings.PLATFORM_URLCONF,
    "mail": settings.MAIL_URLCONF,
}
SIGN_IN_PATHS = {"/compte/connexion/", "/admin/login/"}


# --- the tables cover the addresses, and nothing else ---------------------------------------------
def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Yield every route below a resolver, written as Django writes the one that matched."""
    for pattern in resolver.url_patterns:
        own = str(pattern.pattern)
        route = prefix + own.removeprefix("^") if prefix else own
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from addresses(pattern, route)


def matched(row: Row) -> ResolverMatch:
    """Return the pattern that a row's address reaches; any object will do."""
    sample = "00000000-0000-4000-8000-000000000000"
    path = urlsplit(row.path.format_map(dict.fromkeys(row.placeholders, sample))).path
    return resolve(path, URLCONFS[row.host])


@pytest.mark.parametrize("host", URLCONFS)
def test_every_address_has_a_line(host: str) -> None:
    routes = set(addresses(get_resolver(URLCONFS[host])))
    covered = {matched(row).route for row in ROWS if row.host == host}
    assert routes - covered == set(), "an address without a line in tests/permissions"
    assert covered - routes == set()


def test_every_line_names_an_address(worlds: Worlds) -> None:
    for row in ROWS:
        assert matched(row).func
        assert not row.sends or row.sends in worlds.here.sends


def test_no_line_is_written_twice() -> None:
    names = [str(row) for row in ROWS]
    assert sorted(names) == sorted(set(names))


# --- the tables hold together -----------------------------------------------------------------------
def test_what_is_refused_to_one_is_allowed_to_another() -> None:
    """A refusal proves something only where the same address and object let someone through."""
    for row in ROWS:
        assert bool(row.mark) == (not row.allowed()), f"{row}: nobody gets there; gone or never?"


def test_what_is_gone_has_a_living_twin() -> None:
    for row in (row for row in ROWS if row.mark == "gone"):
        twins = [
            other
            for other in ROWS
            if (other.host, other.method) == (row.host, row.method)
            and matched(other).route == matched(row).route
            and other.allowed()
        ]
        assert twins, row


def test_an_operator_is_a_visitor_in_a_region() -> None:
    for row in ROWS:
        if row.host in {"site", "console"}:
            assert row.expected("operator") == row.expected("visitor"), row


def test_a_member_is_a_visitor_on_the_platform() -> None:
    for row in ROWS:
        if row.host in {"platform", "mail"}:
            for role in ("member", "other", "referent", "administrator"):
                assert row.expected(role) == row.expected("visitor"), row


def test_the_object_of_another_region_does_not_exist() -> None:
    for row in ROWS:
        if row.host in {"site", "console"}:
            assert bool(row.elsewhere) == bool(row.placeholders), row
        assert row.elsewhere in {"", "404", "308"}, row
        assert row.elsewhere != "308" or row.cells == ("308",) * len(ROLES), row


def test_what_is_not_yours_does_not_exist() -> None:
    """403 would say that it does; it is the API's word for "you have no session" and nothing else."""
    for row in ROWS:
        for role in ("member", "other", "referent", "administrator"):
            if row.host in {"site", "console"}:
                assert row.expected(role) not in {"401", "403"}, row


def test_both_regions_have_the_same_keys_and_other_names(worlds: Worlds) -> None:
    assert worlds.here.keys == worlds.there.keys
    assert worlds.here.keys
    both = worlds.here.names.keys() & worlds.there.names.keys()
    assert both
    assert [name for name in both if worlds.here.names[name] == worlds.there.names[name]] == []


# --- the answers are those of the tables ------------------------------------------------------------
def client_of(role: str, host: str, asked: World, worlds: Worlds) -> StrictClient:
    """Return the browser of a role of the region ``asked``, on one of its hosts or the platform's.

    Its session was opened where the person has an account, and is carried to whatever host is
    asked: what it is worth there is part of what the tables say.
    """
    client = StrictClient(
        {
            "site": f"{asked.tenant.slug}.localhost",
            "console": f"admin.{asked.tenant.slug}.localhost",
            "platform": settings.PLATFORM_HOST,
            "mail": settings.MAIL_HOST,
        }[host]
    )
    session = worlds.operator.session if role == "operator" else asked.sessions.get(role)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def send(client: StrictClient, row: Row, path: str, data: Any) -> HttpResponse:
    """Send what the line says, and undo what it did."""
    options: dict[str, Any] = {}
    if row.method != "GET":
        options["data"] = data or {}
        if urlsplit(path).path.startswith("/api/"):
            options["content_type"] = "application/json"
    with transaction.atomic():
        response: HttpResponse = getattr(client, row.method.lower())(path, **options)
        if response.streaming:
            b"".join(response)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return response


def cell(response: HttpResponse) -> str:
    """Return the answer as the tables write it."""
    location = urlsplit(response.headers.get("Location", ""))
    if response.status_code == 302 and location.path in SIGN_IN_PATHS:
        return SIGN_IN if "next=" in location.query else "302"
    return str(response.status_code)


def answers(row: Row, asked: World, named: World, worlds: Worlds) -> dict[str, str]:
    """Return what each role of the region ``asked`` gets for the objects of ``named``."""
    return {
        role: cell(
            send(
                client_of(role, row.host, asked, worlds),
                row,
                named.path(row.path),
                asked.sends.get(row.sends),
            )
        )
        for role in ROLES
    }


def is_sent_to_the_site(row: Row) -> bool:
    """Whether the line says that the console's host has no such page."""
    return set(row.cells) == {"308"}


@pytest.mark.parametrize("row", [row for row in ROWS if not is_sent_to_the_site(row)], ids=str)
def test_who_gets_what(row: Row, worlds: Worlds, db: None) -> None:
    expected = {role: row.expected(role) for role in ROLES}
    assert answers(row, worlds.here, worlds.here, worlds) == expected
    if row.elsewhere:
        # The allowed twin of the refusals below: the very same object, asked at home.
        assert answers(row, worlds.there, worlds.there, worlds) == expected
        elsewhere = {role: row.expected_elsewhere(role) for role in ROLES}
        assert answers(row, worlds.here, worlds.there, worlds) == elsewhere


def test_the_console_sends_the_rest_to_the_site(worlds: Worlds, db: None) -> None:
    rows = [row for row in ROWS if is_sent_to_the_site(row)]
    assert rows
    for row in rows:
        path = worlds.here.path(row.path)
        for role in ("visitor", "administrator"):
            response = send(client_of(role, row.host, worlds.here, worlds), row, path, None)
            assert cell(response) == "308", row
            assert response["Location"] == f"http://ici.localhost{path}"


def test_a_method_without_a_line_is_not_allowed(worlds: Worlds, db: None) -> None:
    """Of ours: the back office's pages answer whatever Django's admin answers."""
    known: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        known.setdefault((row.host, matched(row).route), set()).add(row.method)
    found = []
    for row in ROWS:
        route = matched(row).route
        if route.startswith("admin/") or row.host in {"mail", "console"} or not row.allowed():
            continue
        for method in set(METHODS) - known[row.host, route]:
            known[row.host, route].add(method)
            client = client_of(row.allowed()[0], row.host, worlds.here, worlds)
            asked = replace(row, method=method)
            answer = cell(send(client, asked, worlds.here.path(row.path), None))
            if answer != "405":
                found.append(f"{asked}: {answer}")
    assert found == [], "\n".join(found)

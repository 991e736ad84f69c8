"""From host to region: what is not exactly ours is 404, and nothing stays set afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tenants.context import REGISTRY, current_scope, tenant_scope
from tenants.middleware import address_of, forget_addresses, normalise_host
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins

SAME = [
    "ALPHA.localhost",
    "alpha.localhost.",
    "Alpha.LocalHost:8000",
    "alpha.localhost:80",
    " alpha.localhost ",
    "alpha.localhost:",
]
HOSTILE = [
    "", ".", "..", "localhost", "127.0.0.1", "[::1]", "[::1]:8000", "alpha", "alpha..localhost",
    ".alpha.localhost", "alpha.localhost..", "alpha.localhost:x", "alpha.localhost:80:80",
    "alpha.localhost/", "alpha.localhost/..", "alpha.localhost#beta.localhost", "alpha.localhost?x",
    "beta.localhost@alpha.localhost", "alpha.localhost,beta.localhost",
    "alpha.localhost beta.localhost",
    "alpha.localhost\tx", "alpha.localhost\x00", "alpha_localhost", "*.localhost",
    "%61lpha.localhost",
    "xn--alpha.localhost", "alphа.localhost", "evil.alpha.localhost",
    "alpha.localhost.evil.example",
    "admin.admin.alpha.localhost", "t_alpha.localhost", "public.localhost",
    "template_tenant.localhost",
    "' OR 1=1 --", "a" * 300 + ".localhost", "<script>", "alpha.localhost\r\nX-Evil: 1",
]  # fmt: skip


@pytest.mark.parametrize("host", SAME)
def test_one_host_in_its_spellings(host: str, twins: Twins, _database: None) -> None:
    response = Client(headers={"host": host}).get("/theme.css")
    assert response.status_code == 200, host
    assert current_scope() is REGISTRY


@pytest.mark.parametrize("host", HOSTILE)
def test_a_hostile_host_is_404_and_leaves_nothing(host: str, twins: Twins, _database: None) -> None:
    response = Client(headers={"host": host}).get("/")
    assert response.status_code == 404, host
    assert response.content == b"404\n"
    assert current_scope() is REGISTRY


def test_there_are_thirty() -> None:
    assert len(set(HOSTILE)) >= 30


def test_the_scope_ends_even_when_the_page_fails(twins: Twins, _database: None) -> None:
    client = Client(headers={"host": "alpha.localhost"}, raise_request_exception=False)
    client.get("/annonces/\x00")
    assert current_scope() is REGISTRY


def test_other_hosts_redirect_to_the_primary(committed_regions: Callable[..., Tenant]) -> None:
    committed_regions("many", hosts=["many.localhost", "www.many.localhost", "old.many.localhost"])
    for host in ("www.many.localhost", "old.many.localhost"):
        client = Client(headers={"host": host})
        response = client.get("/recherche/?date=2026-11-23")
        assert response.status_code == 308
        assert response["Location"] == "http://many.localhost/recherche/?date=2026-11-23"
        assert client.post("/lang/", {"language": "en"}).status_code == 308
        # The stored host is used, never what the request claims.
        forged = client.get("/", headers={"X-Forwarded-Host": "evil.example"})
        assert forged["Location"] == "http://many.localhost/"


def test_a_region_in_preparation_shows_its_console_only(
    committed_regions: Callable[..., Tenant],
) -> None:
    committed_regions("draft", state=Tenant.State.PREPARING)
    assert Client(headers={"host": "draft.localhost"}).get("/").status_code == 404
    console = Client(headers={"host": "admin.draft.localhost"}).get("/administration/")
    assert console.status_code == 302
    assert console["Location"].startswith("/compte/")


def test_the_console_host_serves_the_console_and_sends_the_rest_to_the_site(
    twins: Twins, _database: None
) -> None:
    console = StrictClient("admin.alpha.localhost")
    assert console.get("/")["Location"] == "/administration/"
    assert console.get("/communautes/")["Location"] == "http://alpha.localhost/communautes/"


def test_an_unknown_host_is_never_remembered(committed_regions: Callable[..., Tenant]) -> None:
    client = Client(headers={"host": "late.localhost"})
    assert client.get("/").status_code == 404
    committed_regions("late")
    assert client.get("/").status_code == 200, "a new region answers at once, without a restart"


def test_a_known_host_costs_no_query(
    twins: Twins, _database: None, django_assert_num_queries: Callable[..., object]
) -> None:
    forget_addresses()
    assert address_of("alpha.localhost") is not None
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert address_of("alpha.localhost").tenant == twins.a  # type: ignore[union-attr]


def test_normalise() -> None:
    assert normalise_host("Alpha.Localhost.:8000") == "alpha.localhost"
    assert normalise_host("a b") is None


def test_a_region_lives_on_its_own_clock(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins.a, "time_zone", "Indian/Reunion")
    with tenant_scope(twins.a):
        assert timezone.get_current_timezone_name() == "Indian/Reunion"
        with tenant_scope(twins.b):
            assert timezone.get_current_timezone_name() == "Europe/Paris"
    assert timezone.get_current_timezone_name() == "Europe/Paris"

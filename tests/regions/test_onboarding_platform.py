"""The platform's host: what passers-by see, and what is for operators only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from regions.onboarding.models import RegionProfile
from tenants.context import platform_scope
from tenants.models import Domain, Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account

HOST = "platform.localhost"
ADMIN_PAGES = [
    "/admin/",
    "/admin/tenants/tenant/",
    "/admin/tenants/domain/",
    "/admin/tenants/domain/add/",
    "/admin/onboarding/regionprofile/",
]


@pytest.fixture
def people(twins: Twins, _database: None) -> Callable[[str], StrictClient]:
    """Return a function (role) → a client on the platform's host."""

    def make(role: str) -> StrictClient:
        client = StrictClient(HOST)
        if role != "visitor":
            with platform_scope(reason="a person of the platform"):
                client.force_login(make_account(is_platform_operator=role == "operator"))
        return client

    return make


def test_the_landing_page_lists_live_regions(twins: Twins, people: Any) -> None:
    page = people("visitor").get("/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "http://alpha.localhost/" in html and "http://beta.localhost/" in html
    assert "Bretagne" in html and "Hauts-de-France" in html
    with platform_scope(reason="a region is taken back"):
        Tenant.objects.filter(pk=twins.a.pk).update(state=Tenant.State.PREPARING)
    assert "alpha.localhost" not in people("visitor").get("/").content.decode()


def test_health_is_public_and_short(people: Any) -> None:
    answer = people("visitor").get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert "no-store" in answer["Cache-Control"]


def test_health_answers_a_load_balancer_without_https(people: Any, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert people("visitor").get("/health/").status_code == 200
    assert people("visitor").get("/").status_code == 301


@pytest.mark.parametrize("host", ["alpha.localhost", "admin.alpha.localhost"])
@pytest.mark.parametrize("path", ["/health/", "/regions/", "/admin/", "/admin/login/"])
def test_none_of_it_exists_on_a_region_s_hosts(
    host: str, path: str, twins: Twins, client_for: Callable[..., StrictClient]
) -> None:
    answer = client_for(twins.a, host=host).get(path, follow=False)
    assert answer.status_code in {404, 308}
    if answer.status_code == 308:  # the console host sends it to the site, where it is not
        assert client_for(twins.a).get(path).status_code == 404


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("path", ["/regions/", *ADMIN_PAGES])
def test_for_operators_only(path: str, people: Any) -> None:
    signed_out = people("visitor").get(path, follow=True)
    assert signed_out.redirect_chain[-1] == (f"/compte/connexion/?next={path}", 302)
    assert people("operator").get(path).status_code == 200
    assert people("somebody").get(path, follow=True).status_code == 404


def test_the_list_says_state_hosts_and_date(twins: Twins, people: Any) -> None:
    html = people("operator").get("/regions/").content.decode()
    for told in ("Alpha", "alpha.localhost", "admin.alpha.localhost", "Hauts-de-France"):
        assert told in html


def test_the_list_does_not_ask_more_for_more_regions(
    twins: Twins, people: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = people("operator")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/regions/")
    with platform_scope(reason="more regions"):
        for number in range(5):
            tenant = Tenant.objects.create(
                slug=f"r{number}aa", name="R", schema_name=f"t_r{number}"
            )
            Domain.objects.create(tenant=tenant, host=f"r{number}.example.org", is_primary=True)
            RegionProfile.objects.create(
                tenant=tenant,
                region_codes=["53"],
                contact_email="a@example.org",
                support_email="a@example.org",
            )
    with CaptureQueriesContext(connection) as many:
        client.get("/regions/")
    assert len(many) == len(few)


# --- back office -----------------------------------------------------------------------------
def test_the_back_office_makes_and_removes_no_region(twins: Twins, people: Any) -> None:
    client = people("operator")
    for path in ("add/", f"{twins.a.pk}/delete/"):
        assert client.get(f"/admin/tenants/tenant/{path}").status_code == 403


@pytest.mark.ignore_template_errors
def test_an_operator_changes_modules_and_state(twins: Twins, people: Any) -> None:
    client = people("operator")
    address = f"/admin/tenants/tenant/{twins.a.pk}/change/"
    assert 'name="slug"' not in client.get(address).content.decode()
    sent = {
        "name": "Alpha bis",
        "state": "preparing",
        "modules": ["communities"],
        "language": "en",
        "time_zone": "Europe/Paris",
        "slug": "stolen",
        "schema_name": "t_beta",
    }
    assert client.post(address, sent).status_code == 302
    with platform_scope(reason="look"):
        tenant = Tenant.objects.get(pk=twins.a.pk)
    assert (tenant.name, tenant.state, tenant.modules) == (
        "Alpha bis",
        "preparing",
        ["communities"],
    )
    assert (tenant.slug, tenant.schema_name) == ("alpha", "t_alpha")
    assert client_status("alpha.localhost") == 404, "seen at once"


def client_status(host: str) -> int:
    return StrictClient(host).get("/").status_code


@pytest.mark.ignore_template_errors
def test_hosts_are_added_made_primary_and_removed(twins: Twins, people: Any) -> None:
    client = people("operator")
    taken = {"host": HOST, "tenant": twins.a.pk, "kind": "site"}
    assert client.post("/admin/tenants/domain/add/", taken).status_code == 200, "refused"
    added = {"host": "neuf.localhost", "tenant": twins.a.pk, "kind": "site"}
    assert client.post("/admin/tenants/domain/add/", added).status_code == 302
    with platform_scope(reason="look"):
        new = Domain.objects.get(host="neuf.localhost")
        old = Domain.objects.get(host="alpha.localhost")
    assert not new.is_primary
    assert client_status("neuf.localhost") == 308
    assert client.get(f"/admin/tenants/domain/{old.pk}/delete/").status_code == 403
    chosen = {"action": "make_primary", "_selected_action": [new.pk]}
    assert client.post("/admin/tenants/domain/", chosen).status_code == 302
    with platform_scope(reason="look"):
        primary = Domain.objects.get(tenant=twins.a, kind="site", is_primary=True)
    assert primary.host == "neuf.localhost"
    assert (
        client.post(f"/admin/tenants/domain/{old.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    with platform_scope(reason="look"):
        assert not Domain.objects.filter(host="alpha.localhost").exists()


@pytest.mark.ignore_template_errors
def test_a_profile_refuses_what_the_command_refuses(twins: Twins, people: Any) -> None:
    client = people("operator")
    address = f"/admin/onboarding/regionprofile/{twins.a.pk}/change/"
    bad = {
        "region_codes": "53,00",
        "contact_email": "a@localhost",
        "support_email": "b@example.org",
    }
    page = client.post(address, bad)
    assert page.status_code == 200
    good = {**bad, "region_codes": "53,52", "contact_email": "a@example.org"}
    assert client.post(address, good).status_code == 302
    with platform_scope(reason="look"):
        assert RegionProfile.objects.get(tenant=twins.a).region_codes == ["53", "52"]


def test_an_operator_signs_in_where_everybody_does(people: Any) -> None:
    with platform_scope(reason="an operator with a password"):
        operator = make_account(email="camille@example.org", is_platform_operator=True)
        operator.set_password("quatre mots bien choisis")
        operator.save()
    client = people("visitor")
    asked = client.get("/regions/")
    told = {"login": "camille@example.org", "password": "quatre mots bien choisis"}
    answer = client.post(asked["Location"], told, follow=True)
    assert answer.redirect_chain == [("/regions/", 302)]
    assert "alpha.localhost" in answer.content.decode()

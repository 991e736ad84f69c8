"""The command that makes a region: everything is refused before anything is made."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client

from branding.themes.queries import theme_current
from regions.onboarding.emails import validate_email_usable
from regions.onboarding.models import RegionProfile
from regions.onboarding.queries import region_current
from tenants.context import platform_scope, tenant_scope
from tenants.errors import NoTenantError
from tenants.models import Domain, Tenant
from tenants.provisioning import tenant_remove
from tests.conftest import Twins
from tests.factories import provision

GOOD = {
    "name": "Bretagne Sud",
    "slug": "bretagne-sud",
    "hosts": ["sud.localhost", "autre-sud.localhost"],
    "regions": "53,52",
    "admin_email": "soizic@example.org",
}
Onboard = Callable[..., tuple[str, str]]


def _line(options: dict[str, Any]) -> list[str]:
    """The options as they are typed."""
    typed: list[str] = []
    for name, value in options.items():
        option = {"hosts": "--host", "modules": "--module"}.get(name, f"--{name.replace('_', '-')}")
        if value is True:
            typed.append(option)
        else:
            for one in value if isinstance(value, list) else [value]:
                typed += [option, one]
    return typed


@pytest.fixture
def onboard(django_db_setup: None, django_db_blocker: Any) -> Iterator[Onboard]:
    """Run the command for real, with committed rows; regions made are removed afterwards."""
    with django_db_blocker.unblock():

        def run(**changes: Any) -> tuple[str, str]:
            out, err = io.StringIO(), io.StringIO()
            try:
                call_command("onboard_region", *_line({**GOOD, **changes}), stdout=out, stderr=err)
            except CommandError as error:
                error.told = err.getvalue()  # type: ignore[attr-defined]
                raise
            return out.getvalue(), err.getvalue()

        yield run
        for one in connections.all():
            one.close()
        for tenant in Tenant.objects.using("owner").exclude(slug__in=["alpha", "beta"]):
            tenant_remove(tenant)
        connections["owner"].close()


def _counts() -> tuple[int, int, int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%%'")
        schemas = cursor.fetchone()[0]
    return (
        Tenant.objects.using("owner").count(),
        Domain.objects.using("owner").count(),
        schemas,
    )


def test_a_region_answers_at_once(onboard: Onboard) -> None:
    out, _err = onboard()
    assert Client(headers={"host": "sud.localhost"}).get("/").status_code == 200
    other = Client(headers={"host": "autre-sud.localhost"}).get("/communautes/")
    assert (other.status_code, other["Location"]) == (308, "http://sud.localhost/communautes/")
    console = Client(headers={"host": "admin.sud.localhost"}).get("/administration/")
    assert console.status_code == 302, "asks to sign in"
    for told in (
        "Bretagne Sud (bretagne-sud)",
        "Bretagne (53), Pays de la Loire (52)",
        "http://sud.localhost/",
        "http://autre-sud.localhost/",
        "http://admin.sud.localhost/administration/",
        "soizic@example.org",
    ):
        assert told in out, out


def test_its_profile_says_where_it_is_and_whom_to_write_to(onboard: Onboard) -> None:
    onboard(support_email="aide@example.org")
    with tenant_scope(Tenant.objects.get(slug="bretagne-sud")):
        profile = region_current()
        assert profile.region_codes == ["53", "52"]
        assert profile.contact_email == "soizic@example.org"
        assert profile.support_email == "aide@example.org"


def test_its_first_administrator_is_there(onboard: Onboard) -> None:
    from core.accounts.access import is_administrator
    from core.accounts.models import Account

    onboard()
    with tenant_scope(Tenant.objects.get(slug="bretagne-sud")):
        account = Account.objects.get(email="soizic@example.org")
        assert is_administrator(account)
        assert not account.has_usable_password()


def test_a_look_may_be_given(onboard: Onboard) -> None:
    onboard(primary_color="#7d2a54", tagline="On sera proche !", landscape="hills")
    with tenant_scope(Tenant.objects.get(slug="bretagne-sud")):
        theme = theme_current()
        assert theme is not None
        assert (theme.primary, theme.tagline, theme.motif) == (
            "#7d2a54",
            "On sera proche !",
            "hills",
        )


def test_a_region_in_preparation_has_a_console_only(onboard: Onboard) -> None:
    onboard(preparing=True, console_host="gestion.localhost")
    assert Client(headers={"host": "sud.localhost"}).get("/").status_code == 404
    assert Client(headers={"host": "gestion.localhost"}).get("/administration/").status_code == 302


@pytest.mark.parametrize(
    ("option", "change"),
    [
        ("--slug", {"slug": "Sud"}),
        ("--slug", {"slug": "admin"}),
        ("--slug", {"slug": "alpha"}),
        ("--name", {"name": " "}),
        ("--host", {"hosts": ["alpha.localhost"]}),
        ("--host", {"hosts": ["platform.localhost"]}),
        ("--host", {"hosts": ["http://sud.localhost"]}),
        ("--host", {"hosts": ["sud.localhost", "sud.localhost"]}),
        ("--host", {"console_host": "admin.alpha.localhost"}),
        ("--regions", {"regions": "53,99"}),
        ("--regions", {"regions": "Bretagne"}),
        ("--regions", {"regions": " , "}),
        ("--regions", {"regions": "53,53"}),
        ("--admin-email", {"admin_email": "soizic"}),
        ("--admin-email", {"admin_email": "soizic@localhost"}),
        ("--admin-email", {"admin_email": ""}),
        ("--contact-email", {"contact_email": "no-reply@example.org"}),
        ("--support-email", {"support_email": "a@b"}),
        ("--language", {"language": "xx"}),
        ("--time-zone", {"time_zone": "Europe/Rennes"}),
        ("--module", {"modules": ["teleport"]}),
        ("--primary-color", {"primary_color": "bleu"}),
        ("--primary-color", {"landscape": "moon"}),
    ],
)
def test_refused_before_anything_is_made(
    option: str, change: dict[str, Any], twins: Twins, onboard: Onboard
) -> None:
    before = _counts()
    with pytest.raises(CommandError) as caught:
        onboard(**change)
    assert caught.value.returncode == 2
    lines = caught.value.told.splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 1 and lines[0].startswith(option), lines
    assert _counts() == before


def test_one_line_for_each_thing_that_is_wrong(twins: Twins, onboard: Onboard) -> None:
    with pytest.raises(CommandError) as caught:
        onboard(slug="A", regions="00", admin_email="x", hosts=["alpha.localhost"])
    lines = caught.value.told.splitlines()  # type: ignore[attr-defined]
    assert [line.partition(":")[0] for line in lines] == [
        "--slug",
        "--host",
        "--regions",
        "--admin-email",
    ]


# --- addresses -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    ["a@example.org", "prenom.nom+essai@mairie-redon.bzh", "contact@a.b.example.org"],
)
def test_addresses_that_can_be_reached(address: str) -> None:
    validate_email_usable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@example.org",
        "a@localhost",
        "a@server.local",
        "a@intranet",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@example.invalid",
        "no-reply@example.org",
        "NoReply@example.org",
        "ne-pas-repondre@example.org",
        "a b@example.org",
        "a@exa mple.org",
        "a@example.org\nBcc: b@example.org",
    ],
)
def test_addresses_that_cannot(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_email_usable(address)


# --- who reads profiles ------------------------------------------------------------------------
def test_no_profile_outside_a_region(twins: Twins, _database: None) -> None:
    with pytest.raises(NoTenantError):
        region_current()


def test_a_region_reads_profiles_and_writes_none(twins: Twins, tenant: Tenant) -> None:
    from django.db import ProgrammingError

    assert region_current().tenant_id == tenant.pk
    with pytest.raises(ProgrammingError), transaction.atomic():
        RegionProfile.objects.filter(tenant=tenant).update(contact_email="x@example.org")


def test_a_profile_is_checked_when_operators_change_it(twins: Twins, _database: None) -> None:
    with platform_scope(reason="an operator edits a profile"):
        profile = RegionProfile.objects.get(tenant=twins.a)
        profile.region_codes = ["00"]
        profile.contact_email = "x@localhost"
        with pytest.raises(ValidationError) as caught:
            profile.full_clean()
    assert set(caught.value.message_dict) == {"region_codes", "contact_email"}


def test_a_profile_goes_with_its_region(twins: Twins, onboard: Onboard) -> None:
    tenant = provision("passing")
    assert RegionProfile.objects.using("owner").filter(tenant=tenant).exists()
    tenant_remove(tenant)
    assert not RegionProfile.objects.using("owner").filter(tenant_id=tenant.pk).exists()
    assert connection.vendor == "postgresql"

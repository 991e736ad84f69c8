"""Roles, and the territories they are limited to."""

from __future__ import annotations

import pytest
from django.http import Http404

from core.accounts import access, inventory, territories
from core.accounts.errors import LastAdministratorError
from core.accounts.models import RoleAssignment
from core.accounts.services import account_restore, account_suspend, role_grant, role_revoke
from core.audit import queries
from tenants.models import Tenant
from tests.factories import make_account

RENNES, VITRE, BREST = "35238", "35360", "29019"
RENNES_METROPOLE = "243500139"


def test_territories_are_the_regions_own(tenant: Tenant) -> None:
    known = dict(territories.choices())
    assert known["35"] == "Ille-et-Vilaine (35)" and "59" not in known
    assert RENNES in territories.municipalities([RENNES_METROPOLE])
    assert VITRE not in territories.municipalities([RENNES_METROPOLE])
    assert {RENNES, VITRE} < set(territories.municipalities(["35"]))
    assert territories.names_of(["35", "99"]) == ["Ille-et-Vilaine (35)", "99"]


def test_a_role_reaches_its_territories_and_several_count_together(tenant: Tenant) -> None:
    account = make_account()
    manager, analyst = RoleAssignment.Role.COMMUNITY_MANAGER, RoleAssignment.Role.ANALYST
    assert access.reach_of(account, manager, analyst) is None
    role_grant(account=account, role=manager, territories=["35"])
    role_grant(account=account, role=analyst, territories=[RENNES_METROPOLE])
    both = access.reach_of(account, manager, analyst)
    assert both == access.Reach(("35", RENNES_METROPOLE))
    role_grant(account=account, role=analyst)
    assert access.reach_of(account, manager, analyst) == access.Reach()
    role_revoke(account=account, role=analyst)
    assert access.reach_of(account, analyst) is None
    assert not access.is_administrator(account)


def test_who_administers_a_territory_sees_its_people_and_nobody_above(tenant: Tenant) -> None:
    local, everywhere = make_account(residence_code=RENNES), make_account(residence_code=RENNES)
    inside, outside = make_account(residence_code=VITRE), make_account(residence_code=BREST)
    role_grant(account=local, role="administrator", territories=["35"])
    role_grant(account=everywhere, role="administrator")
    assert not access.is_administrator(local) and access.is_administrator(everywhere)
    assert access.get_person_for(local, inside.public_id) == inside
    for hidden in (outside, everywhere):
        with pytest.raises(Http404):
            access.get_person_for(local, hidden.public_id)
        assert access.get_person_for(everywhere, hidden.public_id) == hidden
    with pytest.raises(Http404):
        access.get_person_for(inside, inside.public_id)


def test_the_regions_only_administrator_is_not_limited_nor_demoted(tenant: Tenant) -> None:
    RoleAssignment.objects.all().delete()
    only, local = make_account(), make_account()
    role_grant(account=only, role="administrator")
    role_grant(account=local, role="administrator", territories=["35"])
    for forbidden in (
        lambda: role_grant(account=only, role="administrator", territories=["35"]),
        lambda: role_revoke(account=only, role="administrator"),
        lambda: account_suspend(account=only),
    ):
        with pytest.raises(LastAdministratorError):
            forbidden()
    role_revoke(account=local, role="administrator")


def test_roles_and_suspensions_are_in_the_history(tenant: Tenant) -> None:
    odile, nina = make_account(first_name="Odile"), make_account()
    role_grant(account=nina, role="analyst", territories=["35"], by=odile)
    role_revoke(account=nina, role="analyst", by=odile)
    account_suspend(account=nina, by=odile, reason="Messages déplacés.")
    account_suspend(account=nina, by=odile)
    account_restore(account=nina, by=odile)
    entries = list(queries.entries_of("account", nina.pk))
    assert [entry.action for entry in entries] == [
        "account.restored",
        "account.suspended",
        "account.role_revoked",
        "account.role_granted",
    ]
    assert entries[1].note == "Messages déplacés."
    assert len(inventory.export(nina)["history"]) == 4

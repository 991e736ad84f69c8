"""« Règles des trajets »: what an administrator sets, and what it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.accounts.models import RoleAssignment
from rides.adverts.models import RidesSettings
from rides.adverts.settings import rides_settings
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient
from tests.conftest import Twins
from tests.factories import make_account
from tests.rides.situations import make_advert

RULES = "/administration/trajets/"
SENT = {
    "suggested_cents_per_km": "5",
    "warn_above_cents_per_km": "20",
    "most_cents_per_km": "25",
    "same_gender_allowed": "on",
    "new_contacts_per_day": "7",
    "school_zone": "A",
    "co2_grams_per_km": "213",
    "co2_source": "Étude locale 2026",
}


@pytest.fixture
def administrator(client_for: Callable[..., StrictClient], tenant: Tenant) -> StrictClient:
    account = make_account()
    RoleAssignment.objects.create(account=account, role=RoleAssignment.Role.ADMINISTRATOR)
    return client_for(tenant, account)


def test_rules_are_changed_here_and_nowhere_else(administrator: StrictClient, twins: Twins) -> None:
    assert 'value="6"' in administrator.get(RULES).content.decode()
    assert make_advert().cents_per_km == 6
    for _ in range(2):
        assert administrator.post(RULES, SENT)["Location"] == RULES
    rules = rides_settings()
    assert (rules.new_contacts_per_day, rules.school_zone, rules.co2_grams_per_km) == (7, "A", 213)
    assert make_advert().cents_per_km == 5
    assert RidesSettings.objects.count() == 1
    with tenant_scope(twins.b):
        assert rides_settings().suggested_cents_per_km == 6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"warn_above_cents_per_km": "4"}, "inférieur au montant conseillé"),
        ({"most_cents_per_km": "19"}, "inférieur au montant"),
        ({"new_contacts_per_day": "0"}, "supérieure ou égale à 1"),
        ({"co2_grams_per_km": "-1"}, "supérieure ou égale à 1"),
        ({"most_cents_per_km": ""}, "obligatoire"),
        ({"school_zone": "Z"}, "Z"),
    ],
)
def test_rules_that_cannot_be(
    administrator: StrictClient, changes: dict[str, str], words: str
) -> None:
    response = administrator.post(RULES, {**SENT, **changes})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not RidesSettings.objects.exists()

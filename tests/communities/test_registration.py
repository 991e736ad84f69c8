"""« Rejoindre une communauté » while registering: the same rules as on its page (OG-07)."""

from __future__ import annotations

import html

import pytest

from communities.communities.models import Community, Membership
from tenants.context import platform_scope
from tenants.middleware import forget_addresses
from tenants.models import Tenant
from tests.core.people import (
    CODE_PAGE,
    IDENTITY,
    REGISTER,
    RESIDENCE,
    STEP_1,
    STEP_2,
    STEP_3,
    Browser,
    browser_of,
    code_for,
    errors_of,
)
from tests.factories import make_community


@pytest.fixture
def browser(tenant: Tenant) -> Browser:
    """Someone who has come to the last step."""
    browser = browser_of(tenant)
    browser.post(REGISTER, STEP_1)
    browser.post(IDENTITY, STEP_2)
    return browser


def finish(browser: Browser) -> None:
    answer = browser.post(CODE_PAGE, {"action": "verify", "code": code_for(STEP_1["email"])})
    assert answer.status_code == 302


def test_a_person_joins_while_registering(browser: Browser) -> None:
    community = make_community(name="Hôtel de ville")
    page = html.unescape(browser.get(RESIDENCE).content.decode())
    assert "Rejoindre une communauté" in page
    assert "Hôtel de ville (Rennes)" in page
    assert "Ses référent·e·s verront votre prénom, votre nom" in page
    browser.post(RESIDENCE, {**STEP_3, "community": "hotel-de-ville"})
    finish(browser)
    membership = Membership.objects.get(account=browser.account)
    assert membership.community == community
    assert membership.is_accepted and not membership.is_moderator


def test_it_is_optional(browser: Browser) -> None:
    make_community(name="Hôtel de ville")
    browser.post(RESIDENCE, {**STEP_3, "community": ""})
    finish(browser)
    assert not Membership.objects.filter(account=browser.account).exists()


@pytest.mark.parametrize("slug", ["nulle-part", "fermee"])
def test_what_is_not_there_cannot_be_chosen(slug: str, browser: Browser) -> None:
    make_community(name="Hôtel de ville")
    closed = make_community(name="Fermée")
    Community.objects.filter(pk=closed.pk).update(is_active=False)
    page = browser.post(RESIDENCE, {**STEP_3, "community": slug})
    assert "community" in errors_of(page)


def test_a_community_that_closes_meanwhile_stops_nobody(browser: Browser) -> None:
    community = make_community(name="Hôtel de ville")
    browser.post(RESIDENCE, {**STEP_3, "community": "hotel-de-ville"})
    Community.objects.filter(pk=community.pk).update(is_active=False)
    finish(browser)
    assert browser.account is not None
    assert not Membership.objects.filter(account=browser.account).exists()


def test_nothing_is_offered_where_there_is_nothing(browser: Browser, tenant: Tenant) -> None:
    assert "Rejoindre une communauté" not in browser.get(RESIDENCE).content.decode()
    make_community(name="Hôtel de ville")
    assert "Rejoindre une communauté" in browser.get(RESIDENCE).content.decode()
    with platform_scope(reason="the module is switched off"):
        Tenant.objects.filter(pk=tenant.pk).update(modules=["carpooling"])
    forget_addresses()
    other = browser_of(tenant)
    other.post(REGISTER, {**STEP_1, "email": "autre@example.org"})
    other.post(IDENTITY, STEP_2)
    assert "Rejoindre une communauté" not in other.get(RESIDENCE).content.decode()


def test_every_validation_holds_while_registering(browser: Browser) -> None:
    """The page's own rules: a request waits, a foreign domain and a wrong identifier refuse."""
    from communities.communities.identifiers import identifiers_import

    secured = make_community(name="Par fichier", validation="secured")
    identifiers_import(community=secured, content=b"AB-1", by=None)
    page = html.unescape(browser.get(RESIDENCE).content.decode())
    assert "Identifiant dans cette communauté" in page
    told = {**STEP_3, "community": "par-fichier", "community_identifier": "ab-1"}
    browser.post(RESIDENCE, told)
    finish(browser)
    assert Membership.objects.get(account=browser.account).through == "identifier"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"validation": "moderator"}, "pending"),
        ({"validation": "domain", "domains": ["example.org"]}, "accepted"),
        ({"validation": "domain", "domains": ["ville.example"]}, None),
        ({"validation": "secured"}, None),
    ],
)
def test_registration_is_no_way_round(
    fields: dict[str, object], status: str | None, browser: Browser
) -> None:
    make_community(name="Halle nord", **fields)
    browser.post(RESIDENCE, {**STEP_3, "community": "halle-nord"})
    finish(browser)
    rows = Membership.objects.filter(account=browser.account)
    assert [row.status for row in rows] == ([status] if status else [])

"""« Mon profil »: reading, changing, taking along and ending what is held about a person."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from core.accounts import inventory
from core.accounts.inventory import PersonalData
from core.accounts.models import Account, Consent, RoleAssignment
from core.accounts.services import (
    AccountDraft,
    account_delete,
    accounts_create_verified,
    consent_give,
    role_grant,
    role_revoke,
)
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.core.people import PASSWORD, PROFILE, Browser, browser_of, code_for, mails_to, member
from tests.factories import make_community

EMAIL = "pierre@example.org"
EDIT = "/compte/modifier/"
DELETE = "/compte/supprimer/"
ADDRESS = "/compte/adresse/"
ADDRESS_CODE = "/compte/adresse/code/"
CHANGE = "/compte/mot-de-passe/"
ANOTHER = "cinq autres mots bien choisis"
EDITED = {
    "first_name": "Pierrick",
    "last_name": "Lemoine",
    "title": "mr",
    "phone": "02 99 12 34 56",
    "language": "en",
    "residence": "Brest (29)",
}


@pytest.fixture
def account(tenant: Tenant) -> Account:
    return member()


@pytest.fixture
def browser(tenant: Tenant, account: Account) -> Browser:
    browser = browser_of(tenant)
    browser.sign_in(EMAIL)
    return browser


def test_the_page_shows_what_is_held(browser: Browser) -> None:
    page = browser.get(PROFILE).content.decode()
    for words in (
        "Pierre L.",
        "Pierre Lemoine",
        "06 12 34 56 78",
        "4\u00a0mars 1985",
        "Rennes",
        EMAIL,
    ):
        assert words in page


def test_visitors_are_asked_to_sign_in(tenant: Tenant) -> None:
    visitor = browser_of(tenant)
    for path in (PROFILE, EDIT, DELETE, ADDRESS, CHANGE, "/compte/mes-donnees/"):
        assert visitor.get(path).headers["Location"].startswith("/compte/connexion/"), path
    assert visitor.post("/compte/actualites/").headers["Location"].startswith("/compte/connexion/")


def test_editing(browser: Browser, account: Account) -> None:
    assert browser.post(EDIT, EDITED).headers["Location"] == PROFILE
    account.refresh_from_db()
    assert account.display_name == "Pierrick L."
    assert account.phone == "+33299123456"
    assert account.residence_code == "29019"
    assert account.language == "en"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("first_name", "R2D2"),
        ("phone", "12"),
        ("title", ""),
        ("language", "tlh"),
        ("residence", "Atlantide"),
    ],
)
def test_editing_applies_the_same_rules(
    browser: Browser, account: Account, name: str, typed: str
) -> None:
    answer = browser.post(EDIT, {**EDITED, name: typed})
    assert list(answer.context["form"].errors) == [name]
    account.refresh_from_db()
    assert account.first_name == "Pierre"


def test_what_nobody_may_change_by_a_form(browser: Browser, account: Account) -> None:
    browser.post(EDIT, {**EDITED, "is_platform_operator": "on", "email": "x@example.org"})
    account.refresh_from_db()
    assert not account.is_platform_operator
    assert account.email == EMAIL


def test_the_news_begin_and_end_with_a_date_each_time(browser: Browser, account: Account) -> None:
    assert "Recevoir les actualités" in browser.get(PROFILE).content.decode()
    for action in ("give", "give", "withdraw", "withdraw", "give"):
        browser.post("/compte/actualites/", {"action": action})
    rows = account.consents.filter(kind=Consent.Kind.NEWS).order_by("pk")
    assert [row.holds for row in rows] == [False, True]
    assert "Ne plus recevoir" in browser.get(PROFILE).content.decode()


def test_changing_the_password(browser: Browser, account: Account, tenant: Tenant) -> None:
    elsewhere = browser_of(tenant)
    elsewhere.sign_in(EMAIL)
    wrong = browser.post(CHANGE, {"oldpassword": "not that", "password1": ANOTHER})
    assert list(wrong.context["form"].errors) == ["oldpassword"]
    weak = browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": "pierre"})
    assert list(weak.context["form"].errors) == ["password1"]
    answer = browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": ANOTHER})
    assert answer.headers["Location"] == PROFILE
    assert browser.account == account
    assert elsewhere.account is None
    assert "a changé" in mails_to(EMAIL)[-1].subject


def test_guessing_the_current_password_is_stopped(browser: Browser) -> None:
    data = {"oldpassword": "not that", "password1": ANOTHER}
    statuses = [browser.post(CHANGE, data).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_changing_the_address(browser: Browser, account: Account, tenant: Tenant) -> None:
    new = "pierre.lemoine@example.org"
    refused = browser.post(ADDRESS, {"email": new, "password": "not that"})
    assert list(refused.context["form"].errors) == ["password"]
    same = browser.post(ADDRESS, {"email": EMAIL, "password": PASSWORD})
    assert list(same.context["form"].errors) == ["email"]
    answer = browser.post(ADDRESS, {"email": new.upper(), "password": PASSWORD})
    assert answer.headers["Location"] == ADDRESS_CODE
    account.refresh_from_db()
    assert account.email == EMAIL
    wrong = browser.post(ADDRESS_CODE, {"code": "000000"})
    assert wrong.status_code == 200
    answer = browser.post(ADDRESS_CODE, {"code": code_for(new)})
    assert answer.headers["Location"] == PROFILE
    account.refresh_from_db()
    assert account.email == new
    addresses = EmailAddress.objects.filter(user=account).values_list(
        "email", "verified", "primary"
    )
    assert list(addresses) == [(new, True, True)]
    assert "a changé" in mails_to(EMAIL)[-1].subject  # the former owner is told
    assert browser_of(tenant).sign_in(new).status_code == 302
    assert browser_of(tenant).sign_in(EMAIL).status_code == 200


def test_another_code_for_the_new_address(browser: Browser, account: Account) -> None:
    new = "pierre.lemoine@example.org"
    browser.post(ADDRESS, {"email": new, "password": PASSWORD})
    browser.post(ADDRESS_CODE, {"action": "resend"})
    assert len(mails_to(new)) == 2
    browser.post(ADDRESS_CODE, {"code": code_for(new)})
    account.refresh_from_db()
    assert account.email == new


def test_someone_elses_address_gives_the_same_answer(browser: Browser, account: Account) -> None:
    member("anna@example.org")
    answer = browser.post(ADDRESS, {"email": "anna@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == ADDRESS_CODE
    browser.post(ADDRESS_CODE, {"code": code_for("anna@example.org")})
    account.refresh_from_db()
    assert account.email == EMAIL


# --- taking along ---------------------------------------------------------------------------------
def test_the_export_holds_everything_of_oneself_and_nobody_else(
    browser: Browser, account: Account
) -> None:
    member("anna@example.org", last_name="Secretan")
    role_grant(account=account, role=RoleAssignment.Role.ADMINISTRATOR)
    consent_give(account=account, kind=Consent.Kind.NEWS)
    answer = browser.get("/compte/mes-donnees/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="alpha-')
    text = answer.content.decode()
    assert "Secretan" not in text
    assert account.password not in text
    content = json.loads(text)
    assert content["region"] == "Alpha"
    own: dict[str, Any] = content["data"]["account"]
    assert own["email"] == EMAIL
    assert own["birth_date"] == "1985-03-04"
    assert [row["kind"] for row in own["consents"]] == ["charter", "news"]
    assert [row["role"] for row in own["roles"]] == ["administrator"]
    # Every column of the account is in the export, or is known to be no data about the person.
    # ``guest_from`` is of people of other regions, whose export is theirs.
    withheld = {"id", "password", "is_active", "is_platform_operator", "guest_from"}
    renamed = {"created_at": "registered_at", "last_login": "last_sign_in_at"}
    columns = {field.name for field in Account._meta.fields} - withheld
    assert {renamed.get(name, name) for name in columns} <= set(own)


def test_every_floor_is_in_the_inventory_once() -> None:
    names = [source.name for source in inventory.sources()]
    assert names[0] == "account"
    assert len(names) == len(set(names))
    with pytest.raises(RuntimeError):
        inventory.register(PersonalData(name="account", label="x", export=lambda account: {}))


# --- ending ---------------------------------------------------------------------------------------
def test_deleting_the_account(browser: Browser, account: Account, tenant: Tenant) -> None:
    page = browser.get(DELETE).content.decode()
    assert "C’est définitif" in page
    refused = browser.post(DELETE, {"password": "not that"})
    assert list(refused.context["form"].errors) == ["password"]
    assert browser.post(DELETE, {"password": PASSWORD}).headers["Location"] == "/"
    assert "Votre compte est supprimé" in browser.get("/").content.decode()
    assert not Account.objects.filter(pk=account.pk).exists()
    assert not EmailAddress.objects.filter(email=EMAIL).exists()
    assert not Consent.objects.filter(account_id=account.pk).exists()
    assert "supprimé" in mails_to(EMAIL)[-1].subject
    assert browser_of(tenant).sign_in(EMAIL).status_code == 200


def test_the_only_administrator_cannot_leave(
    browser: Browser, account: Account, tenant: Tenant
) -> None:
    RoleAssignment.objects.all().delete()  # the one that provisioning made
    role_grant(account=account, role=RoleAssignment.Role.ADMINISTRATOR)
    answer = browser.post(DELETE, {"password": PASSWORD})
    assert "la seule personne qui administre" in answer.content.decode()
    assert Account.objects.filter(pk=account.pk).exists()
    role_grant(account=member("anna@example.org"), role=RoleAssignment.Role.ADMINISTRATOR)
    role_revoke(account=account, role=RoleAssignment.Role.ADMINISTRATOR)
    assert browser.post(DELETE, {"password": PASSWORD}).status_code == 302


def test_floors_remove_what_the_cascade_does_not(account: Account) -> None:
    seen = []
    source = PersonalData(
        name="test",
        label="Test",
        export=lambda account: {},
        remove=lambda account: seen.append(account.email),
    )
    with inventory.SOURCES.restored():
        inventory.register(source)
        account_delete(account=account)
    assert seen == [EMAIL]


def test_deletion_asks_the_tables_of_a_region_only(tenant: Tenant) -> None:
    """No table of the admin's log exists here; a community of the person's does."""
    founder = member("anna@example.org")
    make_community(founder)
    account_delete(account=founder)
    Account.objects.filter(pk=member().pk).delete()  # as a queryset
    assert not Account.objects.filter(email__in=[EMAIL, "anna@example.org"]).exists()


def test_deletion_asks_the_tables_of_the_platform_only(tenant: Tenant) -> None:
    """No memberships, no adverts here; the admin's log goes with its operator."""
    with platform_scope(reason="a test deletes operators"):
        first = Account.objects.create_superuser("one@example.org", PASSWORD)
        second = Account.objects.create_superuser("two@example.org", PASSWORD)
        for operator in (first, second):
            LogEntry.objects.create(
                user=operator,
                content_type=ContentType.objects.get_for_model(Account),
                object_id="1",
                object_repr="x",
                action_flag=ADDITION,
            )
        first.delete()
        Account.objects.filter(pk=second.pk).delete()
        assert not LogEntry.objects.exists()


# --- the model ------------------------------------------------------------------------------------
def test_the_name_that_others_see() -> None:
    assert Account(first_name="Pierre", last_name="lemoine").display_name == "Pierre L."
    assert Account(first_name="Jean-Pierre", last_name="Le Goff").display_name == "Jean-Pierre L."
    assert Account(first_name="Pierre").display_name == "Pierre"
    assert "@" not in Account(email=EMAIL).display_name


def test_an_address_is_stored_in_lower_case_only(tenant: Tenant) -> None:
    assert member(" MiXed@Example.ORG ").email == "mixed@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(email="Upper@example.org")
    assert Account.objects.get_by_natural_key("MIXED@example.org")


def test_the_session_hash_is_each_regions_own(twins: Twins, account: Account) -> None:
    here = account.get_session_auth_hash()
    with tenant_scope(twins.b):
        assert account.get_session_auth_hash() != here
    with platform_scope(reason="a test compares hashes"):
        assert account.get_session_auth_hash() != here


def test_many_accounts_at_once(tenant: Tenant, django_assert_max_num_queries: Any) -> None:
    drafts = [
        AccountDraft(
            email=f"many{n}@example.org", first_name="Ana", charter_version="1", news=n == 0
        )
        for n in range(50)
    ]
    with django_assert_max_num_queries(12):
        accounts = accounts_create_verified(drafts=drafts)
    assert [account.email for account in accounts] == [draft.email for draft in drafts]
    assert EmailAddress.objects.filter(user__in=accounts, verified=True).count() == 50
    assert Consent.objects.filter(account__in=accounts).count() == 51
    assert date(2020, 1, 1) < accounts[0].created_at.date()


# --- the API --------------------------------------------------------------------------------------
def test_me(browser: Browser, account: Account, tenant: Tenant) -> None:
    answer = browser.get("/api/v1/me/")
    assert answer.status_code == 200
    content = answer.json()
    assert content["id"] == str(account.public_id)
    assert content["display_name"] == "Pierre L."
    assert "password" not in content
    assert browser_of(tenant).get("/api/v1/me/").status_code in {401, 403}

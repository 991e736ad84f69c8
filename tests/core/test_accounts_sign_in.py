"""Signing in, out, and back in without the password; what strangers can learn from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.http import HttpResponse
from django.utils import timezone

from core.accounts.access import has_verified_email, is_administrator, is_platform_operator
from core.accounts.models import Account, RoleAssignment
from core.accounts.services import account_suspend, role_grant
from core.accounts.tasks import clear_ended_sessions
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.core.people import (
    PASSWORD,
    PROFILE,
    SIGN_IN,
    Browser,
    browser_of,
    code_for,
    mails_to,
    member,
    neutral,
)

SIGN_OUT = "/compte/deconnexion/"
FORGOTTEN = "/compte/mot-de-passe/oublie/"
RESET_CODE = "/compte/mot-de-passe/oublie/code/"
NEW_PASSWORD = "/compte/mot-de-passe/oublie/nouveau/"
ANOTHER = "cinq autres mots bien choisis"
EMAIL = "pierre@example.org"


@pytest.fixture
def browser(tenant: Tenant) -> Browser:
    return browser_of(tenant)


def reset(browser: Browser, email: str, password: str = ANOTHER) -> HttpResponse:
    browser.post(FORGOTTEN, {"email": email})
    browser.post(RESET_CODE, {"code": code_for(email)})
    return browser.post(NEW_PASSWORD, {"password": password})


def test_in_and_out(browser: Browser) -> None:
    member()
    assert browser.sign_in(" Pierre@Example.ORG ").headers["Location"] == "/"
    assert browser.account is not None
    # A link or an image elsewhere cannot sign anybody out.
    assert browser.get(SIGN_OUT).status_code == 200
    assert browser.account is not None
    browser.post(SIGN_OUT)
    assert browser.account is None


def test_where_the_person_was_going(browser: Browser) -> None:
    member()
    answer = browser.get("/compte/modifier/")
    assert answer.headers["Location"] == f"{SIGN_IN}?next=/compte/modifier/"
    data = {"login": EMAIL, "password": PASSWORD, "next": "/compte/modifier/"}
    assert browser.post(SIGN_IN, data).headers["Location"] == "/compte/modifier/"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_never_to_another_host(browser: Browser, address: str) -> None:
    member()
    answer = browser.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD, "next": address})
    assert answer.headers["Location"] == "/"


def test_the_session_changes_its_key(browser: Browser) -> None:
    member()
    browser.get("/compte/inscription/?next=/communautes/")  # makes a visitor's session
    before = browser.session.session_key
    browser.sign_in(EMAIL)
    assert browser.session.session_key != before


# --- the same answer whether an account exists or not --------------------------------------------
def test_a_wrong_password_an_unknown_address_and_a_suspension_look_alike(tenant: Tenant) -> None:
    member("known@example.org")
    account_suspend(account=member("suspended@example.org"))
    answers = {
        "wrong": ("known@example.org", "not this one at all"),
        "unknown": ("unknown@example.org", PASSWORD),
        "suspended": ("suspended@example.org", PASSWORD),
    }
    pages = set()
    for email, password in answers.values():
        answer = browser_of(tenant).sign_in(email, password)
        pages.add(f"{answer.status_code} {neutral(answer, email)}")
    assert len(pages) == 1
    assert "ne correspondent pas" in pages.pop()


def test_the_time_of_signing_in_does_not_tell(tenant: Tenant) -> None:
    member("known@example.org")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for _round in range(4):
        for who, taken in times.items():
            browser = browser_of(tenant)
            start = time.process_time()
            browser.sign_in(f"{who}@example.org", "not this one at all")
            taken.append(time.process_time() - start)
    known, unknown = (min(taken) for taken in times.values())
    assert 0.4 < known / unknown < 2.5


def test_suspension_ends_open_sessions(browser: Browser) -> None:
    account = member()
    browser.sign_in(EMAIL)
    account_suspend(account=account)
    assert browser.account is None


def test_the_reset_does_not_tell_who_has_an_account(tenant: Tenant) -> None:
    member("known@example.org")
    account_suspend(account=member("suspended@example.org"))
    pages = set()
    for email in ("known@example.org", "unknown@example.org", "suspended@example.org"):
        browser = browser_of(tenant)
        answers = [
            browser.post(FORGOTTEN, {"email": email}),
            browser.get(RESET_CODE),
            *(browser.post(RESET_CODE, {"code": "000000"}) for _ in range(5)),
            browser.get(FORGOTTEN),
        ]
        pages.add(
            "\n".join(
                f"{answer.status_code} {answer.headers.get('Location')} {neutral(answer, email)}"
                for answer in answers
            )
        )
        assert len(mails_to(email)) == 1
    assert len(pages) == 1


def test_the_time_of_a_reset_does_not_tell(tenant: Tenant) -> None:
    for number in range(4):
        member(f"known{number}@example.org")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(4):
        for who, taken in times.items():
            browser = browser_of(tenant)
            start = time.process_time()
            browser.post(FORGOTTEN, {"email": f"{who}{number}@example.org"})
            taken.append(time.process_time() - start)
    known, unknown = (min(taken) for taken in times.values())
    assert 0.4 < known / unknown < 2.5


# --- limits ---------------------------------------------------------------------------------------
def test_guessing_a_password_is_stopped(tenant: Tenant) -> None:
    member()
    member("anna@example.org")
    statuses = [browser_of(tenant).sign_in(EMAIL, f"guess {n}").status_code for n in range(6)]
    assert statuses == [200] * 5 + [429]
    blocked = browser_of(tenant).sign_in(EMAIL)  # even the right one, for ten minutes
    assert blocked.status_code == 429
    assert "Trop de tentatives" in blocked.content.decode()
    assert browser_of(tenant).sign_in("anna@example.org").status_code == 302


def test_limits_hold_for_addresses_without_account_too(tenant: Tenant) -> None:
    statuses = [browser_of(tenant).sign_in("nobody@example.org").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_limits_are_each_regions_own(tenant: Tenant, twins: Twins) -> None:
    for region in twins:
        with tenant_scope(region):
            member()
    for _guess in range(6):
        browser_of(tenant).sign_in(EMAIL, "a guess at it")
    assert browser_of(twins.b).sign_in(EMAIL).status_code == 302


def test_resets_are_limited(tenant: Tenant) -> None:
    member()
    answers = [browser_of(tenant).post(FORGOTTEN, {"email": EMAIL}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
    last = answers[-1]
    assert last.headers["Retry-After"]
    assert "Trop de tentatives" in last.content.decode()
    assert len(mails_to(EMAIL)) == 5


def test_guessing_a_reset_code_is_stopped_over_sessions(tenant: Tenant) -> None:
    account = member()
    statuses = []
    for _visitor in range(5):
        browser = browser_of(tenant)
        browser.post(FORGOTTEN, {"email": EMAIL})
        statuses += [browser.post(RESET_CODE, {"code": "000000"}).status_code for _ in range(5)]
    assert statuses.count(429) == 5
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


# --- the forgotten password -----------------------------------------------------------------------
def test_a_forgotten_password(browser: Browser, tenant: Tenant) -> None:
    account = member()
    elsewhere = browser_of(tenant)
    elsewhere.sign_in(EMAIL)
    browser.post(FORGOTTEN, {"email": "PIERRE@example.org"})
    code = code_for(EMAIL)
    assert "mot de passe" in mails_to(EMAIL)[-1].subject
    assert browser.get(NEW_PASSWORD).headers["Location"] == RESET_CODE
    browser.post(RESET_CODE, {"code": f"{code[:3]} {code[3:]}"})
    weak = browser.post(NEW_PASSWORD, {"password": "lemoine"})
    assert weak.status_code == 200
    assert weak.context["form"].errors["password"]
    assert browser.post(NEW_PASSWORD, {"password": ANOTHER}).headers["Location"] == "/"
    assert browser.account == account
    assert elsewhere.account is None
    assert "a changé" in mails_to(EMAIL)[-1].subject
    assert browser_of(tenant).sign_in(EMAIL, ANOTHER).status_code == 302
    assert browser_of(tenant).sign_in(EMAIL, PASSWORD).status_code == 200


def test_a_reset_code_is_good_in_its_session_only(browser: Browser, tenant: Tenant) -> None:
    member()
    browser.post(FORGOTTEN, {"email": EMAIL})
    other = browser_of(tenant)
    assert other.post(RESET_CODE, {"code": code_for(EMAIL)}).headers["Location"] == SIGN_IN
    assert other.get(NEW_PASSWORD).headers["Location"] == FORGOTTEN


def test_someone_suspended_after_the_code_does_not_get_in(browser: Browser) -> None:
    account = member()
    browser.post(FORGOTTEN, {"email": EMAIL})
    browser.post(RESET_CODE, {"code": code_for(EMAIL)})
    account_suspend(account=account)
    assert browser.post(NEW_PASSWORD, {"password": ANOTHER}).headers["Location"] == SIGN_IN
    assert browser.account is None


# --- a session belongs to a region ----------------------------------------------------------------
def test_a_cookie_of_one_region_means_nothing_in_the_other(tenant: Tenant, twins: Twins) -> None:
    mine = member()
    with tenant_scope(twins.b):
        twin = Account(pk=mine.pk, email="twin@example.org", password=mine.password)
        twin.public_id = mine.public_id
        twin.save(force_insert=True)
    here, there = browser_of(twins.a), browser_of(twins.b)
    here.sign_in(EMAIL)
    assert here.account == mine
    row = Session.objects.get(session_key=here.session.session_key)
    there.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert there.get(PROFILE).status_code == 302
    # Nor does the very row, copied into the other region's table beside an identical account.
    with tenant_scope(twins.b):
        Session.objects.create(
            session_key=row.session_key,
            session_data=row.session_data,
            expire_date=row.expire_date,
        )
    there.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert there.get(PROFILE).status_code == 302


def test_the_session_of_a_region_is_kept_in_its_schema(browser: Browser, twins: Twins) -> None:
    member()
    browser.sign_in(EMAIL)
    key = browser.session.session_key
    engine: Any = import_module(settings.SESSION_ENGINE)
    assert engine.SessionStore().exists(key)
    with tenant_scope(twins.b):
        assert not engine.SessionStore().exists(key)


# --- administrators and operators -----------------------------------------------------------------
def test_administrators_sign_in_on_the_console_host(tenant: Tenant) -> None:
    account = member()
    role_grant(account=account, role=RoleAssignment.Role.ADMINISTRATOR)
    console = browser_of(tenant, "admin.alpha.localhost")
    answer = console.get("/administration/")
    assert answer.headers["Location"].startswith(SIGN_IN)
    page = console.get(SIGN_IN).content.decode()
    assert "S’inscrire" not in page.split("<main")[1].split("</main>")[0]
    assert console.sign_in(EMAIL).headers["Location"] == "/"
    assert console.account == account
    # « Retour au site » leaves this host, whose own home is the administration.
    home = console.get("/administration/").content.decode()
    assert home.count('href="http://alpha.localhost/"') == 2
    # The cookie of the site and that of the console are two: hosts do not share them.
    assert browser_of(tenant).account is None


def test_the_first_administrator_chooses_a_password_by_mail(
    committed_regions: Callable[..., Tenant],
) -> None:
    mail.outbox.clear()
    tenant = committed_regions("gamma")
    email = "admin@gamma.example.org"
    message = mails_to(email)[0]
    assert "Vous administrez Gamma" in message.subject
    assert "http://admin.gamma.localhost/compte/mot-de-passe/oublie/" in str(message.body)
    console = browser_of(tenant, "admin.gamma.localhost")
    assert console.sign_in(email, "").status_code == 200
    reset(console, email)
    account = console.account
    assert account is not None
    with tenant_scope(tenant):
        assert is_administrator(account)
        assert has_verified_email(account)


def test_an_operator_signs_in_on_the_platform(tenant: Tenant) -> None:
    with platform_scope(reason="a test makes an operator"):
        call_command(
            "createsuperuser",
            "--noinput",
            email="Ops@example.org",
            first_name="Ada",
            last_name="Roche",
            verbosity=0,
        )
        operator = Account.objects.get(email="ops@example.org")
        operator.set_password(PASSWORD)
        operator.save()
    platform = Browser("platform.localhost", None)
    # The command verified nothing: the first sign-in asks for a code.
    answer = platform.sign_in("ops@example.org")
    assert answer.headers["Location"] == "/compte/adresse/code/"
    page = platform.get("/compte/adresse/code/")
    assert page.status_code == 200
    platform.post("/compte/adresse/code/", {"code": code_for("ops@example.org")})
    assert platform.get(PROFILE).status_code == 200
    with platform_scope(reason="a test asks who may"):
        assert is_platform_operator(operator)
        assert operator.has_perm("anything")
    # In a region, the same flag is worth nothing.
    impostor = member("impostor@example.org")
    impostor.is_platform_operator = True
    impostor.save()
    assert not impostor.is_staff
    assert not is_platform_operator(impostor)


def test_an_operator_is_nobody_in_a_region(tenant: Tenant) -> None:
    with platform_scope(reason="a test makes an operator"):
        Account.objects.create_superuser("ops@example.org", PASSWORD)
    assert browser_of(tenant).sign_in("ops@example.org").status_code == 200


def test_ended_sessions_are_cleared_everywhere(tenant: Tenant, twins: Twins) -> None:
    now = timezone.now()

    def make(key: str, hours: int) -> None:
        Session.objects.create(
            session_key=key, session_data="x", expire_date=now + timedelta(hours=hours)
        )

    for region in twins:
        with tenant_scope(region):
            make("ended", -1)
            make("open", 1)
    with platform_scope(reason="a test makes sessions"):
        make("ended", -1)
    clear_ended_sessions()
    for region in twins:
        with tenant_scope(region):
            assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    with platform_scope(reason="a test looks at sessions"):
        assert not Session.objects.exists()

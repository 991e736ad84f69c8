"""Administrators open the console with a second factor, where their region asks for one."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail

from core.accounts.errors import SecondFactorRequiredError
from core.accounts.models import Account, AccountSettings
from core.accounts.second_factor import (
    needs_second_factor,
    recovery_codes,
    second_factor_remove,
    second_factor_set,
)
from core.accounts.services import role_grant
from core.audit.queries import entries_of
from tenants.context import platform_scope
from tenants.errors import InvalidTokenError
from tenants.models import Tenant
from tests.core.people import PASSWORD, Browser, browser_of, member

PAGE, CODE, CONSOLE = (
    "/compte/double-authentification/",
    "/compte/connexion/code/",
    "/administration/",
)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def odile(tenant: Tenant) -> Account:
    AccountSettings.objects.update(second_factor_required=True)
    account = member("odile@example.org")
    role_grant(account=account, role="administrator")
    return account


@pytest.fixture
def browser(tenant: Tenant) -> Browser:
    return browser_of(tenant)


def test_a_new_region_asks_for_it(tenant: Tenant) -> None:
    AccountSettings.objects.all().delete()
    assert AccountSettings.current().second_factor_required


def test_the_console_waits_for_the_second_factor(odile: Account, browser: Browser) -> None:
    browser.sign_in(odile.email)
    assert browser.get(CONSOLE)["Location"] == PAGE
    assert browser.get("/compte/").status_code == 200
    page = browser.get(PAGE)
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    wrong = browser.post(PAGE, {"code": "000000"})
    assert wrong.context["form"].errors and wrong.context["form"].secret == secret
    done = browser.post(PAGE, {"code": code_of(secret)}, follow=True)
    codes = done.context["codes"]
    assert len(codes) == 10 and codes == recovery_codes(odile)
    assert browser.get(PAGE).context["codes"] == []  # shown once
    assert browser.get(CONSOLE).status_code == 200
    assert mail.outbox[-1].to == [odile.email]
    assert entries_of("account", odile.pk)[0].action == "account.second_factor_set"


def test_signing_in_asks_for_a_code_or_a_recovery_code_once(
    odile: Account, browser: Browser, tenant: Tenant
) -> None:
    codes = second_factor_set(account=odile, secret=SECRET)
    answer = browser.sign_in(odile.email)
    assert answer["Location"].startswith(CODE) and browser.account is None
    assert browser.get(CONSOLE).status_code == 302
    assert browser.post(CODE, {"code": "000000"}).status_code == 200
    assert browser.account is None
    assert browser.post(CODE, {"code": code_of(SECRET)}).status_code == 302
    assert browser.account == odile and browser.get(CONSOLE).status_code == 200
    for expected in (302, 200):  # the second time, the code is spent
        again = browser_of(tenant)
        again.sign_in(odile.email, PASSWORD)
        assert again.post(CODE, {"code": codes[0]}).status_code == expected
    assert len(recovery_codes(odile)) == 9


def test_a_copy_of_the_table_gives_no_code(odile: Account) -> None:
    second_factor_set(account=odile, secret=SECRET)
    rows = list(Authenticator.objects.filter(user=odile))
    assert len(rows) == 2
    assert not any(SECRET in str(row.data) for row in rows)
    totp = next(row for row in rows if row.type == Authenticator.Type.TOTP)
    assert TOTP(totp).validate_code(code_of(SECRET))
    seed = next(row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES)
    with platform_scope(reason="the same rows, elsewhere"):
        with pytest.raises(InvalidTokenError):
            TOTP(totp).validate_code(code_of(SECRET))
        with pytest.raises(InvalidTokenError):
            RecoveryCodes(seed).generate_codes()


def test_it_is_kept_where_asked_and_given_up_elsewhere(odile: Account, browser: Browser) -> None:
    second_factor_set(account=odile, secret=SECRET)
    with pytest.raises(SecondFactorRequiredError):
        second_factor_remove(account=odile)
    AccountSettings.objects.update(second_factor_required=False)
    assert not needs_second_factor(odile)
    second_factor_remove(account=odile)
    browser.sign_in(odile.email)
    assert browser.account == odile


def test_others_are_not_asked(odile: Account, tenant: Tenant, browser: Browser) -> None:
    manager = member("manager@example.org")
    role_grant(account=manager, role="community_manager")
    browser.sign_in(manager.email)
    assert browser.get(CONSOLE).status_code == 200

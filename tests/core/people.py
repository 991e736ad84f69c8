"""What a person does with a browser, for the tests of accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse
from django.test import TestCase
from django.utils import translation

from core.accounts.models import Account
from core.accounts.services import AccountDraft, account_create_verified
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.client import StrictClient

PASSWORD = "quatre mots bien choisis"
CODE = re.compile(r"^(\d{6})$", re.MULTILINE)

STEP_1 = {"email": "elodie@example.org", "phone": "06 12 34 56 78", "password": PASSWORD}
STEP_2 = {
    "first_name": "Élodie",
    "last_name": "Le Goff",
    "title": "mrs",
    "birth_date": "1990-03-04",
}
STEP_3 = {"residence": "Rennes (35)", "charter": "on"}

REGISTER = "/compte/inscription/"
IDENTITY = "/compte/inscription/identite/"
RESIDENCE = "/compte/inscription/territoire/"
CODE_PAGE = "/compte/inscription/code/"
SIGN_IN = "/compte/connexion/"
PROFILE = "/compte/"


class Browser(StrictClient):
    """A client whose requests do what their commit triggers, in the region of their host."""

    def __init__(self, host: str, tenant: Tenant | None, **options: Any) -> None:
        super().__init__(host, **options)
        self.tenant = tenant

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        scope = (
            tenant_scope(self.tenant)
            if self.tenant is not None
            else platform_scope(reason="a test on the platform's host")
        )
        # A request leaves the language of its person behind in this thread.
        commit = TestCase.captureOnCommitCallbacks(execute=True)
        with scope, translation.override("fr"), commit:
            return super().request(**request)

    # --- registration -----------------------------------------------------------------------------
    def register(self, **changes: Any) -> HttpResponse:
        """Send the three steps, up to the page that asks for the code; return the last answer."""
        for path, data in ((REGISTER, STEP_1), (IDENTITY, STEP_2), (RESIDENCE, STEP_3)):
            known = {name: changes.get(name, value) for name, value in data.items()}
            if path == RESIDENCE and "news" in changes:
                known["news"] = changes["news"]
            response = self.post(path, known)
            assert response.status_code == 302, (path, errors_of(response))
        return response

    def sign_in(self, email: str, password: str = PASSWORD) -> HttpResponse:
        """Send the sign-in form."""
        return self.post(SIGN_IN, {"login": email, "password": password})

    @property
    def account(self) -> Account | None:
        """The account that is signed in, as the next page sees it."""
        response = self.get(PROFILE)
        if response.status_code == 302:
            return None
        account: Account = response.context["account"]
        return account


def browser_of(tenant: Tenant, host: str | None = None) -> Browser:
    """Return a new visitor's browser on a region's site."""
    return Browser(host or f"{tenant.slug}.localhost", tenant)


def member(email: str = "pierre@example.org", **fields: Any) -> Account:
    """Make a verified member of the current region, with ``PASSWORD``."""
    draft: dict[str, Any] = {
        "email": email,
        "first_name": "Pierre",
        "last_name": "Lemoine",
        "phone": "+33612345678",
        "title": "mr",
        "birth_date": date(1985, 3, 4),
        "residence_code": "35238",
        "language": "fr",
        "charter_version": "1",
    }
    draft.update(fields)
    return account_create_verified(draft=AccountDraft(**draft), password=PASSWORD)


def mails_to(address: str) -> list[EmailMultiAlternatives]:
    """Return the mails sent to an address, oldest first."""
    return [message for message in mail.outbox if message.to == [address]]


def code_for(address: str) -> str:
    """Return the six digits of the last mail to an address."""
    body = str(mails_to(address)[-1].body)
    found = CODE.search(body)
    assert found, body
    return found.group(1)


def errors_of(response: HttpResponse) -> Mapping[str, Any]:
    """Return the errors of the page's form; empty when it has none."""
    context = response.context
    if context is None:
        return {}
    form = context.get("form")
    return dict(form.errors) if form is not None else {}


def neutral(response: HttpResponse, *addresses: str) -> str:
    """Return a page without what always differs: tokens, nonces and the address typed."""
    html = response.content.decode()
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)
    html = re.sub(r'nonce="[^"]+"', "", html)
    for address in addresses:
        html = html.replace(address, "ADDRESS")
    return html

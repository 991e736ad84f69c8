"""Mails are written in the region's name, and lead to its stored hosts only."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import TestCase

from core.notifications import tasks
from core.notifications.hosts import console_url, site_url
from core.notifications.services import mail_send, mail_send_now
from tenants.context import platform_scope, tenant_scope
from tenants.models import Tenant
from tests.conftest import Twins
from tests.core.people import browser_of, mails_to, member
from tests.workers import worker_over

TO = "pierre@example.org"
CONTEXT = {"code": "123456", "reset_url": "http://x/", "sign_in_url": "http://x/"}


def test_each_region_writes_in_its_own_name(twins: Twins, tenant: Tenant) -> None:
    for region in twins:
        with tenant_scope(region), TestCase.captureOnCommitCallbacks(execute=True):
            mail_send(template="accounts/mails/code", to=TO, context=CONTEXT, language="fr")
    first, second = mails_to(TO)
    assert first.from_email.startswith("Alpha <")
    assert second.from_email.startswith("Beta <")
    assert "http://alpha.localhost/" in str(first.body)
    assert "http://beta.localhost/" in str(second.body)
    html = str(first.alternatives[0][0])
    assert "123456" in html
    assert "Beta" not in html
    assert "{{" not in html
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_platform_writes_in_its_own(tenant: Tenant) -> None:
    with platform_scope(reason="a test"), TestCase.captureOnCommitCallbacks(execute=True):
        mail_send(template="accounts/mails/code", to=TO, context=CONTEXT)
    (message,) = mails_to(TO)
    assert message.from_email.startswith("Passerelle <")
    assert "http://platform.localhost/" in str(message.body)


def test_in_the_readers_language(tenant: Tenant) -> None:
    for language in ("fr", "en"):
        mail_send_now(template="accounts/mails/code", to=TO, context=CONTEXT, language=language)
    french, english = mails_to(TO)
    assert "Bonjour" in str(french.body)
    assert "Hello" in str(english.body)
    assert english.extra_headers["Content-Language"] == "en"


def test_a_name_cannot_add_a_header_or_markup(tenant: Tenant) -> None:
    context = {**CONTEXT, "region": "X\nBcc: all@example.org\n<script>"}
    mail_send_now(template="accounts/mails/first_administrator", to=TO, context=context)
    (message,) = mails_to(TO)
    assert "\n" not in message.subject
    assert "<script>" not in str(message.alternatives[0][0])
    message.message()  # what a mail server would be given


def test_addresses_come_from_the_registry(tenant: Tenant) -> None:
    assert site_url("/x/") == "http://alpha.localhost/x/"
    assert console_url("/x/") == "http://admin.alpha.localhost/x/"
    member(TO)
    browser = browser_of(tenant)
    browser.defaults["HTTP_X_FORWARDED_HOST"] = "evil.example"
    browser.post("/compte/mot-de-passe/oublie/", {"email": "nobody@example.org"})
    browser.post("/compte/mot-de-passe/oublie/", {"email": TO})
    for message in mail.outbox:
        assert "evil.example" not in str(message.message())


def test_nothing_is_sent_when_the_transaction_fails(tenant: Tenant) -> None:
    with TestCase.captureOnCommitCallbacks(execute=False):
        mail_send(template="accounts/mails/code", to=TO, context=CONTEXT)
    assert not mails_to(TO)


class Away(EmailBackend):
    """A mail server that is away twice."""

    refusals = 2
    delivered: ClassVar[list[str]] = []

    def send_messages(self, messages: Any) -> int:
        if Away.refusals:
            Away.refusals -= 1
            raise smtplib.SMTPServerDisconnected("away")
        Away.delivered += [message.from_email for message in messages]
        return len(messages)


def test_a_mail_server_that_is_away_is_tried_again(
    redis_url: str,
    committed_regions: Callable[..., Tenant],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tenant = committed_regions("retry", name="Retry")
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    monkeypatch.setattr(tasks, "FIRST_WAIT", 0)
    with worker_over(redis_url), tenant_scope(tenant):
        tasks.deliver.delay(template="accounts/mails/code", to=TO, context=CONTEXT, language="fr")
        deadline = time.monotonic() + 30
        while not Away.delivered and time.monotonic() < deadline:
            time.sleep(0.05)
    assert Away.refusals == 0
    assert [sender.partition(" <")[0] for sender in Away.delivered] == ["Retry"]

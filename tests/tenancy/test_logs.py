"""Reports and logs name the region, and nobody."""

from __future__ import annotations

import io
import json
import logging

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from tenants.context import tenant_scope
from tenants.logs import ScrubbedFormatter, TenantFilter, scrub, scrub_event
from tenants.models import Tenant

PLANTED = {
    "mail": "camille.martin@example.org",
    "phone": "+33612345678",
    "spaced": "06 12 34 56 78",
    "password": "correct-horse-battery",
    "code": "482913",
    "cookie": "s3ss10n-value",
    "surname": "Martin-Delacroix",
}
REGION = Tenant(slug="alpha", schema_name="t_alpha", name="Alpha")


class _Kept(Transport):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope)


def test_sentry_receives_the_error_and_nobody() -> None:
    transport = _Kept()
    client = sentry_sdk.Client(
        dsn="http://key@127.0.0.1:1/1",
        transport=transport,
        include_local_variables=True,
        default_integrations=False,
        before_send=scrub_event,  # type: ignore[arg-type]
    )
    with sentry_sdk.new_scope() as scope, tenant_scope(REGION):
        scope.set_client(client)
        scope.set_user({"email": PLANTED["mail"], "username": PLANTED["surname"]})
        scope.set_extra("form", {"last_name": PLANTED["surname"], "note": PLANTED["spaced"]})
        scope.add_breadcrumb(message=f"mail to {PLANTED['mail']}", data={"code": PLANTED["code"]})
        try:
            secret = dict(PLANTED)
            raise ValueError(f"{secret['mail']} {secret['phone']} password={secret['password']}")
        except ValueError as error:
            scope.capture_exception(error)
    client.flush()
    text = "".join(json.dumps(item.payload.json or {}) for e in transport.sent for item in e.items)
    assert "ValueError" in text
    assert '"tenant": "t_alpha"' in text
    assert [name for name, planted in PLANTED.items() if planted in text] == []
    client.close()


@pytest.mark.parametrize(
    "line",
    [
        "mail to camille.martin@example.org refused",
        "sms to +33612345678",
        "call 06 12 34 56 78 or 06.12.34.56.78",
        "code=482913 sent",
        "password: correct-horse-battery",
    ],
)
def test_log_lines_are_scrubbed_and_tagged(line: str) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(TenantFilter())
    handler.setFormatter(ScrubbedFormatter("[{tenant}] {message}", style="{"))
    logger = logging.getLogger("passerelle.test")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with tenant_scope(REGION):
            logger.error("%s", line)
            try:
                raise ValueError(line)
            except ValueError:
                logger.exception("failed")
    finally:
        logger.removeHandler(handler)
    text = out.getvalue()
    assert text.startswith("[t_alpha] ")
    assert [planted for planted in PLANTED.values() if planted in text] == []


@pytest.mark.parametrize(
    "harmless", ["2026-11-21 23:47", "took 1234 ms", "t_alpha", "35238 Rennes"]
)
def test_harmless_text_stays(harmless: str) -> None:
    assert scrub(harmless) == harmless


def test_a_request_keeps_its_path_only() -> None:
    event = scrub_event(
        {
            "request": {
                "url": "http://alpha.localhost/recherche/?email=camille.martin@example.org",
                "method": "POST",
                "data": PLANTED,
                "cookies": {"session": PLANTED["cookie"]},
                "headers": {"Authorization": PLANTED["password"]},
            }
        }
    )
    assert event["request"] == {"method": "POST", "url": "http://alpha.localhost/recherche/"}

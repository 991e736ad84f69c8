"""Logs and error reports: tagged with the region, scrubbed of personal data."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.conf import settings

from tenants.context import current_scope

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# +33…, 0033… or a French national number; never a date, a duration or a count.
_PHONE = re.compile(
    r"(?<![\w.-])(?:(?:\+|00)[1-9](?:[ .-]?\d){6,13}|0[1-9](?:[ .-]?\d\d){4})(?![\w-])"
)
_CODE = re.compile(r"(?i)\b(code|password|token|secret|mot de passe)\b(['\"]?\s*[:=]\s*)\S+")
# Keys of a report's dictionaries whose value is dropped whole.
_PERSONAL_KEYS = re.compile(
    r"(?i)(e-?mail|phone|mobile|name|password|token|secret|cookie|authorization|session|csrf|"
    r"birth|address|residence|code|ip_address|username)"
)
HIDDEN = "[hidden]"


def scrub(text: str) -> str:
    """Return the text with e-mail addresses, phone numbers and secrets replaced."""
    text = _EMAIL.sub(HIDDEN, text)
    text = _CODE.sub(rf"\1\2{HIDDEN}", text)
    return _PHONE.sub(HIDDEN, text)


class TenantFilter(logging.Filter):
    """Adds ``record.tenant``: a schema name, ``platform`` or ``registry``."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tag the record; every record passes."""
        record.tenant = current_scope().key
        return True


class ScrubbedFormatter(logging.Formatter):
    """Formats a record, its traceback included, then scrubs it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return scrub(super().format(record))


def _scrub_value(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {
            key: HIDDEN if _PERSONAL_KEYS.search(str(key)) else _scrub_value(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_scrub_value(item) for item in value]
    return value


def scrub_event(event: dict[str, Any], hint: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a Sentry event without personal data: no user, body, cookies, query or locals."""
    event.pop("user", None)
    request = event.get("request")
    if isinstance(request, dict):
        kept = {"method": request.get("method"), "url": str(request.get("url", "")).split("?")[0]}
        event["request"] = {key: _scrub_value(value) for key, value in kept.items()}
    for entry in (event.get("exception") or {}).get("values") or []:
        entry["value"] = scrub(str(entry.get("value", "")))
        for frame in (entry.get("stacktrace") or {}).get("frames") or []:
            frame.pop("vars", None)
    for key in ("message", "logentry", "breadcrumbs", "extra", "contexts", "tags"):
        if key in event:
            if key in {"contexts", "tags"}:  # technical names: runtime, server, our own tags
                continue
            event[key] = _scrub_value(event[key])
    event.setdefault("tags", {})["tenant"] = current_scope().key
    return event


def configure_sentry() -> None:
    """Start Sentry when ``SENTRY_DSN`` is set."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrub_event,  # type: ignore[arg-type]
        before_send_transaction=scrub_event,  # type: ignore[arg-type]
    )

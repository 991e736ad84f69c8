"""The background half: render and deliver, and try again when the mail server is away."""

from __future__ import annotations

import smtplib
from typing import Any

from celery import current_task

from core.notifications.mails import mail_render
from core.notifications.makers import made
from tenants.tasks import platform_task, tenant_task

RETRIES = 6
FIRST_WAIT = 10  # seconds, doubled at each attempt: gives up after about ten minutes


def _deliver(template: str, to: str, context: dict[str, Any], language: str, maker: str) -> None:
    told = made(maker, context)
    if told is None:
        return
    message = mail_render(template=template, to=to, context=dict(told), language=language)
    try:
        message.send()
    except (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        if current_task.request.is_eager:
            raise
        wait = FIRST_WAIT * 2**current_task.request.retries
        raise current_task.retry(exc=error, countdown=wait, max_retries=RETRIES) from error


@tenant_task
def deliver(
    *, template: str, to: str, context: dict[str, Any], language: str, maker: str = ""
) -> None:
    """Send one mail in the name of the current region."""
    _deliver(template, to, context, language, maker)


@platform_task
def deliver_platform(
    *, template: str, to: str, context: dict[str, Any], language: str, maker: str = ""
) -> None:
    """Send one mail in the platform's own name (to its operators)."""
    _deliver(template, to, context, language, maker)

"""Sending a mail: render in the region, deliver in the background.

A mail is three templates: ``<name>.subject.txt`` (one line), ``<name>.txt`` and ``<name>.html``
(which extends ``notifications/mail.html``). They are rendered by the task, in the region's scope
and in the language asked for, so their context is plain JSON and holds no object of a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from core.notifications import tasks
from tenants.context import current_tenant_or_none


def mail_send(
    *,
    template: str,
    to: str,
    context: Mapping[str, Any] | None = None,
    language: str | None = None,
    maker: str = "",
) -> None:
    """Send a mail once the current transaction commits, from a worker.

    ``template`` is a path without suffix (``accounts/mails/code``); ``context`` must be JSON;
    ``language`` is that of the reader (default: the one that is active now). ``maker`` names who
    makes the templates' context of it as the mail leaves (``makers``).
    """
    task = tasks.deliver_platform if current_tenant_or_none() is None else tasks.deliver
    said = {
        "template": template,
        "to": to,
        "context": dict(context or {}),
        "language": language or translation.get_language() or "",
    }
    if maker:  # a worker of the version before knows no maker
        said["maker"] = maker
    task.enqueue(**said)


def mail_send_now(
    *,
    template: str,
    to: str,
    context: Mapping[str, Any] | None = None,
    language: str | None = None,
) -> None:
    """Send a mail at once, for commands that end before a worker would hear of it.

    Raises what the mail back end raises (``OSError``, ``smtplib.SMTPException``).
    """
    from core.notifications.mails import mail_render

    mail_render(
        template=template,
        to=to,
        context=dict(context or {}),
        language=language or translation.get_language() or "",
    ).send()

"""From a template's name to a message in the region's name and look."""

from __future__ import annotations

from dataclasses import replace
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from core.notifications.hosts import site_url
from core.shell.theme import ThemeInfo, theme_of
from tenants.context import current_tenant_or_none


def mail_theme() -> ThemeInfo:
    """Return the region's look with absolute addresses, or the platform's own outside a region."""
    request = HttpRequest()  # what a provider reads of a request is its region
    request.tenant = current_tenant_or_none()  # type: ignore[attr-defined]
    theme = theme_of(request)
    logo = theme.logo_url
    return replace(theme, logo_url=site_url(logo) if logo.startswith("/") else logo)


def mail_render(
    *, template: str, to: str, context: dict[str, Any], language: str
) -> EmailMultiAlternatives:
    """Return the message, text with its HTML twin, in ``language`` (empty: the default one)."""
    tenant = current_tenant_or_none()
    theme = mail_theme()
    language = language or (tenant.language if tenant else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        full = {
            **context,
            "theme": theme,
            "language": language,
            "site_name": theme.name,
            "site_url": site_url(),
        }
        # A subject is one line; names that people chose cannot add headers to it.
        subject = " ".join(render_to_string(f"{template}.subject.txt", full).split())
        text = render_to_string(f"{template}.txt", full).strip() + "\n"
        html = render_to_string(f"{template}.html", full)
    message = EmailMultiAlternatives(
        subject,
        text,
        formataddr((theme.name, settings.DEFAULT_FROM_EMAIL)),
        [to],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
    )
    message.attach_alternative(html, "text/html")
    return message

"""What the shell needs to know of a region's look, and who tells it.

The shell draws pages before it knows whose they are: the floor above registers one provider here
(``branding.themes`` does, in ``AppConfig.ready``). Without a provider, or on the platform's host,
pages wear the neutral look of the style sheet's defaults.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tenants.context import current_tenant_or_none


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link of the region's own in the footer."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ThemeInfo:
    """A region's look, as far as templates need it; colours themselves live in its style sheet."""

    name: str
    """Name shown in the header, in titles and in e-mails."""
    tagline: str = ""
    """Slogan, the heading of the home page; empty for none."""
    monogram: str = "P"
    """One or two letters drawn where there is no logo."""
    motif: str = "arches"
    """Pattern behind the brand's grounds; one of ``static/shell/img/motif-*.svg``, or "plain"."""
    stylesheet_url: str = ""
    """Address of the style sheet that redefines the roles; empty for the defaults."""
    logo_url: str = ""
    """Address of the logo; empty for the monogram."""
    accent: str = "#3b4a8f"
    """Accent on light grounds, for e-mails and the browser's bar; "#rrggbb"."""
    ground: str = "#3b4a8f"
    """Brand ground on which white is readable, for e-mails and the browser's bar; "#rrggbb"."""
    footer_text: str = ""
    """A sentence of the region's own in the footer; empty for none."""
    contact_email: str = ""
    """Address that people may write to; empty for none."""
    links: tuple[FooterLink, ...] = field(default=())
    """Links of the region's own in the footer."""


NEUTRAL: Final = ThemeInfo(name="Passerelle")
"""The platform's own look, and the one of a page that must render without a database."""

Provider = Callable[[], ThemeInfo]
_providers: list[tuple[Provider, str]] = []


def register_provider(provider: Provider, *, stylesheet: str) -> None:
    """Let ``provider`` say the look of the current region. There can be only one.

    ``stylesheet`` is the name of the URL that serves its style sheet, whatever its version.
    """
    if _providers and _providers[0] != (provider, stylesheet):
        raise RuntimeError("a theme provider is already registered")
    _providers[:] = [(provider, stylesheet)]


def current_theme() -> ThemeInfo:
    """The look of the current region; :data:`NEUTRAL` outside any. For e-mails and tasks."""
    if not _providers or current_tenant_or_none() is None:
        return NEUTRAL
    provider, _stylesheet = _providers[0]
    return provider()


def theme_of(request: HttpRequest) -> ThemeInfo:
    """The look of the region that ``request`` addresses; :data:`NEUTRAL` on any other host.

    Asked once per request: the answer stays on the request, so an error page that is rendered after
    the database went away still wears it.
    """
    known = _remembered(request)
    if known is not None:
        return known
    found = current_theme() if getattr(request, "tenant", None) is not None else NEUTRAL
    request._shell_theme = found  # type: ignore[attr-defined]
    return found


def remembered_theme(request: HttpRequest) -> ThemeInfo:
    """The look for a page that must not read the database.

    The one already asked for during this request; else the region's name with its style sheet,
    which the browser mostly still has; :data:`NEUTRAL` on the platform's host.
    """
    known = _remembered(request)
    if known is not None:
        return known
    tenant = getattr(request, "tenant", None)
    if tenant is None or not _providers:
        return NEUTRAL
    _provider, stylesheet = _providers[0]
    return ThemeInfo(
        name=tenant.name, monogram=tenant.name[:1].upper(), stylesheet_url=reverse(stylesheet)
    )


def _remembered(request: HttpRequest) -> ThemeInfo | None:
    return getattr(request, "_shell_theme", None)

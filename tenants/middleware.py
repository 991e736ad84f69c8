"""From a host to a region: the first thing that happens to a request."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.http.response import HttpResponseBase

from tenants.context import platform_scope, registry_scope, tenant_scope
from tenants.models import Domain, Tenant

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
# A host that moves or leaves is noticed by every process within this many seconds; an unknown
# host is never remembered, so that a new region answers at once.
_REMEMBERED_FOR = 5.0


class Address(NamedTuple):
    """What a host stands for."""

    tenant: Tenant
    kind: str
    primary_host: str
    site_host: str


_addresses: dict[str, tuple[float, Address]] = {}


def normalise_host(raw: str) -> str | None:
    """Return the host in lower case without port or final dot; ``None`` if it is not a host."""
    host, _, port = raw.strip().lower().partition(":")
    host = host.removesuffix(".")
    if port and not port.isdecimal():
        return None
    if len(host) > 253 or not _HOST.fullmatch(host):
        return None
    return host


def address_of(host: str) -> Address | None:
    """Return what a normalised host stands for, or ``None``; two queries, then remembered."""
    now = time.monotonic()
    known = _addresses.get(host)
    if known is not None and now - known[0] < _REMEMBERED_FOR:
        return known[1]
    with registry_scope():
        domain = Domain.objects.select_related("tenant").filter(host=host).first()
        if domain is None:
            _addresses.pop(host, None)
            return None
        primary = dict(
            Domain.objects.filter(tenant=domain.tenant, is_primary=True).values_list("kind", "host")
        )
        address = Address(
            domain.tenant,
            domain.kind,
            primary_host=primary.get(domain.kind, domain.host),
            site_host=primary.get(Domain.Kind.SITE, domain.host),
        )
    _addresses[host] = (now, address)
    return address


def forget_addresses() -> None:
    """Forget what hosts stand for (this process only)."""
    _addresses.clear()


def absolute_url(host: str, path: str = "/") -> str:
    """Return an address from a stored host: never from what a request claims."""
    default = 443 if settings.PUBLIC_SCHEME == "https" else 80
    port = "" if default == settings.PUBLIC_PORT else f":{settings.PUBLIC_PORT}"
    return f"{settings.PUBLIC_SCHEME}://{host}{port}{path}"


class PermanentRedirect(HttpResponseRedirect):
    """308: like 301, and a form that was sent keeps its method."""

    status_code = 308


class TenantMiddleware:
    """Enters the region of the request's host for the time of the request.

    Unknown or malformed hosts get a bare 404 before anything reads the database further; other
    site hosts of a region redirect to the primary one; a region in preparation answers on its
    console host only. ``request.tenant`` is the region, or ``None`` on the platform's host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer inside the scope that the host names; the previous scope is restored."""
        host = normalise_host(request.META.get("HTTP_HOST", ""))
        if host is None:
            return _unknown()
        request.META["HTTP_HOST"] = host + _port_of(request)
        if host == settings.PLATFORM_HOST:
            request.tenant = None  # type: ignore[attr-defined]
            request.urlconf = settings.PLATFORM_URLCONF
            with platform_scope(reason="request on the platform's host"):
                return self.get_response(request)
        if settings.MAIL_HOST and host == settings.MAIL_HOST:
            request.tenant = None  # type: ignore[attr-defined]
            request.urlconf = settings.MAIL_URLCONF
            # No sessions here: another server's cookie of that name would be looked up in vain.
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            with registry_scope():
                return self.get_response(request)
        address = address_of(host)
        if address is None:
            return _unknown()
        if host != address.primary_host:
            return PermanentRedirect(absolute_url(address.primary_host, request.get_full_path()))
        if address.kind == Domain.Kind.CONSOLE:
            if request.path != "/" and not request.path.startswith(settings.CONSOLE_PATHS):
                site = address.site_host
                return PermanentRedirect(absolute_url(site, request.get_full_path()))
            request.urlconf = settings.CONSOLE_URLCONF
        elif not address.tenant.is_live:
            return _unknown()
        request.tenant = address.tenant  # type: ignore[attr-defined]
        with tenant_scope(address.tenant):
            return self.get_response(request)


def _port_of(request: HttpRequest) -> str:
    _, colon, port = request.META.get("HTTP_HOST", "").partition(":")
    return f"{colon}{port}" if colon and port.isdecimal() else ""


def _unknown() -> HttpResponse:
    return HttpResponseNotFound("404\n", content_type="text/plain; charset=utf-8")

"""Absolute addresses for mails: from the registry's hosts, never from what a request claims."""

from __future__ import annotations

from django.conf import settings

from tenants.context import current_tenant_or_none, registry_scope
from tenants.middleware import absolute_url
from tenants.models import Domain


def primary_host(kind: str = Domain.Kind.SITE) -> str:
    """Return the current region's primary host of ``kind``; outside a region, the platform's.

    A region without a host of that kind answers with its site's.
    """
    tenant = current_tenant_or_none()
    if tenant is None:
        return settings.PLATFORM_HOST
    with registry_scope():
        hosts = dict(
            Domain.objects.filter(tenant=tenant, is_primary=True).values_list("kind", "host")
        )
    return str(hosts.get(kind) or hosts[Domain.Kind.SITE])


def site_url(path: str = "/") -> str:
    """Return an absolute address on the region's site (or on the platform's host)."""
    return absolute_url(primary_host(), path)


def console_url(path: str = "/") -> str:
    """Return an absolute address on the region's console host, else on its site."""
    return absolute_url(primary_host(Domain.Kind.CONSOLE), path)

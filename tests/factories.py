"""Situations for tests, made through the services that pages use."""

from __future__ import annotations

from typing import Any

from tenants.models import Tenant
from tenants.provisioning import ProvisioningRequest, tenant_create


def provision(slug: str, *, name: str = "", regions: list[str] | None = None, **options: Any) -> Tenant:
    """Make a live region at ``<slug>.localhost``, with its console host."""
    return tenant_create(
        ProvisioningRequest(
            slug=slug,
            name=name or slug.title(),
            hosts=options.pop("hosts", [f"{slug}.localhost"]),
            console_host=options.pop("console_host", f"admin.{slug}.localhost"),
            extra={"regions": regions or ["53"], "admin_email": f"admin@{slug}.example.org"},
            **options,
        )
    )

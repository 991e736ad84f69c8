"""Situations for tests, made through the services that pages use."""

from __future__ import annotations

import itertools
from typing import Any

from tenants.context import tenant_scope
from tenants.models import Tenant
from tenants.provisioning import ProvisioningRequest, tenant_create


def provision(
    slug: str, *, name: str = "", regions: list[str] | None = None, **options: Any
) -> Tenant:
    """Make a live region at ``<slug>.localhost``, with its console host."""
    from core.accounts.models import AccountSettings

    tenant = tenant_create(
        ProvisioningRequest(
            slug=slug,
            name=name or slug.title(),
            hosts=options.pop("hosts", [f"{slug}.localhost"]),
            console_host=options.pop("console_host", f"admin.{slug}.localhost"),
            extra={"regions": regions or ["53"], "admin_email": f"admin@{slug}.example.org"},
            **options,
        )
    )
    # Tests sign administrators in without a telephone; those of the second factor ask for it.
    with tenant_scope(tenant):
        AccountSettings.objects.create(second_factor_required=False)
    return tenant


_numbers = itertools.count(1)


def make_account(**fields: Any) -> Any:
    """Make a verified member in the current region; give fields to change."""
    from allauth.account.models import EmailAddress

    from core.accounts.models import Account

    number = next(_numbers)
    fields.setdefault("email", f"person{number}@example.org")
    fields.setdefault("first_name", "Camille")
    fields.setdefault("last_name", f"Martin{number}")
    account = Account(**fields)
    account.set_unusable_password()
    account.save()
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def make_community(creator: Any = None, **fields: Any) -> Any:
    """Make a community in Rennes, run by ``creator`` (someone new by default)."""
    from communities.communities.services import community_create

    number = next(_numbers)
    fields.setdefault("name", f"Atelier des Lices {number}")
    fields.setdefault("kind", "organisation")
    fields.setdefault("short_description", "Pour venir travailler ensemble.")
    fields.setdefault("municipality_code", "35238")
    return community_create(creator=creator or make_account(), **fields)

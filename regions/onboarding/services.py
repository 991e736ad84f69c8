"""Writes to the registry of hosts by operators; regions are made by ``tenants.provisioning``."""

from __future__ import annotations

from django.db import transaction

from tenants.middleware import forget_addresses
from tenants.models import Domain


@transaction.atomic
def domain_make_primary(*, domain: Domain) -> None:
    """Make a host the one that the region's other hosts of its kind redirect to."""
    others = Domain.objects.select_for_update().filter(tenant=domain.tenant, kind=domain.kind)
    others.filter(is_primary=True).exclude(pk=domain.pk).update(is_primary=False)
    others.filter(pk=domain.pk).update(is_primary=True)
    transaction.on_commit(forget_addresses)

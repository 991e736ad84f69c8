"""Imports outside requests: reading, importing, telling people, and what time undoes."""

from __future__ import annotations

from django.utils import timezone

from communities.communities.models import Membership
from communities.communities.notices import tell_accepted
from communities.imports.invitations import purge as invitations_purge
from communities.imports.invitations import unsent_send
from communities.imports.models import Import, Invitation
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@tenant_task
def read(key: int) -> None:
    """Read a large file into rows."""
    from communities.imports.services import file_read

    found = Import.objects.filter(pk=key).first()
    if found is not None:
        file_read(found)


@tenant_task
def run(key: int) -> None:
    """Do an import."""
    from communities.imports.running import import_run

    import_run(key)


@tenant_task
def tell(keys: list[int]) -> None:
    """Write to new members that they are."""
    rows = Membership.objects.filter(pk__in=keys, status=Membership.Status.ACCEPTED)
    for row in rows.select_related("account", "community").order_by("pk"):
        tell_accepted(row)


@tenant_task
def invite() -> None:
    """Send the mails of invitations, a hundred at a time; after twenty times, let others work."""
    for _turn in range(20):
        if not unsent_send():
            return
    invite.enqueue()


@platform_task
def sweep() -> None:
    """Take up imports that were left behind, and mails that were not sent (every two minutes)."""
    from communities.imports import running

    for _tenant in each_tenant():
        running.sweep(timezone.now())
        if Invitation.objects.filter(sent_at=None, community__is_active=True).exists():
            invite.enqueue()


@platform_task
def purge() -> None:
    """Delete old files, rows and invitations (once a day)."""
    from communities.imports import services

    for _tenant in each_tenant():
        services.purge(timezone.now())
        invitations_purge(timezone.now())

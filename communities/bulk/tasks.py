"""Acts on whole lists outside requests: doing, undoing, telling people."""

from __future__ import annotations

from django.utils import timezone

from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@tenant_task
def run(key: int) -> None:
    """Do an act."""
    from communities.bulk.running import act_run

    act_run(key)


@tenant_task
def undo(key: int) -> None:
    """Undo an act."""
    from communities.bulk.running import act_run_back

    act_run_back(key)


@tenant_task
def tell(key: int) -> None:
    """Write to people, a hundred at a time; after twenty times, let others work."""
    from communities.bulk.running import tell_next

    for _turn in range(20):
        if not tell_next(key):
            return
    tell.enqueue(key=key)


@platform_task
def sweep() -> None:
    """Take up acts that were left behind (every two minutes)."""
    from communities.bulk import running

    for _tenant in each_tenant():
        running.sweep(timezone.now())

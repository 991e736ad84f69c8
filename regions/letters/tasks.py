"""What wakes a region to its letters: each that is brought, and the clock for what was missed."""

from __future__ import annotations

from regions.letters.services import letters_receive
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@tenant_task
def receive() -> None:
    """Read what partners wrote to the current region."""
    letters_receive()


@platform_task
def receive_everywhere() -> None:
    """Read what waits anywhere (every minute): lost wake-ups, second tries."""
    for _tenant in each_tenant():
        letters_receive()

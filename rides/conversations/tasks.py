"""The background half: mails that are due."""

from __future__ import annotations

from rides.conversations.notices import notices_send
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@tenant_task
def deliver() -> None:
    """Send what is due in this region."""
    notices_send()


@platform_task
def deliver_everywhere() -> None:
    """Send what became due in every region (every five minutes): quiet hours end."""
    for _tenant in each_tenant():
        notices_send()

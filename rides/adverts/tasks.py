"""What time does to adverts: reminders before they end, drafts that nobody came back to."""

from __future__ import annotations

from rides.adverts.drafting import drafts_purge
from rides.adverts.reminders import ending_remind
from tenants.context import each_tenant
from tenants.models import Module
from tenants.tasks import platform_task, tenant_task


@platform_task
def adverts_daily() -> None:
    """Start the day's work of every region with carpooling (once a day)."""
    for tenant in each_tenant():
        if tenant.has_module(Module.CARPOOLING):
            region_daily.enqueue()


@tenant_task
def region_daily() -> None:
    """Remind authors of adverts that end soon; forget old drafts."""
    ending_remind()
    drafts_purge()

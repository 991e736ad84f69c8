"""What time does to rides."""

from __future__ import annotations

from rides.journeys.recap import recaps_send
from rides.journeys.services import journeys_close, journeys_validate
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@platform_task
def close() -> None:
    """Make journeys of rides that have arrived, validate old ones (every five minutes)."""
    for _tenant in each_tenant():
        while journeys_close():
            pass
        while journeys_validate():
            pass


@platform_task
def recap() -> None:
    """Send everyone their week's rides to confirm (once a week)."""
    for _tenant in each_tenant():
        recap_here.enqueue()


@tenant_task
def recap_here() -> None:
    """Send this region's recaps."""
    recaps_send()

"""What time does to bookings."""

from __future__ import annotations

from rides.bookings.changes import bookings_expire
from tenants.context import each_tenant
from tenants.tasks import platform_task


@platform_task
def expire() -> None:
    """End requests that nobody answered before the last ride left (every quarter of an hour)."""
    for _tenant in each_tenant():
        while bookings_expire():
            pass

"""What alerts do outside requests."""

from __future__ import annotations

from django.utils import timezone

from rides.adverts.models import Advert
from rides.search.alerts import advert_match, alert_tell, alerts_due
from tenants.context import each_tenant
from tenants.tasks import platform_task, tenant_task


@tenant_task
def match_advert(advert: int) -> None:
    """Hold an advert that appeared or changed against the region's alerts."""
    found = Advert.objects.filter(pk=advert, status=Advert.Status.ACTIVE).first()
    if found is not None:
        advert_match(found)


@platform_task
def tell() -> None:
    """Mail what alerts kept for the next day (every hour)."""
    for _tenant in each_tenant():
        now = timezone.now()
        for key in alerts_due(now):
            alert_tell(key, now=now)

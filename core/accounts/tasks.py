"""What time undoes: sessions that have ended, with the registrations they held."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from tenants.context import each_tenant, platform_scope
from tenants.tasks import platform_task


@platform_task
def clear_ended_sessions() -> None:
    """Delete ended sessions in every region and on the platform (once a day)."""
    for _tenant in each_tenant(state=None):
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
    with platform_scope(reason="clear the operators' ended sessions"):
        Session.objects.filter(expire_date__lt=timezone.now()).delete()

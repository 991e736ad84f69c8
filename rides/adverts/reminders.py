"""Mails to authors whose adverts end soon: one per advert and end, two weeks before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation

from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from core.shell import humanise
from rides.adverts.models import Advert
from rides.matching.timing import wall_clock
from tenants.context import current_tenant

REMINDED_DAYS: Final = 14


def ending_remind(*, now: datetime | None = None) -> int:
    """Write to the authors of adverts online that end within two weeks; return how many.

    An advert remembers the end it was reminded of: run again, nobody is written to twice; renewed,
    it is reminded of its next end.
    """
    now = now or timezone.now()
    today = wall_clock(now, current_tenant().time_zone).date()
    with transaction.atomic():
        found = list(
            Advert.objects.select_for_update(of=("self",))
            .select_related("author")
            .filter(
                ~Q(reminded_of=F("valid_until")) | Q(reminded_of__isnull=True),
                status=Advert.Status.ACTIVE,
                author__is_active=True,
                valid_until__gte=today,
                valid_until__lte=today + timedelta(days=REMINDED_DAYS),
                created_at__lt=now - timedelta(days=REMINDED_DAYS),
            )
            .order_by("pk")
        )
        for advert in found:
            advert.reminded_of = advert.valid_until
            _write(advert)
        Advert.objects.bulk_update(found, ["reminded_of"])
    return len(found)


def _write(advert: Advert) -> None:
    assert advert.valid_until is not None
    language = advert.author.language or current_tenant().language
    with translation.override(language):
        day = humanise.day(advert.valid_until)
    mail_send(
        template="adverts/mails/ending",
        to=advert.author.email,
        context={
            "first_name": advert.author.first_name,
            "advert": str(advert),
            "day": day,
            "url": site_url(reverse("adverts:detail", args=[advert.public_id])),
        },
        language=language,
    )

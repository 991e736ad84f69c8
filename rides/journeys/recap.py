"""The weekly mail: rides to confirm, by one tap, without signing in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts.models import Account
from core.accounts.readers import reading
from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from core.shell import humanise
from rides.conversations.notices import preferences_of
from rides.journeys.models import OBJECT_FOR, Journey
from tenants import signing
from tenants.context import current_tenant
from tenants.errors import InvalidTokenError

PURPOSE: Final = "journeys-recap"
LINK_FOR: Final = OBJECT_FOR + dt.timedelta(days=1)


def to_confirm(account: Account, now: dt.datetime) -> list[Journey]:
    """Rides of which the person has said nothing yet, and still may; the oldest first."""
    rows = Journey.objects.filter(
        Q(driver=account, driver_says="") | Q(passenger=account, passenger_says=""),
        arrives_at__gt=now - OBJECT_FOR,
    ).exclude(status=Journey.Status.CANCELLED)
    return list(rows.select_related("driver", "passenger").order_by("departs_at", "pk"))


def recap_token(account: Account, journeys: list[Journey]) -> str:
    """What a recap's link holds: whose it is and which rides, signed, for this region alone."""
    value = [str(account.public_id), [str(one.public_id) for one in journeys]]
    return signing.dumps(value, purpose=PURPOSE)


def recap_of(token: str) -> tuple[Account, list[Journey]] | None:
    """The person and the rides of a link; None for one that is forged, too old or elsewhere's."""
    try:
        person, ids = signing.loads(token, purpose=PURPOSE, max_age=LINK_FOR)
    except InvalidTokenError:
        return None
    account = Account.objects.filter(public_id=person, is_active=True).first()
    if account is None:
        return None
    rows = Journey.objects.filter(
        Q(driver=account) | Q(passenger=account), public_id__in=ids
    ).select_related("driver", "passenger")
    return account, list(rows.order_by("departs_at", "pk"))


def recaps_send(*, now: dt.datetime | None = None) -> int:
    """Write to everyone who has rides to confirm; return how many mails."""
    now = now or timezone.now()
    open_ = Journey.objects.filter(arrives_at__gt=now - OBJECT_FOR).exclude(
        status=Journey.Status.CANCELLED
    )
    people: dict[Account, list[Journey]] = defaultdict(list)
    for one in open_.select_related("driver", "passenger").order_by("departs_at", "pk"):
        for name in ("driver", "passenger"):
            account = getattr(one, name)
            if account is not None and account.is_active and not getattr(one, f"{name}_says"):
                people[account].append(one)
    count = 0
    for account, rides in people.items():
        if preferences_of(account).recap:
            _mail(account, rides)
            count += 1
    return count


def _mail(account: Account, rides: list[Journey]) -> None:
    language = account.language or current_tenant().language
    with translation.override(language), reading(account):
        context: dict[str, Any] = {
            "first_name": account.first_name,
            "rides": [
                {
                    "when": humanise.moment(one.departs_at),
                    "route": str(one),
                    "name": partner.display_name if (partner := one.partner(account)) else "",
                }
                for one in rides
            ],
            "url": site_url(reverse("journeys:recap", args=[recap_token(account, rides)])),
            "settings_url": site_url(reverse("notifications:preferences")),
        }
    mail_send(template="journeys/mails/recap", to=account.email, context=context, language=language)

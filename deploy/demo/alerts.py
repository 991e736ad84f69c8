"""An alert of the demo: what the region's member looks for, and an advert that it has found."""

from __future__ import annotations

from core.accounts.models import Account
from deploy.demo import cast
from regions.territories.queries import municipalities_get
from rides.adverts.models import Advert
from rides.search.alerts import advert_match, alert_create
from rides.search.models import SavedSearch


def fill(slug: str) -> None:
    """Keep one search of the region's member and hold an advert against it, unless there is one."""
    account = Account.objects.get(email=cast.account(slug, cast.MEMBER).email)
    if SavedSearch.objects.filter(account=account).exists():
        return
    advert = (
        Advert.objects.filter(
            kind=Advert.Kind.REGULAR, role=Advert.Role.DRIVER, origin_code=account.residence_code
        )
        .exclude(author=account)
        .order_by("-pk")
        .first()
    )
    if advert is None:
        return
    places = municipalities_get([advert.origin_code, advert.destination_code])
    days = sorted(set(advert.schedules.values_list("weekday", flat=True)))
    alert_create(
        account=account,
        origin=places[advert.origin_code],
        destination=places[advert.destination_code],
        asked={"regular": True, "weekdays": days},
    )
    advert_match(advert)

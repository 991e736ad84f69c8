"""Alerts: a search kept, held against every advert that is written, told once a day at most.

The way back of a search: when an advert appears or changes, the alerts whose trip is near it are
asked again, about this advert alone, by the same engine. An advert is told of once per alert.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from core.notifications.hosts import site_url
from core.notifications.services import mail_send
from regions.territories.models import Municipality
from regions.territories.queries import municipalities_get
from rides.adverts.models import Advert
from rides.adverts.queries import adverts_public
from rides.adverts.watchers import Change, What
from rides.matching.geometry import Box, around
from rides.matching.timing import wall_clock
from rides.search.candidates import candidates
from rides.search.errors import SearchError
from rides.search.inputs import SearchQuery
from rides.search.models import AlertHit, SavedSearch
from rides.search.queries import matches, wish_of
from rides.search.rules import filters_for, search_query
from tenants import signing
from tenants.context import current_tenant

MOST: Final = 20
"""Alerts per person."""
SHOWN: Final = 5
"""Adverts named in one mail; the others are behind its link."""
REST: Final = dt.timedelta(hours=24)
"""At least so long between two mails of one alert."""
PURPOSE: Final = "search-alert"
TOKEN_AGE: Final = dt.timedelta(days=400)
FILTERS: Final = ("role", "community", "free", "wheelchair", "same_gender")

_TELLS: Final = {What.PUBLISHED, What.CHANGED, What.RESUMED, What.RESTORED, What.RENEWED}


def alert_create(
    *,
    account: Account,
    origin: Municipality,
    destination: Municipality,
    asked: dict[str, Any],
) -> SavedSearch:
    """Keep a search (keywords of ``rules.search_query`` and filters, as JSON); the same one once.

    Raises ``SearchError``: ``invalid_search``, or ``too_many_alerts`` beyond ``MOST``.
    """
    asked = {name: value for name, value in asked.items() if value not in (None, "", False, [])}
    query = _query(account, origin, destination, asked)
    words = json.dumps([origin.code, destination.code, asked], sort_keys=True)
    fingerprint = hashlib.sha256(words.encode()).hexdigest()
    first, last = around(query.origin, query.radius), around(query.destination, query.radius)
    box = Box(
        min(first.south, last.south),
        min(first.west, last.west),
        max(first.north, last.north),
        max(first.east, last.east),
    )
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        others = SavedSearch.objects.filter(account=account, is_active=True)
        if others.exclude(fingerprint=fingerprint).count() >= MOST:
            raise SearchError(
                _("You have as many alerts as one person can: delete one first."),
                code="too_many_alerts",
            )
        alert, _made = SavedSearch.objects.update_or_create(
            account=account,
            fingerprint=fingerprint,
            defaults={"is_active": True},
            create_defaults={
                "origin_code": origin.code,
                "origin_name": origin.name,
                "destination_code": destination.code,
                "destination_name": destination.name,
                "question": asked,
                "south": box.south,
                "west": box.west,
                "north": box.north,
                "east": box.east,
                "last_day": query.day,
            },
        )
    return alert


def alert_delete(*, alert: SavedSearch) -> None:
    """End an alert; ``alert_restore`` takes it back. Doing it twice changes nothing."""
    SavedSearch.objects.filter(pk=alert.pk).update(is_active=False)


def alert_restore(*, alert: SavedSearch) -> None:
    """Take a deletion back."""
    SavedSearch.objects.filter(pk=alert.pk).update(is_active=True)


def query_of(alert: SavedSearch) -> SearchQuery | None:
    """The search of an alert as it would be asked now; None when it makes no sense any more."""
    places = municipalities_get([alert.origin_code, alert.destination_code])
    if len(places) < 2:
        return None
    try:
        return _query(
            alert.account, places[alert.origin_code], places[alert.destination_code], alert.question
        )
    except SearchError:
        return None  # its day is past


def _query(
    account: Account, origin: Municipality, destination: Municipality, asked: dict[str, Any]
) -> SearchQuery:
    said = dict(asked)
    filters = filters_for(account, **{name: said.pop(name) for name in FILTERS if name in said})
    if "day" in said:
        said["day"] = dt.date.fromisoformat(said["day"])
    if "at" in said:
        said["at"] = dt.time.fromisoformat(said["at"])
    query = search_query(origin=origin, destination=destination, filters=filters, **said)
    return replace(query, without=query.without | {account.pk})


def advert_seen(advert: Advert, change: Change) -> None:
    """Watch adverts: one that appears or changes may answer alerts, in the background."""
    from rides.search.tasks import match_advert

    if change.what in _TELLS:
        match_advert.enqueue(advert=advert.pk)


def advert_match(advert: Advert, *, now: dt.datetime | None = None) -> int:
    """Hold an advert against the alerts near it, note those it suits; return how many."""
    now = now or timezone.now()
    today = wall_clock(now, current_tenant().time_zone).date()
    near = SavedSearch.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=today),
        is_active=True,
        account__is_active=True,
        south__lte=advert.north,
        north__gte=advert.south,
        west__lte=advert.east,
        east__gte=advert.west,
    ).exclude(account=advert.author_id)
    found = 0
    for alert in near.select_related("account"):
        query = query_of(alert)
        if query is None:
            continue
        wish = wish_of(query, now)
        rows = candidates(query, wish, query.radius, advert=advert.pk)
        if matches(query, wish, rows, query.radius):
            AlertHit.objects.get_or_create(alert=alert, advert=advert)
            found += 1
            alert_tell(alert.pk, now=now)
    return found


def alert_tell(key: int, *, now: dt.datetime | None = None) -> bool:
    """Mail what an alert found since the last time, unless that was less than a day ago."""
    now = now or timezone.now()
    with transaction.atomic():
        alert = (
            SavedSearch.objects.select_for_update(of=("self",))
            .select_related("account")
            .get(pk=key)
        )
        if not alert.is_active or (alert.mailed_at and alert.mailed_at > now - REST):
            return False
        # What its community has hidden since, or a pause, is not told of.
        shown = adverts_public(alert.account).filter(pk=OuterRef("advert"))
        hits = alert.hits.filter(Exists(shown), mailed=False).select_related("advert")
        adverts = [hit.advert for hit in hits]
        if not adverts:
            return False
        alert.hits.filter(mailed=False).update(mailed=True)
        alert.mailed_at = now
        alert.save(update_fields=["mailed_at"])
        mail_send(
            template="search/mails/alert",
            to=alert.account.email,
            language=alert.account.language or None,
            context={
                "trip": str(alert),
                "count": len(adverts),
                "adverts": [
                    {"label": str(one), "url": site_url(f"/annonces/{one.public_id}/")}
                    for one in adverts[:SHOWN]
                ],
                "search_url": site_url(address(alert)),
                "stop_url": site_url(f"/recherche/alertes/arreter/{token(alert)}/"),
            },
        )
    return True


def alerts_due(now: dt.datetime) -> list[int]:
    """Alerts with finds that were kept for the next day, and may be told now."""
    waiting = AlertHit.objects.filter(alert=OuterRef("pk"), mailed=False)
    rows = SavedSearch.objects.filter(Exists(waiting), is_active=True)
    rows = rows.filter(Q(mailed_at__isnull=True) | Q(mailed_at__lte=now - REST))
    return list(rows.order_by(F("mailed_at").asc(nulls_first=True)).values_list("pk", flat=True))


def token(alert: SavedSearch) -> str:
    """What lets the reader of a mail end its alert without signing in."""
    return signing.dumps(str(alert.public_id), purpose=PURPOSE)


def address(alert: SavedSearch) -> str:
    """The path of the search that an alert repeats."""
    parameters = QueryDict(mutable=True)
    parameters["origin_code"] = alert.origin_code
    parameters["destination_code"] = alert.destination_code
    for name, value in alert.question.items():
        if name == "weekdays":
            parameters.setlist(name, [str(day + 1) for day in value])
        else:
            parameters[_PARAMETERS.get(name, name)] = (
                "on" if value is True else str(value)[:5] if name == "at" else str(value)
            )
    return f"/recherche/?{parameters.urlencode()}"


_PARAMETERS: Final = {"day": "date", "at": "time", "margin_minutes": "margin"}

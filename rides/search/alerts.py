"""Alerts: a search kept, held against every advert that is written, told once a day at most.

The way back of a search: when an advert appears or changes, the alerts whose trip is near it are
asked again, about this advert alone, by the same engine. An advert is told of once per alert.

Adverts of partner regions come through the pool (``pool_seen``): it is asked when they arrive, and
again at the moment of telling, so what was suspended, taken back or blocked meanwhile is told to
nobody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account
from core.notifications.services import mail_send
from regions.pool.queries import PooledRow, pool_some
from regions.territories.models import Municipality
from regions.territories.queries import municipalities_get
from rides.adverts.models import Advert
from rides.adverts.queries import adverts_public
from rides.adverts.routes import line_points
from rides.adverts.watchers import Change, What
from rides.conversations.access import blocked_ids
from rides.matching.geometry import Box, Point, around
from rides.matching.timing import wall_clock
from rides.relay.guests import aliases_of
from rides.search.candidates import candidates
from rides.search.errors import SearchError
from rides.search.inputs import SearchQuery
from rides.search.models import AlertHit, PooledHit, SavedSearch
from rides.search.partners import as_candidate, partner_rows
from rides.search.queries import matches, wish_of
from rides.search.rules import filters_for, search_query
from tenants import signing
from tenants.context import current_tenant
from tenants.models import Module

MOST: Final = 20
"""Alerts per person."""
MAKER: Final = "search-alert"
"""Who makes an alert's mail as it leaves (``mails.alert_mail``)."""
REST: Final = dt.timedelta(hours=24)
"""At least so long between two mails of one alert."""
PURPOSE: Final = "search-alert"
KEPT: Final = dt.timedelta(days=7)
"""A partner's advert that cannot be read now is told of if it can be again within this time."""
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
    fingerprint = fingerprint_of(origin.code, destination.code, asked)
    box = trip_box(query.origin, query.destination, query.radius)
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


def fingerprint_of(origin: str, destination: str, asked: dict[str, Any]) -> str:
    """What tells a question from others: two codes, and what else is asked."""
    words = json.dumps([origin, destination, asked], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


def trip_box(origin: Point, destination: Point, radius: float) -> Box:
    """The box of degrees outside which no advert can suit."""
    return _around([around(origin, radius), around(destination, radius)])


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
    near = _near(Box(advert.south, advert.west, advert.north, advert.east), now)
    found = 0
    for alert in near.exclude(account=advert.author_id):
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


def pool_seen(adverts: Sequence[UUID]) -> None:
    """Watch the pool: what partners' adverts arrived may answer alerts (in the background)."""
    if current_tenant().has_module(Module.CARPOOLING):
        pool_match(adverts)


def pool_match(adverts: Sequence[UUID], *, now: dt.datetime | None = None) -> int:
    """Hold partners' adverts against the alerts near them, note what suits; return how many.

    Three statements when no alert is near, however many adverts; some more for each that is.
    """
    now = now or timezone.now()
    if not SavedSearch.objects.filter(is_active=True).exists():
        return 0
    boxes = {row.advert: _box(row.line) for row in pool_some(adverts)}
    if not boxes:
        return 0
    alerts = [
        (alert, {advert for advert, box in boxes.items() if _meets(alert, box)})
        for alert in _near(_around(boxes.values()), now)
    ]
    known = PooledHit.objects.filter(alert__in=[alert for alert, close in alerts if close])
    told = set(known.filter(pooled__in=list(boxes)).values_list("alert_id", "pooled"))
    found = 0
    for alert, close in alerts:
        new = {advert for advert in close if (alert.pk, advert) not in told}
        if not new:
            continue
        with transaction.atomic():
            rows = pooled_finds(alert, new, now)
            hits = [PooledHit(alert=alert, pooled=row.advert) for row in rows]
            PooledHit.objects.bulk_create(hits, ignore_conflicts=True)
        found += len(rows)
        if rows:
            alert_tell(alert.pk, now=now)
    return found


def pooled_finds(
    alert: SavedSearch, adverts: Collection[UUID], now: dt.datetime
) -> list[PooledRow]:
    """Those of partners' adverts that a search like the alert would find now, the best first."""
    query = query_of(alert) if adverts else None
    if query is None:
        return []
    wish = wish_of(query, now)
    rows = {
        row.advert: row for row in partner_rows(query, wish, query.radius) if row.advert in adverts
    }
    found = matches(query, wish, [as_candidate(row) for row in rows.values()], query.radius)
    return [rows[advert] for advert in dict.fromkeys(one.match.advert for one in found)]


def _near(box: Box, now: dt.datetime) -> QuerySet[SavedSearch]:
    """Alerts that are on and whose trip is near a route, with their authors."""
    today = wall_clock(now, current_tenant().time_zone).date()
    return SavedSearch.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=today),
        is_active=True,
        account__is_active=True,
        south__lte=box.north,
        north__gte=box.south,
        west__lte=box.east,
        east__gte=box.west,
    ).select_related("account")


def _meets(alert: SavedSearch, box: Box) -> bool:
    return (
        alert.south <= box.north
        and alert.north >= box.south
        and alert.west <= box.east
        and alert.east >= box.west
    )


def _box(line: Sequence[float]) -> Box:
    points = line_points(line)
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    return Box(min(lats), min(lons), max(lats), max(lons))


def _around(boxes: Collection[Box]) -> Box:
    return Box(
        min(box.south for box in boxes),
        min(box.west for box in boxes),
        max(box.north for box in boxes),
        max(box.east for box in boxes),
    )


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
        found = list(
            alert.hits.filter(Exists(shown), mailed=False).values_list("advert", flat=True)
        )
        waiting = alert.pooled_hits.filter(mailed=False).values_list("pooled", flat=True)
        told = [row.advert for row in pooled_finds(alert, set(waiting), now)]
        if not found and not told:
            return False
        alert.hits.filter(mailed=False).update(mailed=True)
        alert.pooled_hits.filter(pooled__in=told).update(mailed=True)
        alert.mailed_at = now
        alert.save(update_fields=["mailed_at"])
        mail_send(
            template="search/mails/alert",
            to=alert.account.email,
            language=alert.account.language or None,
            context={"alert": alert.pk, "adverts": found, "pooled": [str(one) for one in told]},
            maker=MAKER,
        )
    return True


def pooled_told(account: Account) -> dict[int, list[PooledRow]]:
    """What each of somebody's alerts (by key) found with partners that they may read now.

    Four statements at most, whatever the alerts.
    """
    hits = PooledHit.objects.filter(alert__account=account, alert__is_active=True)
    pairs = list(hits.values_list("alert_id", "pooled"))
    rows = {row.advert: row for row in pool_some(sorted({one for _alert, one in pairs}))}
    blocked = aliases_of(blocked_ids(account)) if rows else set()
    told: dict[int, list[PooledRow]] = {}
    for alert, advert in pairs:
        if advert in rows and rows[advert].alias not in blocked:
            told.setdefault(alert, []).append(rows[advert])
    return told


def alerts_due(now: dt.datetime) -> list[int]:
    """Alerts with finds that were kept for the next day, and may be told now."""
    waiting = AlertHit.objects.filter(alert=OuterRef("pk"), mailed=False)
    partners = PooledHit.objects.filter(
        alert=OuterRef("pk"), mailed=False, created_at__gte=now - KEPT
    )
    rows = SavedSearch.objects.filter(Exists(waiting) | Exists(partners), is_active=True)
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

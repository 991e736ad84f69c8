"""« M'alerter » and « Mes alertes »."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.access import is_member
from core.accounts.models import Account
from core.shell.cards import Badge
from regions.pool.queries import PooledRow
from rides.adverts.access import require_module
from rides.adverts.models import Advert
from rides.search import access
from rides.search.alerts import (
    FILTERS,
    address,
    alert_create,
    alert_delete,
    alert_restore,
    pooled_told,
)
from rides.search.errors import SearchError
from rides.search.models import SavedSearch
from rides.search.site.cards import via_badge
from rides.search.site.forms import SearchForm


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The account's alerts, and one that was just deleted, to take back."""
    require_module()
    rows = SavedSearch.objects.none()
    found: dict[int, list[tuple[Badge, int]]] = {}
    if isinstance(request.user, Account) and is_member(request.user):
        online = Q(hits__advert__status=Advert.Status.ACTIVE, hits__advert__author__is_active=True)
        rows = SavedSearch.objects.filter(account=request.user, is_active=True).annotate(
            found=Count("hits", filter=online)
        )
        told = pooled_told(request.user)
        found = {key: _by_region(adverts) for key, adverts in told.items()}
    gone = request.GET.get("supprimee", "")
    deleted = None
    if gone and is_member(request.user):
        try:
            deleted = access.get_own_alert(request.user, UUID(gone))
        except ValueError:
            deleted = None
    return render(
        request,
        "search/alerts.html",
        {
            "rows": [(alert, address(alert), found.get(alert.pk, [])) for alert in rows],
            "deleted": deleted if deleted and not deleted.is_active else None,
        },
    )


def _by_region(told: list[PooledRow]) -> list[tuple[Badge, int]]:
    """« Via … » of each region that has finds of an alert, and how many."""
    counts = Counter(row.region for row in told)
    badges = {row.region: via_badge(row) for row in told}
    return [(badges[region], count) for region, count in sorted(counts.items())]


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Keep the search that the form carries; twice the same is one alert."""
    require_module()
    form = SearchForm(request.POST, first=request.user)
    if not form.is_valid() or not isinstance(request.user, Account):
        return render(request, "search/results.html", {"form": form, "asked": True, "found": None})
    data = form.cleaned_data
    try:
        alert_create(
            account=request.user,
            origin=data["origin"],
            destination=data["destination"],
            asked=_asked(data),
        )
    except SearchError as error:
        messages.error(request, str(error))
        return redirect("search:alerts")
    messages.success(
        request, _("Noted: we will write to you as soon as a new advert suits, once a day at most.")
    )
    return redirect("search:alerts")


def _asked(data: dict[str, Any]) -> dict[str, Any]:
    """What a valid form asks beyond its places, as ``alerts.alert_create`` keeps it."""
    asked: dict[str, Any] = {name: data[name] for name in FILTERS}
    asked |= {
        "looking_for": data["looking_for"],
        "seats": data["seats"],
        "radius": data["radius"],
        "regular": data["regular"],
    }
    if data["regular"]:
        asked["weekdays"] = [iso - 1 for iso in data["weekdays"]]
    elif data["date"]:
        asked["day"] = data["date"].isoformat()
    if data["time"]:
        asked |= {
            "at": data["time"].isoformat(),
            "margin_minutes": data["margin"],
            "side": data["side"],
        }
    return asked


@require_POST
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End an alert, and offer to take it back."""
    alert = access.get_own_alert(request.user, public_id)
    alert_delete(alert=alert)
    return redirect(f"{reverse('search:alerts')}?{urlencode({'supprimee': str(alert.public_id)})}")


@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a deletion back."""
    alert_restore(alert=access.get_own_alert(request.user, public_id))
    messages.success(request, _("Your alert is back."))
    return redirect("search:alerts")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: say what it would end; end it when asked to."""
    alert = access.get_alert_by_token(token)
    if request.method == "POST":
        alert_delete(alert=alert)
    return render(
        request, "search/alert_stop.html", {"alert": alert, "ended": request.method == "POST"}
    )

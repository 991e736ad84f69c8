"""Pages of adverts: publish, see, « Mes annonces », pause, resume, delete and undo."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.communities.access import get_community_for
from core.accounts.access import signed_in
from core.accounts.models import Account
from rides.adverts import access
from rides.adverts.cards import ROLES, Trust, advert_cards, drive_time, later, person, usual_times
from rides.adverts.errors import AdvertError
from rides.adverts.hiding import hidden_state
from rides.adverts.maps import route_on_map, routes_on_map
from rides.adverts.models import Advert
from rides.adverts.panels import ADVERT_HEADS, ADVERT_PANELS
from rides.adverts.prices import advert_metres, advert_price
from rides.adverts.queries import adverts_in, adverts_of, for_cards, is_over, is_renewable, keys_of
from rides.adverts.services import advert_delete, advert_pause, advert_restore, advert_resume
from rides.adverts.settings import rides_settings
from rides.adverts.site.calendar import change_words, today
from rides.adverts.timetable import timetable
from rides.adverts.words import advert_holidays

COMMUNITY_MAP: Final = 40
"""More routes than this on one small map are a tangle."""


@login_not_required
@require_safe
def community_map(request: HttpRequest, slug: str) -> JsonResponse:
    """The routes of a community's latest adverts, as its page's map reads them."""
    access.require_module()
    community = get_community_for(request.user, slug)
    rows = adverts_in(community, timezone.now(), request.user).order_by("-created_at", "-pk")
    return JsonResponse(routes_on_map(rows[:COMMUNITY_MAP]))


@login_not_required
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One advert: who, from where to where, when, on a map."""
    advert = access.get_advert_for(request.user, public_id)
    own = access.is_author(request.user, advert)
    leaves, back = usual_times(advert)
    seconds = drive_time(advert)
    role, icon = ROLES[advert.role]
    rules, now = rides_settings(), timezone.now()
    context: dict[str, Any] = {
        "advert": advert,
        "own": own,
        "over": is_over(advert, now),
        "paused": advert.status == Advert.Status.PAUSED,
        "hidden": hidden_state(advert) if own else None,
        "regular": advert.kind == Advert.Kind.REGULAR,
        "role": role,
        "role_icon": icon,
        "person": person(advert, request.user),
        "leaves": leaves,
        "arrives": later(leaves, seconds) if leaves else None,
        "back": back,
        "drive": seconds,
        "metres": advert_metres(advert),
        "price": advert_price(advert),
        "holidays": advert_holidays(advert, rules),
        "changes": change_words(advert, now, rules),
        "renewable": own and is_renewable(advert, today(advert, now)),
        "timetable": timetable(advert),
        "badges": Trust.of(request.user, [advert.author_id]).badges(advert, most=12),
        "map": route_on_map(advert),
        "heads": ADVERT_HEADS.rendered(request, advert),
        "panels": ADVERT_PANELS.rendered(request, advert),
    }
    return render(request, "adverts/detail.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes annonces », those that are over last; just after a deletion, the way back."""
    access.require_module()
    account = signed_in(request)
    now = timezone.now()
    adverts = for_cards(keys_of(adverts_of(account))[:200])
    cards = advert_cards(adverts, account)
    rows = [
        {
            "card": card,
            "advert": advert,
            "paused": advert.status == Advert.Status.PAUSED,
            "over": is_over(advert, now),
            "renewable": is_renewable(advert, today(advert, now)),
        }
        for advert, card in zip(adverts, cards, strict=True)
    ]
    rows.sort(key=lambda row: bool(row["over"]))
    context = {"rows": rows, "deleted": _deleted(request, account)}
    return render(request, "adverts/mine.html", context)


def _deleted(request: HttpRequest, account: Account) -> dict[str, Any] | None:
    """The advert that was just deleted, when the address names one."""
    named = request.GET.get("supprimee", "")
    advert = access.own_advert_or_none(account, named, deleted=True)
    return {"advert": advert, "paused": "pause" in request.GET} if advert else None


@require_POST
def pause(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hide an advert for a while."""
    advert = access.get_own_advert(request.user, public_id)
    advert_pause(advert=advert)
    messages.success(request, _("Your advert is paused: nobody else sees it."))
    return _back(request, advert)


@require_POST
def resume(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a paused advert again."""
    advert = access.get_own_advert(request.user, public_id)
    try:
        advert_resume(advert=advert)
    except AdvertError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Your advert is online again."))
    return _back(request, advert)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask first; then delete, and offer to take it back."""
    advert = access.get_own_advert(request.user, public_id)
    if request.method != "POST":
        card = advert_cards(for_cards([advert.pk]), request.user)[0]
        return render(request, "adverts/delete.html", {"advert": advert, "card": card})
    parameters = {"supprimee": str(advert.public_id)}
    if advert.status == Advert.Status.PAUSED:
        parameters["pause"] = "1"
    advert_delete(advert=advert)
    return HttpResponseRedirect(f"{reverse('adverts:mine')}?{urlencode(parameters)}")


@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a deletion back."""
    advert = access.get_own_advert(request.user, public_id, deleted=True)
    advert_restore(advert=advert, paused=request.POST.get("paused") == "1")
    messages.success(request, _("Your advert is back."))
    return redirect("adverts:mine")


def _back(request: HttpRequest, advert: Advert) -> HttpResponse:
    """The page that the button was on: the advert's own, or « Mes annonces »."""
    if request.POST.get("from") == "detail":
        return redirect("adverts:detail", advert.public_id)
    return redirect("adverts:mine")

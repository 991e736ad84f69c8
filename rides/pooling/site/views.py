"""What leaves the region of one's own, where it goes, and how to take it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.access import signed_in
from rides.adverts.access import get_own_advert, require_module
from rides.pooling import services
from rides.pooling.access import get_partner
from rides.pooling.queries import shared_by
from rides.pooling.services import (
    PoolingError,
    advert_agree,
    advert_take_back,
    refuse_all,
    region_allow,
    region_refuse,
)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Où circulent mes données »: each advert, each partner, since when; a button for each."""
    require_module()
    return render(request, "pooling/mine.html", shared_by(signed_in(request)).__dict__)


@require_POST
def agree(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say yes for an advert."""
    advert = get_own_advert(request.user, public_id)
    try:
        advert_agree(advert=advert, account=signed_in(request))
    except PoolingError as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(
            request, _("Whoever looks for a ride in partner regions can find this one now.")
        )
    return redirect("adverts:detail", public_id)


@require_POST
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an advert back."""
    advert = get_own_advert(request.user, public_id)
    advert_take_back(advert=advert)
    messages.success(request, _("This ride no longer leaves your region."))
    if request.POST.get("next") == "mine":
        return redirect("pooling:mine")
    return redirect("adverts:detail", public_id)


@require_POST
def refuse_region(request: HttpRequest, slug: str) -> HttpResponse:
    """Take everything back from one region."""
    card = get_partner(request.user, slug)
    region_refuse(account=signed_in(request), region=card.region)
    said = _("The region %(region)s no longer sees any of your rides.") % {"region": card.name}
    messages.success(request, said)
    return redirect("pooling:mine")


@require_POST
def allow_region(request: HttpRequest, slug: str) -> HttpResponse:
    """Let one region see the rides that are offered again."""
    card = get_partner(request.user, slug)
    region_allow(account=signed_in(request), region=card.region)
    said = _("The region %(region)s may see again the rides that you offer.") % {
        "region": card.name
    }
    messages.success(request, said)
    return redirect("pooling:mine")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest) -> HttpResponse:
    """Take everything back, and be asked no more; asked first whether it is meant."""
    require_module()
    account = signed_in(request)
    if request.method != "POST":
        return render(request, "pooling/refuse.html", shared_by(account).__dict__)
    refuse_all(account=account)
    messages.success(request, _("None of your rides leaves your region any more."))
    return redirect("pooling:mine")


@require_POST
def ask_again(request: HttpRequest) -> HttpResponse:
    """Be asked anew for each ride."""
    require_module()
    services.ask_again(account=signed_in(request))
    messages.success(
        request, _("You are asked again, ride by ride. Nothing leaves before you say yes.")
    )
    return redirect("pooling:mine")

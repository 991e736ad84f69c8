"""From a partner's ride: ask for a seat, write, report, block. Then all is as at home."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.access import signed_in
from rides.bookings.site.choices import DAY, day_asked
from rides.conversations.services import account_block, account_report
from rides.conversations.site.forms import ReportForm
from rides.relay import access
from tenants.errors import PasserelleError


@require_POST
def book(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Réserver une place »: on the page of any booking."""
    advert = access.get_partner_advert(request.user, public_id)
    day = day_asked(request.POST)
    address = reverse("bookings:book", args=[advert.public_id])
    return redirect(f"{address}?{urlencode({DAY: day})}" if day else address)


@require_POST
def write(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Écrire »: on the page of any conversation."""
    advert = access.get_partner_advert(request.user, public_id)
    return redirect("conversations:write", advert.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tell the administrators of both regions."""
    advert = access.get_partner_advert(request.user, public_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data, account = form.cleaned_data, signed_in(request)
        try:
            account_report(
                reporter=account,
                reported=advert.author,
                reason=data["reason"],
                text=data["text"],
            )
        except PasserelleError as error:
            form.add_error(None, str(error.message))
        else:
            if data["block"]:
                account_block(blocker=account, blocked=advert.author)
            messages.success(request, _("Thank you. The people in charge of both regions look."))
            return redirect("search:results")
    context = {"form": form, "advert": advert, "name": advert.author.display_name}
    return render(request, "relay/report.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hide the two from each other, in both regions; asked first whether it is meant."""
    advert = access.get_partner_advert(request.user, public_id)
    if request.method != "POST":
        context = {"advert": advert, "name": advert.author.display_name}
        return render(request, "relay/block.html", context)
    account_block(blocker=signed_in(request), blocked=advert.author)
    messages.success(request, _("You no longer find each other, nor write to each other."))
    return redirect("search:results")

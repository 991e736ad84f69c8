"""Pages of bookings: ask, see, answer, cancel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.access import signed_in
from core.accounts.models import Account
from core.shell.cards import Badge, TripCard
from regions.pool.queries import pool_get
from rides.adverts.cards import advert_cards
from rides.adverts.maps import collection, line_feature, point_feature
from rides.adverts.models import Advert
from rides.bookings import access, hooks
from rides.bookings.dates import Groups, groups, rides_between, span, today_of, upcoming
from rides.bookings.errors import AdvertUnavailableError, StatusAlreadySetError
from rides.bookings.models import AGREED, Booking
from rides.bookings.panels import BOOKING_PANELS
from rides.bookings.requests import check_available
from rides.bookings.seats import seats_left
from rides.bookings.services import (
    booking_accept,
    booking_cancel,
    booking_decline_meeting,
    booking_propose_meeting,
    booking_refuse,
    booking_restore,
    undo_until,
)
from rides.bookings.site.choices import boxes_of, day_asked
from rides.bookings.site.forms import ALL, ONE, BookingForm, CancelForm, MeetingForm, ReasonForm
from rides.bookings.words import dates_words, event_words, ride_words, said, status_badge
from tenants.errors import PasserelleError

AHEAD: Final = dt.timedelta(weeks=4)
"""So far ahead are single dates of a regular advert offered."""
SHOWN_RIDES: Final = 10
UNSETTLED: Final = Badge(gettext_lazy("Awaits confirmation"), "clock", "warning")
"""Instead of « Confirmée », until the region that decides of a partner's advert has said so."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Réserver »."""
    account, now = signed_in(request), timezone.now()
    advert = access.get_advert_to_book(account, public_id)
    try:
        check_available(advert)
    except AdvertUnavailableError as error:
        typed = request.POST.get("message", "")
        gone = {"message": error.message, "typed": typed}
        return render(request, "bookings/unavailable.html", gone, status=error.status)
    if barred := hooks.barred(account, advert):
        return render(request, "bookings/barred.html", {"message": barred}, status=403)
    today = today_of(advert, now)
    last = today + AHEAD if advert.kind == Advert.Kind.REGULAR else span(advert)[1]
    found = groups(advert, today, last)
    options: dict[str, Any] = {
        "account": account,
        "advert": advert,
        "found": found,
        "left": seats_left(advert, found),
        "now": now,
    }
    if request.method == "POST":
        form = BookingForm(request.POST, **options)
        booking = form.book()
        if booking is not None:
            messages.success(request, _asked_words(booking))
            return redirect("bookings:detail", booking.public_id)
    else:
        form = BookingForm(first=_first_values(request, found), **options)
    context = {
        "form": form,
        "advert": advert,
        "card": _card(advert, account),
        "offers": advert.role == Advert.Role.PASSENGER,
        "elsewhere": any(form[name].value() or form[name].errors for name in _ELSEWHERE),
    }
    status = (409 if form.full else 422) if form.is_bound else 200
    return render(request, "bookings/book.html", context, status=status)


def _card(advert: Advert, account: Account) -> TripCard:
    """The advert as a card; a partner's agreement may not tell what is asked for it."""
    card = advert_cards([advert], account)[0]
    return replace(card, price=None, price_untold=True) if _untold(advert) else card


def _untold(advert: Advert) -> bool:
    """Whether no agreement tells the contribution that a partner's advert asks for."""
    row = pool_get(advert.public_id) if advert.elsewhere else None
    return row is not None and row.cents_per_km is None


_ELSEWHERE: Final = ("pickup_detail", "dropoff_detail")


def _first_values(request: HttpRequest, found: Groups) -> dict[str, Any]:
    """What a link may fill in: how, the municipalities, the dates."""
    given = request.GET
    values: dict[str, Any] = {"rides": [*given.getlist("date"), *boxes_of(found, day_asked(given))]}
    if given.get("when") in {"weeks", "dates"}:
        values["when"] = given["when"]
    for name in ("pickup", "dropoff"):
        if given.get(name):
            values[name] = given[name]
    return values


def _asked_words(booking: Booking) -> str:
    if booking.status == Booking.Status.WAITING_LIST:
        return _("You are on the waiting list: we write to you as soon as a seat is free.")
    if booking.status == Booking.Status.WAITING:
        return _("Your request is sent. You will be told as soon as there is an answer.")
    return _("This request was sent already.")


@never_cache
@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One booking: what is agreed, what is awaited, what happened."""
    account = signed_in(request)
    booking = access.get_booking_for(account, public_id)
    return render(request, "bookings/detail.html", _context(request, account, booking))


def _context(request: HttpRequest, account: Account, booking: Booking) -> dict[str, Any]:
    now = timezone.now()
    coming = _coming(booking, now)
    drives = booking.drives(account)
    other = booking.other(account)
    turn = booking.awaits() == account.pk
    author = account.pk == booking.author_id
    start, stop = access.points_for(account, booking)
    confirming = booking.status == Booking.Status.CONFIRMED and hooks.is_unsettled(booking)
    return {
        "booking": booking,
        "badge": UNSETTLED if confirming else status_badge(booking),
        "other": other,
        "drives": drives,
        "agreed": booking.status in AGREED,
        "exact": booking.status in AGREED and (start, stop) != (booking.pickup, booking.dropoff),
        "turn": turn,
        "author": author,
        "shown_message": said(booking, booking.message),
        "shown_meeting": said(booking, booking.meeting_label),
        "undo_until": undo_until(booking, account, now),
        "proposed": booking.meeting == Booking.Meeting.PROPOSED,
        # Until the region that decides has answered, a price of nothing is only what is not told.
        "price_untold": not booking.price_cents
        and booking.answered_at is None
        and _untold(booking.advert),
        "dates": dates_words(booking),
        "weekly": bool(booking.weeks.all()),
        "rides": [(ride, ride_words(ride)) for ride in coming[:SHOWN_RIDES]],
        "more": max(0, len(coming) - SHOWN_RIDES),
        "may_cancel": booking.is_live
        and bool(coming)
        and (booking.status == Booking.Status.CONFIRMED or not author),
        "may_refuse": author
        and booking.status in {Booking.Status.WAITING, Booking.Status.WAITING_LIST},
        "events": [
            (one, event_words(one, account)) for one in booking.events.select_related("actor")
        ],
        "reason_form": ReasonForm(),
        "meeting_form": MeetingForm(),
        "panels": BOOKING_PANELS.rendered(request, booking),
        "map": collection(
            [
                line_feature(start, stop),
                point_feature(start, kind="origin", title=booking.pickup_label),
                point_feature(stop, kind="destination", title=booking.dropoff_label),
            ]
        ),
    }


def _coming(booking: Booking, now: dt.datetime) -> list[Any]:
    if not booking.is_live:  # its dates stay, so that a cancellation can be taken back
        return []
    today = today_of(booking.advert, now)
    return upcoming(rides_between(booking, today, span(booking.advert)[1]), now)


def _act(
    request: HttpRequest,
    public_id: UUID,
    action: Callable[[Account, Booking], Any],
    done: str,
    **forms: Form,
) -> HttpResponse:
    """Do something to a booking and say how it went, on the booking's page.

    ``forms`` are those of the page that the words come from; what is wrong with them is said there.
    """
    account = signed_in(request)
    booking = access.get_booking_for(account, public_id)
    if not all(form.is_valid() for form in forms.values()):
        context = _context(request, account, booking) | forms
        return render(request, "bookings/detail.html", context, status=422)
    try:
        action(account, booking)
    except StatusAlreadySetError as error:
        messages.info(request, str(error.message))
    except PasserelleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("bookings:detail", booking.public_id)


@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Accepter »."""
    booking = access.get_booking_for(signed_in(request), public_id)
    done = _("The booking is confirmed. You can now see each other's exact places.")
    if booking.advert.elsewhere:
        done = _("Your answer is sent: the region of this advert confirms it within seconds.")
    return _act(
        request,
        public_id,
        lambda account, booking: booking_accept(booking=booking, account=account),
        done,
    )


@require_POST
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Refuser », with a word if need be."""
    form = ReasonForm(request.POST)
    return _act(
        request,
        public_id,
        lambda account, booking: booking_refuse(
            booking=booking, account=account, **form.cleaned_data
        ),
        _("The request is refused; the other person is told."),
        reason_form=form,
    )


@require_POST
def meeting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Propose another meeting point."""
    form = MeetingForm(request.POST)
    return _act(
        request,
        public_id,
        lambda account, booking: booking_propose_meeting(
            booking=booking, account=account, **form.cleaned_data
        ),
        _("Your proposal is sent."),
        meeting_form=form,
    )


@require_POST
def decline_meeting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep to the first meeting point."""
    return _act(
        request,
        public_id,
        lambda account, booking: booking_decline_meeting(booking=booking, account=account),
        _("Your answer is sent."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask what exactly; then cancel one ride, those from a day on, or all."""
    account = signed_in(request)
    booking = access.get_booking_for(account, public_id)
    coming = _coming(booking, timezone.now())
    words = [ride_words(ride) for ride in coming]
    chosen = request.GET.get("trajet", "")
    first = {"what": ONE if chosen else ALL, "ride": chosen}
    data = request.POST if request.method == "POST" else None
    form = CancelForm(data, coming=coming, words=words, initial=first)
    if data is not None and form.is_valid():
        try:
            booking_cancel(
                booking=booking,
                account=account,
                reason=form.cleaned_data["reason"],
                **form.scope(),
            )
        except StatusAlreadySetError as error:
            messages.info(request, str(error.message))
        except PasserelleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is cancelled; the other person is told."))
        if form.is_valid():
            return redirect("bookings:detail", booking.public_id)
    context = {
        "form": form,
        "booking": booking,
        "other": booking.other(account),
        "dates": dates_words(booking),
    }
    return render(request, "bookings/cancel.html", context, status=422 if data is not None else 200)


@require_POST
def restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take one's own cancellation back."""
    return _act(
        request,
        public_id,
        lambda account, booking: booking_restore(booking=booking, account=account),
        _("The booking stands again; the other person is told."),
    )

"""Bookings in words: the same ones on every page, in mails and in conversations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.models import Account
from core.shell import humanise
from core.shell.cards import Badge, Tone
from rides.bookings.dates import Ride
from rides.bookings.masking import masked
from rides.bookings.models import AGREED, Booking, BookingEvent

_TONES: dict[str, tuple[str, Tone]] = {
    Booking.Status.WAITING_LIST: ("clock", "neutral"),
    Booking.Status.WAITING: ("clock", "warning"),
    Booking.Status.CONFIRMED: ("check", "success"),
    Booking.Status.COMPLETED: ("help", "accent"),
    Booking.Status.VALIDATED: ("success", "success"),
    Booking.Status.CANCELLED: ("close", "neutral"),
}


def booking_url(booking: Booking) -> str:
    """Path of the booking's page."""
    return reverse("bookings:detail", args=[booking.public_id])


def status_badge(booking: Booking) -> Badge:
    """The state of a booking."""
    icon, tone = _TONES[booking.status]
    ended = booking.status == Booking.Status.CANCELLED and booking.ending
    label = booking.get_ending_display() if ended else booking.get_status_display()
    return Badge(label, icon, tone)


def ride_words(ride: Ride) -> str:
    """« lundi 23 novembre, retour à 17 h 30 »."""
    words = (
        _("%(day)s, return at %(time)s") if ride.backwards else _("%(day)s, outward at %(time)s")
    )
    return words % {"day": humanise.day(ride.day), "time": humanise.clock(ride.time)}


def dates_words(booking: Booking) -> str:
    """« Toutes les semaines, du lundi au vendredi », or the dates of a booking."""
    weeks = list(booking.weeks.all())
    if weeks:
        days = humanise.weekdays({week.weekday + 1 for week in weeks})
        return _("Every week: %(days)s") % {"days": days}
    days_booked = sorted({row.day for row in booking.rides.all() if row.status == "booked"})
    if not days_booked:
        return _("No date left")
    if len(days_booked) == 1:
        return humanise.day(days_booked[0])
    return ngettext("%(count)d date", "%(count)d dates", len(days_booked)) % {
        "count": len(days_booked)
    } + _(", from %(first)s to %(last)s") % {
        "first": humanise.day(days_booked[0]),
        "last": humanise.day(days_booked[-1]),
    }


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A booking in a list, as one of the two reads it."""

    booking: Booking
    name: str
    """The other person's."""
    dates: str
    badge: Badge
    turn: bool
    """Whether the reader's answer is awaited."""


def booking_rows(bookings: Iterable[Booking], reader: Account) -> list[BookingRow]:
    """Bookings of ``reader`` in a list; ``rides`` and ``weeks`` should be prefetched."""
    return [
        BookingRow(
            one,
            one.other(reader).display_name,
            dates_words(one),
            status_badge(one),
            one.awaits() == reader.pk,
        )
        for one in bookings
    ]


def said(booking: Booking, text: str) -> str:
    """What one of the two wrote, as both read it: without numbers and links until they agree."""
    return text if booking.status in AGREED else masked(text)


def event_words(event: BookingEvent, reader: Account) -> str:
    """What happened, as ``reader`` (one of the two) reads it; without the words given with it."""
    booking = event.booking
    name = event.actor.display_name if event.actor else _("Someone")
    own = event.actor_id == reader.pk
    if event.kind == BookingEvent.Kind.LISTED and event.actor is None:
        return _impersonal(event.kind, booking)  # the region that holds the seats said so
    sentence = (_mine if own else _theirs)(event.kind, booking)
    return sentence % {
        "name": name,
        "day": humanise.day(event.day) if event.day else "",
        "place": said(booking, booking.meeting_label),
        "seats": booking.seats,
    }


def _mine(kind: str, booking: Booking) -> str:
    seats = booking.seats
    asked = ngettext("You asked for %(seats)d seat.", "You asked for %(seats)d seats.", seats)
    return {
        "asked": _("You offered to drive.") if booking.asked_by_driver else asked,
        "listed": _("You are on the waiting list."),
        "meeting": _("You proposed another meeting point."),
        "meeting_no": _("You keep to the first meeting point."),
        "accepted": _("You accepted: the booking is confirmed."),
        "refused": _("You refused the request."),
        "withdrawn": _("You withdrew the request."),
        "cancelled": _("You cancelled the booking."),
        "cancelled_day": _("You cancelled the ride of %(day)s."),
        "cancelled_from": _("You cancelled the rides from %(day)s on."),
        "advert_gone": _("You deleted the advert: the booking is cancelled."),
        "advert_back": _("You put the advert back: the booking stands again."),
        "advert_changed": _("You changed the advert."),
        "restored": _("You took your cancellation back: the booking stands again."),
    }.get(kind, _impersonal(kind, booking))


def _theirs(kind: str, booking: Booking) -> str:
    seats = booking.seats
    asked = ngettext(
        "%(name)s asks for %(seats)d seat.", "%(name)s asks for %(seats)d seats.", seats
    )
    return {
        "asked": _("%(name)s offers to drive.") if booking.asked_by_driver else asked,
        "listed": _("%(name)s is on the waiting list."),
        "meeting": _("%(name)s proposes another meeting point."),
        "meeting_no": _("%(name)s would rather keep to the first meeting point."),
        "accepted": _("%(name)s accepted: the booking is confirmed."),
        "refused": _("%(name)s cannot this time: the request is refused."),
        "withdrawn": _("%(name)s withdrew the request."),
        "cancelled": _("%(name)s cancelled the booking."),
        "cancelled_day": _("%(name)s cancelled the ride of %(day)s."),
        "cancelled_from": _("%(name)s cancelled the rides from %(day)s on."),
        "advert_gone": _("%(name)s deleted the advert: the booking is cancelled."),
        "advert_back": _("%(name)s put the advert back: the booking stands again."),
        "advert_changed": _("%(name)s changed the advert: look at the dates and times again."),
        "restored": _("%(name)s took the cancellation back: the booking stands again."),
    }.get(kind, _impersonal(kind, booking))


def _impersonal(kind: str, booking: Booking) -> str:
    if kind == BookingEvent.Kind.PROMOTED:
        return _("A seat is free: the request left the waiting list and awaits an answer.")
    if kind == BookingEvent.Kind.LISTED:
        return _("All seats are taken for now: the request is on the waiting list.")
    if kind == BookingEvent.Kind.UNDONE and booking.ending == Booking.Ending.ELSEWHERE:
        if booking.answered_at is not None:
            return _("The booking is over: it could not go on between the two regions.")
        return _("The request is over: it could not be met between the two regions.")
    if kind == BookingEvent.Kind.UNDONE:
        return _("This could not be done between the two regions.")
    return _("Nobody answered in time: the request has expired.")

"""What somebody of the other region says of a ride that both took: noted as if they were here."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from regions.letters.models import Letter
from rides.bookings.models import Booking
from rides.journeys.errors import JourneyClosedError
from rides.journeys.models import Journey
from rides.journeys.services import booking_close, journey_say, journey_thank
from rides.relay.errors import ForgedLetterError
from rides.relay.incoming import booking_told


def read_said(letter: Letter) -> None:
    """That it took place, or not, and a word of thanks; after seven days nothing changes here."""
    known = booking_told(letter)
    if known is None:
        return
    booking, guest = known
    journey = _journey(booking, letter)
    if journey is None:
        return
    account, body = guest.account, letter.body
    says, thanks = str(body.get("says", "")), str(body.get("thanks", ""))
    if says not in Journey.Says.values:
        raise ForgedLetterError("says")
    if says != journey.said(account):
        try:
            journey_say(journey=journey, account=account, says=says)
        except JourneyClosedError:
            return
    if thanks != journey.thanks(account)[0]:
        journey_thank(journey=journey, account=account, text=thanks)


def _journey(booking: Booking, letter: Letter) -> Journey | None:
    """The ride that is meant; it may have arrived since the clock last looked."""
    try:
        day = dt.date.fromisoformat(str(letter.body.get("day")))
        at = dt.time.fromisoformat(str(letter.body.get("at")))
    except ValueError as error:
        raise ForgedLetterError("ride") from error
    rows = Journey.objects.filter(booking=booking, day=day, backwards=bool(letter.body.get("back")))
    if not rows.exists():
        booking_close(booking=booking, now=timezone.now())
    held = list(rows.order_by("pk"))
    exact = next((one for one in held if one.time == at), None)
    return exact or (held[0] if len(held) == 1 else None)

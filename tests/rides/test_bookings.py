"""Bookings: asked for, accepted, cancelled; seats never oversold; the states of the standard."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from rides.adverts.inputs import Place, RideKey
from rides.adverts.models import Advert, AdvertException
from rides.adverts.prices import advert_price, price_cents
from rides.adverts.services import advert_delete, advert_pause, advert_restore, ride_change
from rides.bookings import access
from rides.bookings.changes import bookings_expire
from rides.bookings.dates import all_rides, upcoming
from rides.bookings.errors import (
    AdvertUnavailableError,
    BookingError,
    BookingInvalidError,
    FullError,
    StatusAlreadySetError,
)
from rides.bookings.models import Booking, BookingEvent
from rides.bookings.services import (
    booking_accept,
    booking_cancel,
    booking_decline_meeting,
    booking_propose_meeting,
    booking_refuse,
    booking_restore,
)
from rides.matching.geometry import Point
from tenants.models import Tenant
from tests.factories import make_account
from tests.rides.booking_help import agreed, ask, every, ride
from tests.rides.situations import (
    CESSON,
    EVENING,
    FOUGERES,
    MONDAY,
    MORNING,
    RENNES,
    TODAY,
    VITRE,
    make_advert,
    once,
    weekly,
)

pytestmark = pytest.mark.usefixtures("tenant")


def days(booking: Booking) -> list[tuple[date, bool]]:
    booking = Booking.objects.get(pk=booking.pk)
    return [(one.day, one.backwards) for one in upcoming(all_rides(booking), timezone.now())]


def kinds(booking: Booking) -> list[str]:
    return list(BookingEvent.objects.filter(booking=booking).values_list("kind", flat=True))


# --- one day, some days, every week ---------------------------------------------------------------
def test_a_weekly_advert_is_booked_for_one_day_only() -> None:
    """Failure 13 of the incumbent: weekly trips cannot be booked for one day only."""
    booking = ask(make_advert())
    assert days(booking) == [(MONDAY, False)]
    assert booking.status == Booking.Status.WAITING
    assert kinds(booking) == ["asked"]


def test_some_dates_and_the_return() -> None:
    tuesday = MONDAY + timedelta(days=1)
    booking = ask(make_advert(), ride(), ride(back=True), ride(tuesday))
    assert days(booking) == [(MONDAY, False), (MONDAY, True), (tuesday, False)]


def test_every_week_until_the_advert_ends() -> None:
    last = TODAY + timedelta(days=40)
    advert = make_advert(planning=weekly(0, 2, valid_until=last))
    booking = ask(advert, weeks=every(0, back=False))
    found = days(booking)
    assert {day.weekday() for day, _back in found} == {0}
    assert not any(back for _day, back in found)
    assert len(found) in {5, 6}
    assert booking.last_arrival_at is not None
    assert booking.last_arrival_at.date() <= last


def test_every_week_between_two_days() -> None:
    booking = ask(make_advert(), weeks=every(0), first=MONDAY, last=MONDAY + timedelta(days=8))
    assert days(booking) == [
        (MONDAY, False),
        (MONDAY, True),
        (MONDAY + timedelta(days=7), False),
        (MONDAY + timedelta(days=7), True),
    ]


def test_a_one_off_advert_with_its_return() -> None:
    advert = make_advert(planning=once(return_date=MONDAY, return_time=EVENING))
    booking = ask(advert, RideKey(MONDAY, False, advert.time), RideKey(MONDAY, True, EVENING))  # type: ignore[arg-type]
    assert days(booking) == [(MONDAY, False), (MONDAY, True)]


def test_days_off_of_the_advert_are_days_off_of_the_booking() -> None:
    advert = make_advert()
    booking = ask(advert, weeks=every(0, back=False))
    AdvertException.objects.create(advert=advert, day=MONDAY, backwards=False, usual=MORNING)
    assert days(booking)[0] == (MONDAY + timedelta(days=7), False)


def test_a_driver_offers_to_a_passenger() -> None:
    advert = make_advert(role="passenger", seats=2)
    driver = make_account()
    booking = ask(advert, asker=driver)
    assert (booking.driver, booking.passenger) == (driver, advert.author)
    assert booking.seats == 2, "all that the passenger asked for"
    assert booking.awaits() == advert.author_id
    other = ask(advert)
    booking_accept(booking=booking, account=advert.author)
    with pytest.raises(FullError):
        booking_accept(booking=other, account=advert.author)


def test_an_author_is_not_driver_and_passenger_on_one_ride() -> None:
    advert = make_advert(role="either", seats=3)
    offer = ask(advert, drives=True)
    booking_accept(booking=offer, account=advert.author)
    with pytest.raises(FullError):
        ask(advert)
    assert ask(advert, ride(MONDAY + timedelta(days=1))).passenger != advert.author


# --- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"seats": 4}, "seats"),
        ({"message": "x" * 1001}, "message"),
        ({"pickup": Place("00000")}, "pickup"),
        ({"pickup": Place(RENNES, own_point=Point(43.0, 5.0))}, "pickup"),
        ({"dropoff": Place(RENNES)}, "dropoff"),
        ({"weeks": every(0), "first": MONDAY, "last": MONDAY - timedelta(days=1)}, "dates"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(BookingInvalidError) as caught:
        ask(make_advert(), **said)
    assert field in caught.value.fields
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "key",
    [
        RideKey(MONDAY + timedelta(days=5), False, MORNING),
        RideKey(TODAY - timedelta(days=7), False, MORNING),
        RideKey(date(2060, 1, 5), False, MORNING),
    ],
)
def test_a_date_on_which_the_advert_does_not_run(key: RideKey) -> None:
    with pytest.raises(BookingInvalidError) as caught:
        ask(make_advert(), key)
    assert "dates" in caught.value.fields


def test_a_ride_that_has_left(tenant: Tenant) -> None:
    advert = make_advert()
    late = datetime.combine(MONDAY, MORNING, tzinfo=timezone.get_current_timezone())
    with pytest.raises(BookingInvalidError):
        ask(advert, now=late)


def test_adverts_that_are_gone_say_so() -> None:
    for end in (advert_pause, advert_delete):
        advert = make_advert()
        end(advert=advert)
        with pytest.raises(AdvertUnavailableError):
            ask(advert)
    advert = make_advert()
    advert.author.is_active = False
    advert.author.save()
    with pytest.raises(AdvertUnavailableError):
        ask(advert)


def test_nobody_books_their_own_advert() -> None:
    advert = make_advert()
    with pytest.raises(BookingError) as caught:
        ask(advert, asker=advert.author)
    assert caught.value.code == "own_advert"


def test_one_ride_is_booked_once_by_one_person() -> None:
    advert, asker = make_advert(), make_account()
    ask(advert, weeks=every(0), asker=asker)
    with pytest.raises(BookingError) as caught:
        ask(advert, asker=asker)
    assert caught.value.code == "already_booked"
    ask(advert, ride(MONDAY + timedelta(days=1)), asker=asker)


def test_a_replayed_form_is_one_booking() -> None:
    advert, asker, key = make_advert(), make_account(), uuid.uuid4()
    first, second = (ask(advert, asker=asker, key=key) for _ in range(2))
    assert first == second
    stranger = ask(advert, key=key)
    assert stranger.public_id != key


# --- seats ----------------------------------------------------------------------------------------
def test_seats_are_counted_ride_by_ride() -> None:
    """Failure 3 of the incumbent: seats are not checked."""
    advert = make_advert(seats=2)
    ask(advert, weeks=every(0, back=False))
    ask(advert, ride(), ride(back=True))
    with pytest.raises(FullError) as caught:
        ask(advert)
    assert caught.value.code == "full"
    ask(advert, ride(back=True))
    ask(advert, ride(MONDAY + timedelta(days=7)))
    with pytest.raises(FullError):
        ask(advert, ride(MONDAY + timedelta(days=7)))
    ask(advert, ride(MONDAY + timedelta(days=1)), seats=2)


def test_the_full_dates_may_be_left_out() -> None:
    advert = make_advert(seats=1)
    ask(advert)
    booking = ask(advert, weeks=every(0, back=False), skip_full=True)
    assert days(booking)[0] == (MONDAY + timedelta(days=7), False)
    some = ask(make_advert(seats=1, author=advert.author), ride(), ride(back=True), skip_full=True)
    assert len(days(some)) == 2


def test_a_seat_that_is_free_again_goes_to_who_waits_longest() -> None:
    advert = make_advert(seats=1)
    first = ask(advert)
    waiting = [ask(advert, waiting_list=True) for _ in range(3)]
    assert {one.status for one in waiting} == {Booking.Status.WAITING_LIST}
    assert kinds(waiting[0]) == ["listed"]
    booking_refuse(booking=first, account=advert.author, reason="Complet")
    states = [Booking.objects.get(pk=one.pk).status for one in waiting]
    assert states == ["waiting_confirmation", "waiting_list", "waiting_list"]
    assert kinds(waiting[0]) == ["listed", "promoted"]
    accepted = booking_accept(booking=waiting[0], account=advert.author)
    booking_cancel(booking=accepted, account=accepted.passenger)
    assert Booking.objects.get(pk=waiting[1].pk).status == Booking.Status.WAITING


def test_one_cancelled_date_frees_its_seat_only() -> None:
    advert = make_advert(seats=1)
    weekly_one = booking_accept(
        booking=ask(advert, weeks=every(0, back=False)), account=advert.author
    )
    waits = ask(advert, waiting_list=True)
    later = ask(advert, ride(MONDAY + timedelta(days=7)), waiting_list=True)
    booking_cancel(booking=weekly_one, account=weekly_one.passenger, ride=ride())
    assert Booking.objects.get(pk=waits.pk).status == Booking.Status.WAITING
    assert Booking.objects.get(pk=later.pk).status == Booking.Status.WAITING_LIST
    assert (MONDAY, False) not in days(weekly_one)
    assert kinds(weekly_one)[-1] == "cancelled_day"


# --- answers --------------------------------------------------------------------------------------
def test_only_the_author_accepts_and_only_once() -> None:
    advert = make_advert()
    booking = ask(advert)
    for stranger in (booking.passenger, make_account()):
        with pytest.raises(StatusAlreadySetError):
            booking_accept(booking=booking, account=stranger)
    done = booking_accept(booking=booking, account=advert.author)
    assert done.status == Booking.Status.CONFIRMED
    for again in (booking_accept, booking_refuse):
        with pytest.raises(StatusAlreadySetError) as caught:
            again(booking=booking, account=advert.author)
        assert (caught.value.code, caught.value.status) == ("status_already_set", 409)


def test_another_meeting_point_is_proposed_and_agreed() -> None:
    advert = make_advert()
    booking = ask(advert)
    with pytest.raises(BookingInvalidError):
        booking_propose_meeting(booking=booking, account=advert.author, label=" ")
    booking_propose_meeting(booking=booking, account=advert.author, label="Gare  sud")
    booking.refresh_from_db()
    assert (booking.meeting_label, booking.awaits()) == ("Gare sud", booking.passenger_id)
    with pytest.raises(StatusAlreadySetError):
        booking_accept(booking=booking, account=advert.author)
    done = booking_accept(booking=booking, account=booking.passenger)
    assert (done.status, done.meeting) == (Booking.Status.CONFIRMED, Booking.Meeting.AGREED)


def test_another_meeting_point_may_be_declined() -> None:
    advert = make_advert()
    booking = ask(advert)
    booking_propose_meeting(booking=booking, account=advert.author, label="Gare sud")
    done = booking_decline_meeting(booking=booking, account=booking.passenger)
    assert (done.meeting_label, done.awaits()) == ("", advert.author_id)


def test_a_refusal_keeps_its_words() -> None:
    advert = make_advert()
    done = booking_refuse(booking=ask(advert), account=advert.author, reason=" Déjà pris. ")
    assert (done.status, done.ending, done.reason) == ("cancelled", "refused", "Déjà pris.")
    assert done.next_arrival_at is None


def test_who_asked_withdraws_and_an_author_refuses() -> None:
    advert = make_advert()
    booking = ask(advert)
    with pytest.raises(StatusAlreadySetError):
        booking_cancel(booking=booking, account=advert.author)
    assert booking_cancel(booking=booking, account=booking.passenger).ending == "withdrawn"
    with pytest.raises(StatusAlreadySetError):
        booking_cancel(booking=booking, account=booking.passenger)


def test_either_cancels_from_a_day_on() -> None:
    advert = make_advert()
    for driver in (True, False):
        booking = booking_accept(booking=ask(advert, weeks=every(0)), account=advert.author)
        who = booking.driver if driver else booking.passenger
        booking_cancel(booking=booking, account=who, from_day=MONDAY + timedelta(days=7))
        assert days(booking) == [(MONDAY, False), (MONDAY, True)]
        booking.refresh_from_db()
        assert booking.status == Booking.Status.CONFIRMED
        booking_cancel(booking=booking, account=who)
        booking.refresh_from_db()
        assert (booking.status, booking.ending) == ("cancelled", "cancelled")


def test_the_last_date_cancelled_cancels_the_booking() -> None:
    advert = make_advert()
    booking = booking_accept(booking=ask(advert), account=advert.author)
    done = booking_cancel(booking=booking, account=advert.author, ride=ride(), reason="Malade")
    assert (done.status, done.reason) == ("cancelled", "Malade")
    assert done.events.get(kind="cancelled").actor == advert.author


def test_who_cancelled_takes_that_back_for_ten_minutes_if_the_seats_are_there() -> None:
    advert, now = make_advert(seats=1), timezone.now()
    booking = agreed(advert, ride(), ride(back=True), now=now)
    who, soon = booking.passenger, now + timedelta(minutes=9)
    booking_cancel(booking=booking, account=who, reason="Malade", now=now)
    for account, when in ((advert.author, soon), (who, now + timedelta(minutes=10))):
        with pytest.raises(StatusAlreadySetError):
            booking_restore(booking=booking, account=account, now=when)
    back = booking_restore(booking=booking, account=who, now=soon)
    assert (back.status, back.ending, back.reason) == ("confirmed", "", "")
    assert len(all_rides(back)) == 2
    booking_cancel(booking=booking, account=who, now=now)
    other = ask(advert, ride(back=True))
    with pytest.raises(FullError):
        booking_restore(booking=booking, account=who, now=soon)
    booking_cancel(booking=other, account=other.passenger, now=now)
    again = ask(advert, ride(), asker=who)
    with pytest.raises(BookingError) as refused:
        booking_restore(booking=booking, account=who, now=soon)
    assert refused.value.code == "already_booked"
    booking_cancel(booking=again, account=who)
    advert_pause(advert=advert)
    with pytest.raises(AdvertUnavailableError):
        booking_restore(booking=booking, account=who, now=soon)


def test_a_ride_arrives_when_its_whole_way_is_driven() -> None:
    direct = ask(make_advert())
    by_fougeres = ask(make_advert(stops=[Place(FOUGERES)]))
    short, long = all_rides(direct)[0], all_rides(by_fougeres)[0]
    assert long.arrives_at - long.departs_at > short.arrives_at - short.departs_at


def test_a_request_that_nobody_answered_expires() -> None:
    advert = make_advert()
    booking, weekly_one = ask(advert), ask(advert, weeks=every(1))
    after = datetime.combine(
        MONDAY + timedelta(days=1), MORNING, tzinfo=timezone.get_current_timezone()
    )
    assert bookings_expire(now=timezone.now()) == 0
    assert bookings_expire(now=after) == 1
    booking.refresh_from_db()
    assert (booking.status, booking.ending) == ("cancelled", "expired")
    assert Booking.objects.get(pk=weekly_one.pk).status == Booking.Status.WAITING


# --- what becomes of the advert -------------------------------------------------------------------
def test_a_deleted_advert_cancels_and_its_restoration_takes_that_back() -> None:
    advert = make_advert()
    asked, weekly_one = ask(advert), agreed(advert, weeks=every(1))
    advert_delete(advert=advert)
    for booking in (asked, weekly_one):
        booking.refresh_from_db()
        assert (booking.status, booking.ending) == ("cancelled", "advert")
        assert kinds(booking)[-1] == "advert_gone"
    advert_restore(advert=advert)
    for booking, state in ((asked, "waiting_confirmation"), (weekly_one, "confirmed")):
        booking.refresh_from_db()
        assert (booking.status, booking.ending) == (state, "")
        assert kinds(booking)[-1] == "advert_back"
        assert days(booking)


def test_a_paused_advert_keeps_its_bookings() -> None:
    advert = make_advert()
    booking = agreed(advert, weeks=every(1))
    advert_pause(advert=advert)
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED


def test_one_day_cancelled_by_the_author_is_told_to_those_who_booked_it() -> None:
    advert = make_advert()
    weekly_one, other, single = (
        agreed(advert, weeks=every(0)),
        agreed(advert, weeks=every(1)),
        agreed(advert),
    )
    ride_change(advert=advert, ride=RideKey(MONDAY, False, MORNING), at=None)
    assert kinds(weekly_one)[-1] == "cancelled_day"
    assert kinds(other)[-1] == "accepted"
    single.refresh_from_db()
    assert (single.status, single.ending) == ("cancelled", "advert")
    assert (MONDAY, False) not in days(weekly_one)


# --- what each may see ----------------------------------------------------------------------------
def test_only_the_two_see_a_booking() -> None:
    booking = ask(make_advert())
    for person in (booking.driver, booking.passenger):
        assert access.get_booking_for(person, booking.public_id) == booking
    with pytest.raises(Http404):
        access.get_booking_for(make_account(), booking.public_id)


def test_exact_points_show_once_both_have_agreed() -> None:
    own = Point(48.1101, -1.6702)
    advert = make_advert(author=make_account())
    booking = ask(advert, pickup=Place(RENNES, own_point=own), dropoff=Place(VITRE))
    assert access.points_for(booking.passenger, booking)[0] == own
    shown = access.points_for(booking.driver, booking)[0]
    assert shown != own
    assert shown == booking.pickup
    again = ask(make_advert(), pickup=Place(RENNES, own_point=own), dropoff=Place(VITRE))
    assert again.pickup == shown, "always the same point"
    done = booking_accept(booking=booking, account=advert.author)
    assert access.points_for(done.driver, done)[0] == own


def test_the_author_s_own_points_show_by_the_same_rule() -> None:
    own = Point(48.1101, -1.6702)
    advert = make_advert()
    Advert.objects.filter(pk=advert.pk).update(origin_own_lat=own.lat, origin_own_lon=own.lon)
    advert.refresh_from_db()
    booking = ask(advert)
    assert access.points_for(advert.author, booking)[0] == own
    assert access.points_for(booking.passenger, booking)[0] == advert.origin
    done = booking_accept(booking=booking, account=advert.author)
    assert access.points_for(done.passenger, done)[0] == own
    over = booking_cancel(booking=done, account=done.passenger)
    assert access.points_for(over.passenger, over)[0] == advert.origin


def test_the_contribution_is_for_the_part_shared() -> None:
    advert = make_advert()
    whole, part = ask(advert), ask(advert, pickup=Place(CESSON), seats=2)
    assert part.metres < whole.metres
    assert whole.price_cents == advert_price(advert)
    assert part.price_cents == 2 * price_cents(part.metres, advert.cents_per_km)

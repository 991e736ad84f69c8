"""The last seat, asked for by several people at the same moment on real connections."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from rides.adverts.inputs import RideKey
from rides.adverts.models import Advert
from rides.adverts.services import advert_delete
from rides.adverts.settings import RidesSettings
from rides.bookings.errors import AdvertUnavailableError, FullError, StatusAlreadySetError
from rides.bookings.models import Booking
from rides.bookings.services import booking_accept, booking_cancel
from rides.conversations.models import Preferences
from tenants.context import tenant_scope
from tenants.models import Tenant
from tests.communities.test_races import together
from tests.factories import make_account
from tests.rides.booking_help import ask, every, ride
from tests.rides.situations import EVENING, MONDAY, MORNING, make_advert, weekly

ROUNDS = 1_000
PEOPLE = 2
SEATS = 1


@pytest.fixture
def region(committed_regions: Callable[..., Tenant]) -> Iterator[Tenant]:
    tenant = committed_regions("places")
    with tenant_scope(tenant):
        RidesSettings.objects.create(new_contacts_per_day=30_000)
        yield tenant


def rounds(adverts: list[Advert]) -> list[tuple[Advert, RideKey]]:
    """An advert and a ride of its own for each round."""
    found = []
    for number in range(ROUNDS):
        advert = adverts[number % len(adverts)]
        turn = number // len(adverts)
        day: date = MONDAY + timedelta(days=turn // 2)
        found.append((advert, RideKey(day, bool(turn % 2), EVENING if turn % 2 else MORNING)))
    return found


def test_a_thousand_last_seats_are_never_sold_twice(region: Tenant) -> None:
    """One seat, two people who press « Réserver » at once, a thousand times over."""
    adverts = [make_advert(seats=SEATS, planning=weekly(*range(7))) for _ in range(100)]
    people = [make_account() for _ in range(PEOPLE)]
    # Two thousand mails prove nothing here.
    Preferences.objects.bulk_create(
        Preferences(account=advert.author, bookings=False) for advert in adverts
    )
    plan, start = rounds(adverts), threading.Barrier(PEOPLE)
    outcomes: list[list[str]] = [[] for _ in people]

    def run(index: int) -> None:
        with tenant_scope(region):
            try:
                for advert, key in plan:
                    start.wait(30)
                    try:
                        ask(advert, key, asker=people[index])
                    except FullError:
                        outcomes[index].append("full")
                    else:
                        outcomes[index].append("booked")
            finally:
                for connection in connections.all():
                    connection.close()

    began = time.monotonic()
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(run, range(PEOPLE), timeout=200))
    seconds = time.monotonic() - began
    booked = [sum(one == "booked" for one in turn) for turn in zip(*outcomes, strict=True)]
    assert len(booked) == ROUNDS
    assert set(booked) == {SEATS}, "each time the seat is sold, and once"
    assert Booking.objects.count() == ROUNDS * SEATS
    print(f"{ROUNDS} rounds of {PEOPLE} people in {seconds:.1f} s")


def test_a_double_click_is_one_booking(region: Tenant) -> None:
    advert, asker, key = make_advert(), make_account(), uuid.uuid4()
    results = together(region, *[lambda: ask(advert, asker=asker, key=key)] * 6)
    assert {getattr(one, "pk", one) for one in results} == {Booking.objects.get().pk}


def test_two_drivers_accepted_at_once_are_one(region: Tenant) -> None:
    for _ in range(5):
        advert = make_advert(role="passenger", seats=1)
        offers = [ask(advert) for _ in range(3)]
        results = together(
            region,
            *[
                lambda offer=offer: booking_accept(booking=offer, account=offer.passenger)
                for offer in offers
            ],
        )
        assert sum(isinstance(one, FullError) for one in results) == 2, results
        assert Booking.objects.filter(advert=advert, status="confirmed").count() == 1


def test_accepting_and_withdrawing_at_once_is_one_of_both(region: Tenant) -> None:
    for _ in range(5):
        booking = ask(make_advert())
        results = together(
            region,
            lambda b=booking: booking_accept(booking=b, account=b.driver),
            lambda b=booking: booking_cancel(booking=b, account=b.passenger),
            lambda b=booking: booking_accept(booking=b, account=b.driver),
        )
        state = Booking.objects.get(pk=booking.pk)
        assert state.status == "cancelled"
        refused = [one for one in results if isinstance(one, Exception)]
        assert all(isinstance(one, StatusAlreadySetError) for one in refused), results
        assert len(refused) in {1, 2}


def test_a_seat_freed_goes_to_one_of_those_who_wait(region: Tenant) -> None:
    for _ in range(5):
        advert = make_advert(seats=1)
        first = booking_accept(booking=ask(advert, weeks=every(0)), account=advert.author)
        waiting = [ask(advert, waiting_list=True) for _ in range(2)]
        results: list[Any] = together(
            region,
            lambda b=first: booking_cancel(booking=b, account=b.passenger),
            lambda b=first: booking_cancel(booking=b, account=b.driver),
            lambda a=advert: ask(a),
        )
        holding = Booking.objects.filter(advert=advert, status="waiting_confirmation")
        assert holding.count() == 1, results
        assert holding.get() in [*waiting[:1], results[2]]


def test_booking_and_deleting_at_once(region: Tenant) -> None:
    for _ in range(5):
        advert = make_advert()
        deleted, booked = together(
            region, lambda a=advert: advert_delete(advert=a), lambda a=advert: ask(a, ride())
        )
        assert not isinstance(deleted, Exception), deleted
        assert isinstance(booked, Booking | AdvertUnavailableError), booked

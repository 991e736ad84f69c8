"""Every state of a booking and every act, between two regions: the same in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Account
from rides.adverts.models import Advert
from rides.adverts.services import advert_delete, advert_restore
from rides.bookings.changes import bookings_expire
from rides.bookings.models import Booking
from rides.bookings.services import (
    booking_accept,
    booking_cancel,
    booking_decline_meeting,
    booking_propose_meeting,
    booking_refuse,
    booking_restore,
)
from rides.conversations.models import Notice
from rides.conversations.services import account_block
from rides.journeys.models import Journey
from rides.journeys.services import journey_say, journey_thank, journeys_close
from rides.pooling.services import advert_take_back, region_refuse
from rides.relay.endings import region_reconcile
from tenants.context import tenant_scope
from tests.client import StrictClient
from tests.conftest import Twins
from tests.regions.agreement_help import agree
from tests.rides.booking_help import every, ride
from tests.rides.relay_help import accept, asked, carry, here, offered, there
from tests.rides.situations import MONDAY

DAY = timedelta(days=1)
LATER = MONDAY + 7 * DAY


class Both:
    """One booking as both of its people act on it, each in their own region."""

    def __init__(self, pair: Twins, booking: Booking) -> None:
        self.pair, self.booking = pair, booking

    def asker(self, act: Callable[..., Any], **said: Any) -> Both:
        """The member of A does something; it has arrived."""
        mine = here(self.pair, self.booking)
        self._act(self.pair.a, act, mine, mine.asker_id, said)
        return self

    def author(self, act: Callable[..., Any], **said: Any) -> Both:
        """The advert's author, in B."""
        theirs = there(self.pair, self.booking)
        self._act(self.pair.b, act, theirs, theirs.author_id, said)
        return self

    def _act(self, tenant: Any, act: Any, booking: Booking, who: int, said: Any) -> None:
        for one in self.pair:
            with tenant_scope(one):
                Notice.objects.all().delete()
        with tenant_scope(tenant), transaction.atomic():
            act(booking=booking, account=Account.objects.get(pk=who), **said)
        carry(*self.pair)

    def state(self) -> str:
        """The state, which must be the same in both regions."""
        held = {
            (one.status, one.ending, one.meeting, one.meeting_label)
            for one in (here(self.pair, self.booking), there(self.pair, self.booking))
        }
        (one,) = held
        return " ".join(word for word in one if word)

    def mails(self) -> tuple[int, int]:
        """How many mails of the last act go to people of A and of B."""
        found = []
        for tenant in self.pair:
            with tenant_scope(tenant):
                found.append(Notice.objects.filter(kind="booking").count())
        return found[0], found[1]


@pytest.fixture
def one(pair: Twins) -> Iterator[Both]:
    """A ride asked for, on an advert of one seat."""
    _advert, pool_id = offered(pair.b, seats=1)
    yield Both(pair, asked(pair, pool_id, ride(LATER), ride(LATER + DAY)))


def test_who_finds_no_seat_waits_for_one(
    pair: Twins, client_for: Callable[..., StrictClient]
) -> None:
    """Listed by the region that holds the seats, told by mail when one is free; never unasked."""
    _advert, pool_id = offered(pair.b, seats=1)
    first = Both(pair, asked(pair, pool_id, ride(LATER)))
    assert first.state() == "waiting_confirmation"
    form = client_for(pair.a, first.booking.passenger)
    page = form.get(f"/reservations/nouvelle/{first.booking.advert.public_id}/").content.decode()
    assert "S’il n’y a plus de place, me mettre sur la liste d’attente" in page
    refused = asked(pair, pool_id, ride(LATER))
    assert here(pair, refused).ending == Booking.Ending.ELSEWHERE, "did not want to wait"
    waits = Both(pair, asked(pair, pool_id, ride(LATER), waiting_list=True))
    assert waits.state() == "waiting_list"
    client = client_for(pair.a, waits.booking.passenger)
    page = client.get(f"/reservations/{waits.booking.public_id}/").content.decode()
    assert "Toutes les places sont prises pour l’instant" in page
    assert "En attente de confirmation" not in page
    first.asker(booking_cancel)
    assert (first.state(), waits.state()) == ("cancelled withdrawn", "waiting_confirmation")
    with tenant_scope(pair.a):
        told = Notice.objects.filter(account=waits.booking.passenger, kind="booking")
        assert told.count() == 1, "a seat is free"
    waits.author(booking_accept)
    assert waits.state() == "confirmed"
    second = Both(pair, asked(pair, pool_id, ride(LATER), waiting_list=True))
    assert second.author(booking_refuse).state() == "cancelled refused", "from the list too"
    third = Both(pair, asked(pair, pool_id, ride(LATER), waiting_list=True))
    assert third.asker(booking_cancel).state() == "cancelled withdrawn"


def test_each_answer_and_cancellation_is_the_same_in_both(one: Both) -> None:
    """One booking through nearly all that may happen; the other is told each time, once."""
    story: list[tuple[Callable[..., Both], Any, dict[str, Any], str, tuple[int, int]]] = [
        (one.asker, booking_cancel, {}, "cancelled withdrawn", (0, 1)),
        (one.asker, booking_restore, {}, "waiting_confirmation", (0, 1)),
        (one.author, booking_propose_meeting, {"label": "Gare"}, f"{_W} proposed Gare", (1, 0)),
        (one.asker, booking_decline_meeting, {}, _W, (0, 1)),
        (one.author, booking_propose_meeting, {"label": "Port"}, f"{_W} proposed Port", (1, 0)),
        (one.asker, booking_accept, {}, "confirmed agreed Port", (0, 1)),
        (
            one.author,
            booking_cancel,
            {"reason": "Malade"},
            "cancelled cancelled agreed Port",
            (1, 0),
        ),
        (one.author, booking_restore, {}, "confirmed agreed Port", (1, 0)),
        (one.author, booking_cancel, {"ride": ride(LATER)}, "confirmed agreed Port", (1, 0)),
        (one.asker, booking_cancel, {}, "cancelled cancelled agreed Port", (0, 1)),
        (one.asker, booking_restore, {}, "confirmed agreed Port", (0, 1)),
        (one.author, _delete, {}, "cancelled advert agreed Port", (1, 0)),
        (one.author, _restore, {}, "confirmed agreed Port", (1, 0)),
    ]
    for who, act, said, state, mails in story:
        assert who(act, **said).state() == state, act
        assert one.mails() == mails, (act, said)


_W = "waiting_confirmation"


def _delete(*, booking: Booking, account: Account) -> None:
    assert account.pk == booking.author_id
    advert_delete(advert=Advert.objects.get(pk=booking.advert_id))


def _restore(*, booking: Booking, account: Account) -> None:
    assert account.pk == booking.author_id
    advert_restore(advert=Advert.objects.get(pk=booking.advert_id))


def test_every_week_until_a_day_and_a_request_that_nobody_answers(pair: Twins) -> None:
    _advert, pool_id = offered(pair.b)
    weekly = Both(pair, asked(pair, pool_id, weeks=every(0, 1), last=LATER + 30 * DAY))
    accept(pair, weekly.booking)
    weekly.asker(booking_cancel, from_day=LATER)
    assert weekly.state() == "confirmed" and weekly.mails() == (0, 1)
    for tenant in pair:
        with tenant_scope(tenant):
            held = Booking.objects.get()
            assert {row.last for row in held.weeks.all()} == {LATER - DAY}
    late = Both(pair, asked(pair, pool_id, ride(LATER)))
    with tenant_scope(pair.b):
        Notice.objects.all().delete()
        assert bookings_expire(now=timezone.now() + 30 * DAY) == 1
    carry(*pair)
    assert late.state() == "cancelled expired"
    with tenant_scope(pair.a):
        assert bookings_expire(now=timezone.now() + 30 * DAY) == 0, "told already"


def test_what_both_say_of_a_ride_is_known_in_both(pair: Twins) -> None:
    """Done, not done, nobody came, thanks: one word counts in both regions' journeys."""
    _advert, pool_id = offered(pair.b)
    booking = asked(pair, pool_id, ride(LATER), ride(LATER, back=True))
    accept(pair, booking)
    later = timezone.now() + 15 * DAY
    for tenant in pair:
        with tenant_scope(tenant):
            journeys_close(now=later)
            # As if they had arrived an hour ago: what is said too late is not noted.
            Journey.objects.update(arrives_at=timezone.now() - timedelta(hours=1))
    assert Both(pair, booking).state() == "completed_pending_validation"
    with tenant_scope(pair.a):
        there_and_back = list(Journey.objects.order_by("backwards"))
        nolwenn = there_and_back[0].passenger
        assert nolwenn is not None
        journey_say(journey=there_and_back[0], account=nolwenn, says="done")
        journey_thank(journey=there_and_back[0], account=nolwenn, text="Merci Ludivine !")
        journey_say(journey=there_and_back[1], account=nolwenn, says="no_show")
    carry(*pair)
    with tenant_scope(pair.b):
        out, back = Journey.objects.order_by("backwards").select_related("driver")
        assert (out.passenger_says, out.passenger_thanks) == ("done", "Merci Ludivine !")
        assert (back.passenger_says, back.status) == ("no_show", "cancelled")
        assert out.driver is not None
        journey_say(journey=out, account=out.driver, says="done")
    carry(*pair)
    assert Both(pair, booking).state() == "validated"
    for tenant in pair:
        with tenant_scope(tenant):
            states = list(Journey.objects.order_by("backwards").values_list("status", flat=True))
            assert states == ["validated", "cancelled"]


def test_blocking_ends_what_awaits_an_answer(one: Both) -> None:
    def block(*, booking: Booking, account: Account) -> None:
        account_block(blocker=account, blocked=booking.other(account))

    assert one.author(block).state() == "cancelled refused"
    assert one.mails() == (1, 0)
    again = Both(one.pair, asked(one.pair, one.booking.advert.public_id, ride(LATER)))
    assert again.asker(block).state() == "cancelled withdrawn"
    assert again.mails() == (0, 1)


@pytest.mark.parametrize("how", ["taken back", "kept from that region", "outside"])
def test_an_advert_taken_back_from_partners_ends_their_requests(
    pair: Twins, how: str, client_for: Callable[..., StrictClient]
) -> None:
    """What was agreed stands: the two count on each other."""
    advert, pool_id = offered(pair.b)
    agreed, waits = asked(pair, pool_id, ride(LATER)), asked(pair, pool_id, ride(LATER))
    accept(pair, agreed)
    if how == "outside":  # a second agreement is stricter
        agree(*pair, departments=["62"])
    with tenant_scope(pair.b), transaction.atomic():
        if how == "taken back":
            advert_take_back(advert=advert)
        elif how == "kept from that region":
            region_refuse(account=advert.author, region=pair.a.pk)
        region_reconcile()
    carry(*pair)
    assert Both(pair, waits).state() == "cancelled refused"
    assert Both(pair, agreed).state() == "confirmed"
    page = client_for(pair.a, waits.passenger).get(f"/reservations/{waits.public_id}/")
    assert "Cette annonce n’est plus proposée aux autres régions" in page.content.decode()
    with tenant_scope(pair.a):
        assert Notice.objects.filter(account=waits.passenger, kind="booking").exists()

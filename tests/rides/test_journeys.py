"""Journeys: made once a ride has arrived, settled by what both say, counted once each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts import inventory
from rides.adverts.inputs import RideKey
from rides.adverts.services import ride_change
from rides.adverts.settings import RidesSettings, rides_settings
from rides.bookings.dates import all_rides
from rides.bookings.models import Booking
from rides.bookings.services import booking_cancel
from rides.journeys.calendar import Entry, calendar_text, feed_of, feed_token, folded
from rides.journeys.errors import JourneyClosedError
from rides.journeys.models import Journey
from rides.journeys.queries import trips_of
from rides.journeys.recap import recap_of, recap_token, recaps_send, to_confirm
from rides.journeys.services import (
    calendar_open,
    calendar_revoke,
    journey_say,
    journeys_close,
    journeys_validate,
)
from rides.journeys.totals import totals_of
from tenants.models import Tenant
from tests.client import StrictClient
from tests.factories import make_account
from tests.rides.booking_help import agreed, ask, every, ride
from tests.rides.situations import MONDAY, MORNING, make_advert, once

pytestmark = pytest.mark.usefixtures("tenant")
ClientFor = Callable[..., StrictClient]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


def days(number: int) -> date:
    return MONDAY + timedelta(days=number)


def two_said(journey: Journey, driver: str, passenger: str, now: datetime) -> Journey:
    assert journey.driver is not None
    assert journey.passenger is not None
    journey_say(journey=journey, account=journey.driver, says=driver, now=now)
    return journey_say(journey=journey, account=journey.passenger, says=passenger, now=now)


# --- from bookings to journeys --------------------------------------------------------------------
def test_a_ride_becomes_a_journey_once_it_has_arrived_and_once_only() -> None:
    booking = agreed(make_advert(), ride(), ride(back=True))
    assert journeys_close(now=at(MONDAY, 7, 45)) == 0, "it is on its way"
    journeys_close(now=at(MONDAY, 12))
    journeys_close(now=at(MONDAY, 12))
    (journey,) = Journey.objects.all()
    assert (journey.backwards, journey.origin_label) == (False, booking.pickup_label)
    assert Booking.objects.get().status == "confirmed"
    journeys_close(now=at(MONDAY, 22))
    assert [one.origin_label for one in Journey.objects.order_by("departs_at")] == [
        booking.pickup_label,
        booking.dropoff_label,
    ]
    assert Booking.objects.get().status == "completed_pending_validation"
    for one in Journey.objects.all():
        two_said(one, "done", "done", at(MONDAY, 23))
    assert Booking.objects.get().status == "validated"


def test_every_week_counts_every_day() -> None:
    """Failure 8 of the incumbent: CO₂ counts accepted requests, and a year-long one once."""
    RidesSettings.objects.create(co2_grams_per_km=200)
    booking = agreed(make_advert(), weeks=every(0), seats=2)
    rules = rides_settings()
    assert totals_of(booking.driver, rules).co2_grams == 0, "accepted is not done"
    journeys_close(now=at(days(7), 23))
    assert Journey.objects.count() == 4
    assert totals_of(booking.driver, rules).journeys == 0, "arrived is not confirmed"
    first, second, third, fourth = Journey.objects.order_by("departs_at")
    now = at(days(7), 12)
    for one in (second, third):
        two_said(one, "done", "done", now)
    two_said(fourth, "done", "no_show", now)
    for account in (booking.driver, booking.passenger):
        found = totals_of(account, rules)
        assert found.journeys == 2
        assert found.metres == 2 * booking.metres
        assert found.co2_grams == round(2 * booking.metres * 2 * 200 / 1000)
    assert totals_of(booking.driver, rules).received_cents == 2 * booking.price_cents
    assert totals_of(booking.passenger, rules).given_cents == 2 * booking.price_cents
    assert first.status == Journey.Status.PENDING


def test_what_was_not_agreed_or_was_cancelled_is_no_journey() -> None:
    advert = make_advert(seats=8)
    ask(advert)
    one_off_day = agreed(advert, weeks=every(0, back=False))
    booking_cancel(booking=one_off_day, account=one_off_day.passenger, ride=ride())
    by_author = agreed(advert, ride(days(1)))
    ride_change(advert=advert, ride=RideKey(days(1), False, MORNING), at=None)
    journeys_close(now=at(days(2), 12))
    assert not Journey.objects.exists()
    assert Booking.objects.get(pk=by_author.pk).status == "cancelled"


def test_a_booking_cancelled_half_way_keeps_what_took_place() -> None:
    booking = agreed(make_advert(), weeks=every(0))
    journeys_close(now=at(MONDAY, 12))
    booking_cancel(booking=booking, account=booking.driver, now=at(MONDAY, 17, 45))
    journeys_close(now=at(days(14), 12))
    assert [(one.day, one.backwards) for one in Journey.objects.order_by("departs_at")] == [
        (MONDAY, False),
        (MONDAY, True),
    ], "the return had left when the rest was cancelled"
    assert Booking.objects.get().status == "cancelled"


# --- what both say --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("driver", "passenger", "status"),
    [
        ("done", "done", "validated"),
        ("done", "not_done", "cancelled"),
        ("no_show", "done", "cancelled"),
        ("not_done", "not_done", "cancelled"),
    ],
)
def test_both_say_how_it_went(driver: str, passenger: str, status: str) -> None:
    agreed(make_advert())
    journeys_close(now=at(MONDAY, 12))
    journey = two_said(Journey.objects.get(), driver, passenger, at(MONDAY, 13))
    assert journey.status == status
    assert Booking.objects.get().status == "validated", "nothing is left to settle"
    two_said(journey, "done", "done", at(MONDAY, 14))
    assert Journey.objects.get().status == "validated", "one may change one's mind"


def test_silence_for_seven_days_is_a_yes_and_an_objection_is_not() -> None:
    advert = make_advert()
    agreed(advert)
    agreed(advert)
    journeys_close(now=at(MONDAY, 12))
    silent, objected = Journey.objects.order_by("pk")
    assert objected.passenger is not None
    journey_say(journey=objected, account=objected.passenger, says="not_done", now=at(MONDAY, 13))
    assert journeys_validate(now=at(days(6), 12)) == 0
    assert journeys_validate(now=at(days(8), 12)) == 1
    silent.refresh_from_db()
    objected.refresh_from_db()
    assert (silent.status, objected.status) == ("validated", "cancelled")
    with pytest.raises(JourneyClosedError):
        journey_say(journey=objected, account=objected.passenger, says="done", now=at(days(8), 12))


def test_when_one_leaves_the_other_keeps_their_totals() -> None:
    booking = agreed(make_advert())
    journeys_close(now=at(MONDAY, 12))
    two_said(Journey.objects.get(), "done", "done", at(MONDAY, 13))
    assert inventory.export(booking.driver)["journeys"]["journeys"][0]["status"] == "validated"
    booking.passenger.delete()
    journey = Journey.objects.get()
    assert (journey.passenger, journey.booking) == (None, None)
    assert totals_of(booking.driver, rides_settings()).journeys == 1


# --- the weekly recap -----------------------------------------------------------------------------
def test_the_recap_lists_what_is_to_confirm_and_its_link_confirms(
    client: StrictClient, tenant: Tenant, django_capture_on_commit_callbacks: Any
) -> None:
    booking = agreed(make_advert(), ride(), ride(back=True))
    rides = [
        Journey(
            booking=booking, driver=booking.driver, passenger=booking.passenger,
            day=MONDAY, backwards=back, time=MORNING, seats=1, metres=40_000, price_cents=240,
            departs_at=timezone.now() - timedelta(hours=20 - back),
            arrives_at=timezone.now() - timedelta(hours=19 - back),
            origin_label="Rennes", destination_label="Vitré",
        )
        for back in (False, True)
    ]  # fmt: skip
    Journey.objects.bulk_create(rides)
    with django_capture_on_commit_callbacks(execute=True):
        assert recaps_send() == 2
    sent = {one.to[0]: one for one in mail.outbox}
    body = str(sent[booking.passenger.email].body)
    assert body.count("Rennes → Vitré") == 2
    path = re.search(r"/mes-trajets/recap/\S+", body)
    assert path is not None
    page = client.get(path.group()).content.decode()
    assert "Oui, ils ont tous eu lieu" in page
    assert not Journey.objects.exclude(passenger_says="").exists(), "looking changes nothing"
    client.post(path.group())
    assert set(Journey.objects.values_list("passenger_says", "driver_says")) == {("done", "")}
    assert to_confirm(booking.passenger, timezone.now()) == []
    assert client.get(path.group()[:-2] + "x/").status_code == 404


def test_a_recap_s_link_is_for_one_person() -> None:
    agreed(make_advert())
    journeys_close(now=at(MONDAY, 12))
    stranger, (journey,) = make_account(), Journey.objects.all()
    found = recap_of(recap_token(stranger, [journey]))
    assert found == (stranger, [])


# --- pages ----------------------------------------------------------------------------------------
def test_my_trips_by_the_words(client_for: ClientFor, tenant: Tenant) -> None:
    advert = make_advert(author=make_account(first_name="Pierre", last_name="Lemoine"))
    nina = make_account(first_name="Nina", last_name="Roux")
    hers, his = client_for(tenant, nina), client_for(tenant, advert.author)
    assert "Pas encore de trajet" in hers.get("/mes-trajets/").content.decode()
    agreed(advert, weeks=every(0), asker=nina)
    ask(advert, ride(days(1)), asker=nina)
    page = hers.get("/mes-trajets/").content.decode()
    for words in ("Prochains trajets", "Avec Pierre L., qui conduit", "Demandes en cours"):
        assert words in page
    page = his.get("/mes-trajets/").content.decode()
    assert "Vous conduisez Nina R." in page
    assert "À vous de répondre" in page
    assert "1 demande attend votre réponse" in his.get("/").content.decode()
    journeys_close(now=timezone.now())
    booking = Booking.objects.get(status="confirmed")
    journey = Journey.objects.create(
        booking=booking, driver=booking.driver, passenger=nina, day=MONDAY - timedelta(days=7),
        backwards=False, time=MORNING, departs_at=timezone.now() - timedelta(hours=9),
        arrives_at=timezone.now() - timedelta(hours=8), seats=1, metres=45_000,
        price_cents=260, origin_label="Rennes", destination_label="Vitré",
    )  # fmt: skip
    assert "Ces trajets ont-ils eu lieu" in hers.get("/mes-trajets/").content.decode()
    address = f"/mes-trajets/{journey.public_id}/"
    for browser in (hers, his):
        browser.post(f"{address}dire/", {"says": "done", "from": "list"})
    hers.post(f"{address}merci/", {"text": "Merci <b>Pierre</b> !"})
    assert "Merci &lt;b&gt;Pierre&lt;/b&gt; !" in his.get(address).content.decode()
    page = hers.get("/mes-trajets/").content.decode()
    assert "45\u00a0km" in page
    assert "8,8\u00a0kg" in page, "45 km × 195 g"
    assert "2,60\u00a0€" in page


def test_my_trips_ask_the_same_number_of_questions(client_for: ClientFor, tenant: Tenant) -> None:
    nina = make_account()
    hers = client_for(tenant, nina)

    def count() -> int:
        hers.get("/mes-trajets/")
        with CaptureQueriesContext(connection) as queries:
            hers.get("/mes-trajets/")
        return len(queries)

    agreed(make_advert(), weeks=every(0), asker=nina)
    one = count()
    for day in range(1, 4):
        agreed(make_advert(), weeks=every(day), asker=nina)
    assert count() == one


# --- the calendar ---------------------------------------------------------------------------------
def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_calendar_is_read_by_its_secret_address_until_revoked(
    client: StrictClient, client_for: ClientFor, tenant: Tenant
) -> None:
    nina = make_account()
    booking = agreed(make_advert(), ride(), ride(back=True), asker=nina)
    ask(make_advert(), ride(days(1)), asker=nina)
    hers = client_for(tenant, nina)
    hers.post("/compte/calendrier/")
    address = re.search(
        r"/compte/calendrier/\w+\.ics", hers.get("/compte/calendrier/").content.decode()
    )
    assert address is not None
    answer = client.get(address.group())
    assert answer["Content-Type"].startswith("text/calendar")
    lines = unfolded(answer.content.decode())
    assert lines.count("BEGIN:VEVENT") == 3
    assert f"DTSTART;TZID=Europe/Paris:{MONDAY:%Y%m%d}T074000" in lines
    assert lines.count("STATUS:CONFIRMED") == 2
    assert lines.count("STATUS:TENTATIVE") == 1
    uids = [line for line in lines if line.startswith("UID:")]
    booking_cancel(booking=booking, account=nina, ride=ride())
    lines = unfolded(client.get(address.group()).content.decode())
    assert [line for line in lines if line.startswith("UID:")] == uids
    assert lines.count("STATUS:CANCELLED") == 1
    booking_cancel(booking=booking, account=nina)
    lines = unfolded(client.get(address.group()).content.decode())
    assert [line for line in lines if line.startswith("UID:")] == uids
    assert lines.count("STATUS:CANCELLED") == 2
    assert client.get(address.group().replace(".ics", "0.ics")).status_code == 404
    hers.post("/compte/calendrier/revoquer/")
    assert client.get(address.group()).status_code == 404
    hers.post("/compte/calendrier/")
    assert client.get(address.group()).status_code == 404, "a new address is another"


def test_the_table_alone_opens_no_calendar() -> None:
    nina = make_account()
    feed = calendar_open(account=nina)
    token = feed_token(feed)
    assert feed_of(token) == feed
    assert str(feed.nonce).replace("-", "") not in token
    for forged in (feed.public_id.hex, f"{feed.public_id.hex}{feed.nonce.hex}", "x" * 72):
        assert feed_of(forged) is None
    calendar_revoke(account=nina)
    assert feed_of(token) is None


@pytest.mark.parametrize(
    ("zone", "observances", "offset"),
    [
        ("Europe/Paris", 3, "+0100"),
        ("Indian/Reunion", 1, "+0400"),
        ("America/Guadeloupe", 1, "-0400"),
    ],
)
def test_the_file_is_what_calendars_expect(zone: str, observances: int, offset: str) -> None:
    here = ZoneInfo(zone)
    rides = [datetime(2026, month, 5, 7, 40, tzinfo=here).astimezone(UTC) for month in (2, 5)]
    entry = [
        Entry(
            uid=f"{number}@example.org", departs_at=leaves, arrives_at=leaves + timedelta(hours=1),
            zone=zone, title="Rennes, Gare; sud → Vitré " + "é" * 60, place="a\nb", words="\\",
            url="http://example.org/", cancelled=False, tentative=False, stamp=leaves,
        )
        for number, leaves in enumerate(rides)
    ]  # fmt: skip
    text = calendar_text(entry, name="Mes trajets")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = unfolded(text)
    assert "SUMMARY:Rennes\\, Gare\\; sud → Vitré " + "é" * 60 in lines
    assert "LOCATION:a\\nb" in lines
    assert "DESCRIPTION:\\\\" in lines
    assert [line for line in lines if line.startswith("DTSTART;")] == [
        f"DTSTART;TZID={zone}:20260205T074000",
        f"DTSTART;TZID={zone}:20260505T074000",
    ]
    starts = [line for line in lines if line in {"BEGIN:STANDARD", "BEGIN:DAYLIGHT"}]
    assert len(starts) == observances
    assert f"TZOFFSETTO:{offset}" in lines
    if zone == "Europe/Paris":
        assert "DTSTART:20260329T020000" in lines
        assert "DTSTART:20251026T030000" in lines


def test_folding_never_cuts_a_letter() -> None:
    line = "SUMMARY:" + "→é€" * 50
    parts = list(folded(line))
    assert "".join(part.removeprefix(" ") for part in parts) == line
    assert all(len(part.encode()) <= 75 for part in parts)


def test_trips_of_a_one_off_and_of_two_passengers() -> None:
    advert = make_advert(planning=once(), seats=3)
    key = next(iter(all_rides(agreed(advert, *[type(ride())(MONDAY, False, advert.time)])))).key  # type: ignore[arg-type]
    agreed(advert, key)
    (trip,) = trips_of(advert.author, MONDAY, MONDAY)
    assert (trip.drives, len(trip.names)) == (True, 2)


def test_the_api_says_how_it_went(client_for: ClientFor, tenant: Tenant) -> None:
    booking = agreed(make_advert())
    journeys_close(now=at(MONDAY, 12))
    hers, his = client_for(tenant, booking.passenger), client_for(tenant, booking.driver)
    (journey,) = hers.get("/api/v1/journeys/").json()["results"]
    assert (journey["role"], journey["said"]) == ("passenger", "")
    assert journey["status"] == "completed_pending_validation"
    address = f"/api/v1/journeys/{journey['id']}/"
    answer = {"said": "done", "thanks": "Merci pour la route"}
    done = hers.patch(address, answer, content_type="application/json").json()
    assert (done["said"], done["thanks"]) == ("done", "Merci pour la route")
    assert his.get(address).json()["their_thanks"] == "Merci pour la route"
    last = his.patch(address, {"said": "done"}, content_type="application/json").json()
    assert last["status"] == "validated"
    Journey.objects.update(arrives_at=timezone.now() - timedelta(days=8))
    closed = his.patch(address, {"said": "no_show"}, content_type="application/json")
    assert (closed.status_code, closed.json()["code"]) == (409, "journey_closed")

"""What a search finds and does not, one rule at a time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regions.territories.queries import municipality_get
from rides.adverts.indexing import advert_reindex
from rides.adverts.inputs import RideKey, Slot, Weekly
from rides.adverts.models import Advert, RidesSettings
from rides.adverts.services import advert_delete, advert_pause, ride_change
from rides.bookings.models import BookedRide
from rides.matching.geometry import Point
from rides.search.candidates import statement
from rides.search.errors import SearchError
from rides.search.inputs import SearchQuery
from rides.search.queries import SearchResults, search_adverts, wish_of
from rides.search.rules import Filters, likely_day, search_query
from tenants.context import current_tenant
from tests.factories import make_account, make_community
from tests.rides.booking_help import agreed, ask, every, ride
from tests.rides.plans import plan_of
from tests.rides.situations import (
    BREST,
    CESSON,
    EVENING,
    FOUGERES,
    MONDAY,
    MORNING,
    NANTES,
    RENNES,
    SAINT_MALO,
    TODAY,
    VITRE,
    make_advert,
    once,
    weekly,
)

pytestmark = pytest.mark.usefixtures("tenant")


def find(origin: str = RENNES, destination: str = VITRE, **asked: Any) -> SearchResults:
    """A search between municipalities; next Monday unless said otherwise."""
    now = asked.pop("now", None)
    if not asked.get("regular"):
        asked.setdefault("day", MONDAY)
    return search_adverts(query_of(origin, destination, **asked), now=now)


def query_of(origin: str = RENNES, destination: str = VITRE, **asked: Any) -> SearchQuery:
    """A question between municipalities."""
    start, end = municipality_get(origin), municipality_get(destination)
    assert start is not None
    assert end is not None
    return search_query(origin=start, destination=end, **asked)


def ids(found: SearchResults) -> set[object]:
    return {ride.advert.public_id for ride in found.rides}


def test_a_passenger_finds_a_driver_on_a_day_they_drive() -> None:
    advert = make_advert()
    (ride,) = find().rides
    assert (ride.advert, ride.backwards, ride.match.at) == (advert, False, MORNING)
    assert ride.passage.walk_before == pytest.approx(0, abs=0.1)
    assert not find(day=MONDAY + timedelta(days=5)).rides  # a Saturday


def test_the_return_is_a_ride_of_its_own() -> None:
    make_advert()
    (ride,) = find(VITRE, RENNES).rides
    assert (ride.backwards, ride.match.at) == (True, EVENING)
    Advert.objects.all().delete()
    make_advert(planning=weekly(back=None))
    assert not find(VITRE, RENNES).rides


def test_a_one_off_ride_is_found_on_its_day_only() -> None:
    """Failure 5 of the incumbent: later dates came too."""
    make_advert(planning=once(return_date=MONDAY + timedelta(days=2), return_time=EVENING))
    assert find().total == 1
    assert find(day=MONDAY + timedelta(days=1)).total == 0
    assert find(VITRE, RENNES, day=MONDAY + timedelta(days=2)).total == 1
    assert find(VITRE, RENNES).total == 0


def test_validity_bounds_a_regular_ride() -> None:
    make_advert(planning=weekly(valid_from=MONDAY, valid_until=MONDAY + timedelta(days=4)))
    assert find(day=MONDAY + timedelta(days=4)).total == 1
    assert find(day=MONDAY + timedelta(days=7)).total == 0


def test_the_role_decides() -> None:
    make_advert(role="passenger")
    either = make_advert(role="either")
    assert ids(find()) == {either.public_id}


def test_seats_count() -> None:
    """Failure 3 of the incumbent: seats were not looked at."""
    make_advert(seats=2)
    assert find(seats=2).total == 1
    assert find(seats=3).total == 0


def test_paused_deleted_and_suspended_are_never_found() -> None:
    author = make_account()
    advert_pause(advert=make_advert())
    advert_delete(advert=make_advert())
    make_advert(author=author)
    author.is_active = False
    author.save()
    assert find().total == 0


def test_a_ride_is_found_along_its_way() -> None:
    """Cesson-Sévigné lies beside the road from Rennes to Vitré."""
    make_advert()
    found = find(CESSON, VITRE)
    assert found.total == 1
    passage = found.rides[0].passage
    assert 0 < passage.away_before < 2_000
    assert passage.pick_up > 3_000
    assert find(VITRE, CESSON).rides[0].backwards
    assert find(CESSON, RENNES).rides[0].backwards


def test_a_short_commute_is_found_two_kilometres_around() -> None:
    """Failure 2 of the incumbent: a 10 km commuter was found within 520 m east-west only."""
    make_advert(RENNES, CESSON)
    (ride,) = find(RENNES, CESSON).rides
    assert ride.passage.reach < 1


def test_a_regular_search_wants_weekdays() -> None:
    advert = make_advert(planning=weekly(0, 1))
    make_advert(planning=once())
    found = find(regular=True, weekdays=[1, 5])
    assert ids(found) == {advert.public_id}
    assert found.rides[0].match.weekdays == {1}
    assert found.day is None
    assert find(regular=True, weekdays=[5, 6]).total == 0
    assert find(regular=True).total == 1  # any day


def test_a_regular_search_forgets_what_has_ended() -> None:
    make_advert(planning=weekly(valid_until=MONDAY))
    later = datetime.combine(MONDAY + timedelta(days=1), time(12), UTC)
    assert find(regular=True).total == 1
    assert find(regular=True, now=later).total == 0


def test_a_time_keeps_what_is_near_it_and_ranks_it() -> None:
    near = make_advert(planning=weekly(at=time(7, 50)))
    far = make_advert(planning=weekly(at=time(8, 30)))
    make_advert(planning=weekly(at=time(10, 0)))
    found = find(at=time(7, 45), margin_minutes=60)
    assert [ride.advert for ride in found.rides] == [near, far]
    assert [ride.match.difference for ride in found.rides] == [5 * 60, 45 * 60]
    assert find(at=time(7, 45), margin_minutes=15).total == 1


def test_a_window_goes_past_midnight_into_the_next_day() -> None:
    """Failure 4 of the incumbent: windows ended at midnight."""
    advert = make_advert(planning=weekly(0, at=time(23, 50), back=None))
    tuesday = MONDAY + timedelta(days=1)
    found = find(day=tuesday, at=time(0, 10), margin_minutes=30)
    assert ids(found) == {advert.public_id}
    assert found.rides[0].match.day == MONDAY
    assert find(day=tuesday, at=time(0, 30), margin_minutes=30).total == 0
    assert find(regular=True, weekdays=[1], at=time(0, 10), margin_minutes=30).total == 1


def test_sunday_night_meets_monday_morning() -> None:
    make_advert(planning=weekly(6, at=time(23, 50), back=None))
    assert find(regular=True, weekdays=[0], at=time(0, 5), margin_minutes=15).total == 1
    assert find(regular=True, weekdays=[6], at=time(0, 5), margin_minutes=15).total == 0


def test_a_time_far_along_the_road_is_the_time_there() -> None:
    """Who leaves Brest at 6:00 passes Rennes more than two hours later."""
    make_advert(BREST, VITRE, planning=weekly(at=time(6, 0), back=None))
    assert find(RENNES, VITRE, at=time(6, 0), margin_minutes=60).total == 0
    assert find(RENNES, VITRE, at=time(8, 45), margin_minutes=60).total == 1


def test_nothing_near_widens_and_says_so() -> None:
    make_advert()
    found = find(RENNES, FOUGERES)
    assert found.total == 0
    make_advert(SAINT_MALO, NANTES)
    wide = find("35047", NANTES)  # Bruz, south of Rennes, some kilometres off that road
    assert wide.total == 1
    assert wide.widened
    assert wide.radius in {5_000, 10_000, 20_000}
    assert wide.rides[0].passage.reach > 2_000
    exact = make_advert("35047", NANTES)
    near = find("35047", NANTES)
    assert ids(near) == {exact.public_id}
    assert (near.widened, near.radius) == (False, 2_000)


def test_what_has_left_today_is_past() -> None:
    monday = datetime.combine(MONDAY, time(0), UTC)
    advert = make_advert(planning=weekly(0, 1))
    at_six, at_noon = monday + timedelta(hours=5), monday + timedelta(hours=11)
    assert find(now=at_six).day == MONDAY
    found = find(now=at_noon)
    assert ids(found) == {advert.public_id}
    assert (found.day, found.moved) == (MONDAY + timedelta(days=1), True)
    advert.schedules.filter(weekday=1).delete()
    advert_reindex(advert)
    nothing = find(now=at_noon)
    assert (nothing.total, nothing.moved, nothing.day) == (0, False, MONDAY)


def test_only_today_moves_to_tomorrow() -> None:
    make_advert(planning=weekly(1))
    assert find().total == 0


def test_equal_rides_are_ordered_by_their_id_and_pages_never_overlap() -> None:
    """Outward rides and returns alike."""
    adverts = [make_advert() for _ in range(4)] + [make_advert(VITRE, RENNES) for _ in range(4)]
    rides = find().rides
    assert {ride.match.cost for ride in rides} == {0}
    assert {ride.backwards for ride in rides} == {False, True}
    everything = [ride.advert.public_id for ride in rides]
    assert everything == sorted(advert.public_id for advert in adverts)
    first, second = find(count=5), find(first=5, count=5)
    assert first.more
    assert not second.more
    assert first.total == second.total == 8
    pages = [*first.rides, *second.rides]
    assert [ride.advert.public_id for ride in pages] == everything


def test_a_search_writes_nothing_and_asks_two_statements_whatever_it_finds() -> None:
    """Failure 1 of the incumbent: a search wrote rows and took minutes."""
    make_advert()
    with CaptureQueriesContext(connection) as few:
        assert find().total == 1
    for _ in range(30):
        make_advert(planning=Weekly([Slot(day, MORNING, EVENING) for day in range(7)]))
    with CaptureQueriesContext(connection) as many:
        assert find(count=20).total == 31
    assert len(few) == len(many)
    statements = [query["sql"] for query in many.captured_queries]
    assert not [sql for sql in statements if re.search(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", sql)]
    # The candidates; and the adverts shown, with their days and communities.
    assert len([sql for sql in statements if "adverts_" in sql]) == 2


def test_a_search_runs_where_nothing_may_be_written() -> None:
    make_advert()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        assert find().total == 1
        assert find(RENNES, FOUGERES).total == 0
        with pytest.raises(InternalError, match="read-only"):
            make_account()
        transaction.set_rollback(True)


def test_the_index_of_keys_answers_and_is_planned_once(tenant: object) -> None:
    """Comparing the keys of every row costs a hundred times more, and planning more than asking."""
    for number in range(3):
        make_advert(planning=weekly(number, at=time(8)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ',') FROM pg_attribute WHERE attnum > 0"
            " AND attrelid = 'adverts_advert'::regclass AND attname NOT IN ('id', 'public_id')"
        )
        (columns,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO adverts_advert (public_id, {columns}) SELECT gen_random_uuid(), {columns}"
            " FROM adverts_advert, generate_series(1, 400)"
        )
    query = query_of(day=MONDAY, at=time(8))
    text, _asked = statement(query, wish_of(query, timezone.now()), query.radius)
    assert len(text) < 4_000  # psycopg keeps what it made of texts up to 4,096 characters
    assert "Bitmap Index Scan on advert_keys" in plan_of(query)
    plan_of(replace(query, day=MONDAY + timedelta(days=1), seats=2))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE %s",
            [f"/* {connection.schema_name} */%adverts_advert%"],  # type: ignore[attr-defined]
        )
        generic, custom = cursor.fetchone()
    assert (generic >= 2, custom) == (True, 0)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"destination": RENNES}, "destination"),
        ({"destination": "97411"}, "destination"),
        ({"day": date(2020, 1, 1)}, "date"),
        ({"day": date(9999, 12, 31)}, "date"),
    ],
)
def test_a_question_without_sense_is_refused(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(SearchError) as caught:
        find(**asked)
    assert list(caught.value.fields) == [field]


def test_who_says_no_day_means_today_or_tomorrow_once_it_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for hour, ahead in ((9, 0), (16, 1), (22, 1)):  # UTC, in winter
        moment = datetime(2026, 1, 12, hour, 30, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert likely_day() == date(2026, 1, 12 + ahead)


def test_a_driver_finds_passengers_on_their_way() -> None:
    """Two ways: the passenger's trip lies along the driver's route, in its direction."""
    passenger = make_advert(CESSON, VITRE, role="passenger", seats=1)
    either = make_advert(CESSON, VITRE, role="either", seats=1)
    make_advert(CESSON, VITRE)
    found = find(looking_for="passengers")
    assert ids(found) == {passenger.public_id, either.public_id}
    assert not found.rides[0].backwards
    back = find(VITRE, RENNES, looking_for="passengers")
    assert {ride.backwards for ride in back.rides} == {True}
    assert find(CESSON, RENNES, looking_for="passengers").total == 0


def test_a_driver_offers_seats_enough() -> None:
    make_advert(role="passenger", seats=3)
    assert find(looking_for="passengers", seats=2).total == 0
    assert find(looking_for="passengers", seats=3).total == 1
    assert find(looking_for="passengers").total == 1


def test_before_and_after_the_time_asked_for() -> None:
    make_advert(planning=weekly(at=time(8), back=None))
    early = {"at": time(7, 45), "margin_minutes": 30}
    assert find(**early).total == 1
    assert find(**early, side="after").total == 1
    assert find(**early, side="before").total == 0
    assert find(at=time(8, 15), margin_minutes=30, side="before").total == 1


def test_a_driver_has_no_window_of_their_own() -> None:
    """Failure 4 of the incumbent: a window that contained the passenger's was rejected."""
    make_advert(planning=weekly(at=time(7, 40), back=None))
    for margin in (15, 30, 60, 120):
        assert find(at=time(7, 45), margin_minutes=margin).total == 1


def test_the_radius_is_the_readers_choice() -> None:
    make_advert(RENNES, CESSON)
    centre = query_of(RENNES, CESSON).origin
    beside = replace(
        query_of(RENNES, CESSON, day=MONDAY), origin=Point(centre.lat + 0.016, centre.lon)
    )
    for radius, near in ((500, False), (1_000, False), (2_000, True), (5_000, True)):
        found = search_adverts(replace(beside, radius=radius))
        assert found.total == 1
        assert found.widened is not near


def test_a_day_off_is_no_ride() -> None:
    """Cancelled, moved, a school holiday, a public holiday: each on its day only."""
    advert = make_advert(planning=weekly(at=time(8), back=None))
    ride = RideKey(MONDAY, False, time(8))
    ride_change(advert=advert, ride=ride, at=None)
    assert find().total == 0
    assert find(day=MONDAY + timedelta(days=1)).total == 1
    assert find(day=MONDAY + timedelta(days=7)).total == 1
    ride_change(advert=advert, ride=ride, at=time(21))
    assert find(at=time(21), margin_minutes=15).rides[0].match.at == time(21)
    assert find(at=time(8), margin_minutes=15).total == 0
    ride_change(advert=advert, ride=ride, at=time(8))
    assert find(at=time(8), margin_minutes=15).total == 1


def test_holidays_count_for_those_who_say_so() -> None:
    may = date(TODAY.year + (date(TODAY.year, 4, 1) < TODAY), 5, 1)
    asked = {"day": may}
    always = make_advert(planning=weekly(*range(7)))
    make_advert(planning=weekly(*range(7)), public_holidays=False)
    assert ids(find(**asked)) == {always.public_id}
    assert find(day=MONDAY).total == 2


def test_filters_are_exact() -> None:
    free = make_advert(cents_per_km=0)
    chair = make_advert(wheelchair=True)
    either = make_advert(role="either")
    assert ids(find(filters=Filters(free=True))) == {free.public_id}
    assert ids(find(filters=Filters(wheelchair=True))) == {chair.public_id}
    assert ids(find(filters=Filters(role="either"))) == {either.public_id}
    assert ids(find(filters=Filters(without=frozenset({free.author_id, chair.author_id})))) == {
        either.public_id
    }


def test_a_community_filters_to_its_members_adverts() -> None:
    author = make_account()
    community = make_community(creator=author)
    inside = make_advert(author=author, communities=[community])
    make_advert(author=author)
    assert ids(find(filters=Filters(community=community))) == {inside.public_id}


def test_people_of_one_civil_title_among_themselves() -> None:
    """Who travels with them only is shown to them only; a filter asks for the others too."""
    RidesSettings.objects.update_or_create(pk=1, defaults={"same_gender_allowed": True})
    women = make_advert(author=make_account(title="mrs"), same_gender=True)
    open_to_all = make_advert(author=make_account(title="mrs"))
    man = make_advert(author=make_account(title="mr"))
    assert ids(find()) == {open_to_all.public_id, man.public_id}
    assert ids(find(filters=Filters(title="mr"))) == {open_to_all.public_id, man.public_id}
    everything = {women.public_id, open_to_all.public_id, man.public_id}
    assert ids(find(filters=Filters(title="mrs"))) == everything
    mine = find(filters=Filters(title="mrs", same_gender=True))
    assert ids(mine) == {women.public_id, open_to_all.public_id}


def test_each_order_is_total() -> None:
    late = make_advert(planning=weekly(at=time(9)), cents_per_km=2)
    walk = make_advert(CESSON, VITRE, planning=weekly(at=time(8)), cents_per_km=10)
    early = make_advert(planning=weekly(at=time(7)), cents_per_km=20)

    def order(**asked: Any) -> list[object]:
        return [ride.advert.public_id for ride in find(CESSON, VITRE, **asked).rides]

    assert order()[0] == walk.public_id
    assert order(sort="time") == [early.public_id, walk.public_id, late.public_id]
    assert order(sort="walk")[0] == walk.public_id
    assert order(sort="price") == [late.public_id, walk.public_id, early.public_id]


def test_booked_seats_are_no_seats_on_their_dates() -> None:
    """Failure 3 of the incumbent: seats were not looked at, booked ones neither."""
    advert = make_advert(seats=2)
    agreed(advert, ride())
    assert find(seats=1).total == 1
    assert find(seats=2).total == 0
    assert find(seats=2, day=MONDAY + timedelta(days=1)).total == 1
    ask(advert, ride())
    assert find(seats=1).total == 0
    assert find(seats=2, day=MONDAY + timedelta(days=7)).total == 1
    assert find(VITRE, RENNES, seats=2).total == 1


def test_a_seat_booked_every_week_is_taken_but_on_days_that_are_given_back() -> None:
    advert = make_advert(seats=1)
    booking = agreed(advert, weeks=every(0, back=False))
    assert find().total == 0
    assert find(day=MONDAY + timedelta(days=7)).total == 0
    assert find(day=MONDAY + timedelta(days=8)).total == 1
    assert find(VITRE, RENNES).total == 1
    BookedRide.objects.create(booking=booking, day=MONDAY, time=MORNING, status="cancelled")
    assert find().total == 1
    assert find(day=MONDAY + timedelta(days=7)).total == 0


def test_a_regular_search_leaves_out_weekdays_that_are_booked_up_every_week() -> None:
    advert = make_advert(seats=1)
    booking = agreed(advert, weeks=every(0, 1, back=False))
    (left,) = find(regular=True).rides
    assert left.match.weekdays == {2, 3, 4}
    assert find(regular=True, weekdays=[0, 1]).total == 0
    assert find(regular=True, weekdays=[0, 1], at=MORNING).total == 0
    assert find(VITRE, RENNES, regular=True, weekdays=[0, 1]).total == 1
    # One day given back is no seat of every week; a booking that ends this week holds none.
    BookedRide.objects.create(booking=booking, day=MONDAY, time=MORNING, status="cancelled")
    assert find(regular=True, weekdays=[0]).total == 0
    booking.weeks.update(last=TODAY)
    assert find(regular=True, weekdays=[0]).total == 1


def test_a_command_makes_the_index_anew() -> None:
    for number in range(3):
        make_advert(planning=weekly(number))
    before = dict(Advert.objects.values_list("pk", "keys"))
    Advert.objects.update(keys=[], week=[])
    assert find().total == 0
    said = StringIO()
    call_command("reindex_adverts", region=current_tenant().slug, stdout=said)
    assert "3 adverts indexed" in said.getvalue()
    assert dict(Advert.objects.values_list("pk", "keys")) == before
    assert find().total == 1
    with pytest.raises(CommandError, match="nowhere"):
        call_command("reindex_adverts", region="nowhere")

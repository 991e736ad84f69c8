"""What a search finds and does not, one rule at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regions.territories.queries import municipality_get
from rides.adverts.indexing import advert_reindex
from rides.adverts.inputs import Slot, Weekly
from rides.adverts.models import Advert
from rides.adverts.services import advert_delete, advert_pause
from rides.search.errors import SearchError
from rides.search.queries import SearchResults, search_adverts
from rides.search.rules import likely_day, search_query
from tests.factories import make_account
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
    start, end = municipality_get(origin), municipality_get(destination)
    assert start is not None
    assert end is not None
    return search_adverts(search_query(origin=start, destination=end, **asked), now=now)


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
    reads = [sql for sql in statements if sql.lstrip().upper().startswith("SELECT")]
    assert not [
        sql for sql in statements if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    # The candidates; and the adverts shown, with their days and communities.
    assert len([sql for sql in reads if "adverts_" in sql]) == 2


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

"""Publishing, pausing, deleting: what an advert must be, and what is refused, in words."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import translation

from communities.communities.services import membership_join, membership_leave
from core.accounts.inventory import export, summary
from rides.adverts import access
from rides.adverts.errors import AdvertError
from rides.adverts.inputs import OneOff, Place, Slot, Weekly
from rides.adverts.models import Advert
from rides.adverts.queries import adverts_current, adverts_in, adverts_public, is_over
from rides.adverts.services import (
    advert_delete,
    advert_pause,
    advert_publish,
    advert_restore,
    advert_resume,
)
from rides.matching.geometry import Point, distance, snapped
from tenants.models import Tenant
from tests.factories import make_account, make_community
from tests.rides.situations import (
    BREST,
    EVENING,
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
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # a Monday, 8:00 in Paris


def refused(**said: Any) -> dict[str, str]:
    """The messages of a refusal, by field, in English."""
    with translation.override("en"):
        with pytest.raises(AdvertError) as caught:
            make_advert(**said)
        words = {name: str(text) for name, text in caught.value.fields.items()}
    assert caught.value.code == "invalid_advert"
    assert not Advert.objects.exists()
    return words


def test_a_regular_advert_keeps_what_was_said() -> None:
    advert = make_advert(
        planning=Weekly([Slot(0, MORNING, EVENING), Slot(4, time(8, 0))]), comment="  Musique.  "
    )
    assert (advert.origin_label, advert.destination_label) == ("Rennes", "Vitré")
    assert advert.zone == "Europe/Paris"
    assert advert.comment == "Musique."
    assert [(s.weekday, s.time, s.return_time) for s in advert.schedules.all()] == [
        (0, MORNING, EVENING),
        (4, time(8, 0), None),
    ]
    assert advert.valid_from == TODAY
    assert advert.valid_until == TODAY + timedelta(days=365)
    assert advert.south <= advert.origin_lat <= advert.north
    assert advert.west <= advert.origin_lon <= advert.east


def test_a_one_off_advert_keeps_what_was_said() -> None:
    advert = make_advert(planning=once(return_date=MONDAY, return_time=EVENING))
    assert (advert.date, advert.time) == (MONDAY, time(9, 0))
    assert (advert.return_date, advert.return_time) == (MONDAY, EVENING)
    assert not advert.schedules.exists()


def test_the_zone_is_the_regions(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant, "time_zone", "Indian/Reunion")
    # 22:00 in Paris is already past midnight in Réunion: today there is tomorrow here.
    late = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    with pytest.raises(AdvertError) as caught:
        make_advert(planning=once(date(2026, 3, 2), time(23, 30)), now=late)
    assert "date" in caught.value.fields
    advert = make_advert(planning=once(date(2026, 3, 3), time(5, 0)), now=late)
    assert advert.zone == "Indian/Reunion"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"role": "pilot"}, "role"),
        ({"seats": 0}, "seats"),
        ({"seats": 9}, "seats"),
        ({"comment": "x" * 1001}, "comment"),
        ({"origin": "99999"}, "origin"),
        ({"origin": "98735"}, "origin"),  # in Polynesia, where nobody published contours
        ({"destination": RENNES}, "destination"),
        ({"origin": BREST, "destination": "97411"}, "destination"),  # to Réunion by car
        ({"planning": once(TODAY - timedelta(days=1))}, "date"),
        ({"planning": once(TODAY + timedelta(days=400))}, "date"),
        ({"planning": once(date(9999, 12, 31))}, "date"),
        ({"planning": once(return_date=MONDAY)}, "return_time"),
        ({"planning": once(return_time=EVENING)}, "return_date"),
        (
            {"planning": once(return_date=MONDAY - timedelta(days=1), return_time=EVENING)},
            "return_date",
        ),
        ({"planning": once(return_date=MONDAY, return_time=time(8, 59))}, "return_time"),
        ({"planning": once(return_date=MONDAY, return_time=time(9, 0))}, "return_time"),
        ({"planning": Weekly([])}, "weekdays"),
        ({"planning": weekly(2, 2)}, "slots.1.time"),
        ({"planning": weekly(7)}, "weekdays"),
        ({"planning": weekly(1, back=MORNING)}, "slots.0.return_time"),
        ({"planning": weekly(valid_from=TODAY - timedelta(days=1))}, "valid_from"),
        ({"planning": weekly(valid_until=TODAY - timedelta(days=1))}, "valid_until"),
        ({"planning": weekly(valid_until=TODAY + timedelta(days=366))}, "valid_until"),
        ({"planning": weekly(0, valid_from=MONDAY + timedelta(days=1),
                             valid_until=MONDAY + timedelta(days=3))}, "weekdays"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(said: dict[str, Any], field: str) -> None:
    assert list(refused(**said)) == [field]


def test_a_time_already_past_today_is_refused() -> None:
    early = once(date(2026, 3, 2), time(7, 59))
    with pytest.raises(AdvertError) as caught:
        make_advert(planning=early, now=NOW)
    assert list(caught.value.fields) == ["time"]
    assert make_advert(planning=once(date(2026, 3, 2), time(8, 1)), now=NOW).pk


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert set(refused(seats=0, origin="00000", planning=Weekly([]))) == {
        "seats",
        "origin",
        "weekdays",
    }


def test_a_night_shift_is_told_what_to_do() -> None:
    words = refused(planning=weekly(1, at=time(21, 0), back=time(5, 30)))
    assert "as another advert" in words["slots.0.return_time"]


def test_less_than_500_metres_is_the_same_place() -> None:
    centre = make_advert().origin
    near = Place(RENNES, own_point=Point(centre.lat + 0.003, centre.lon))
    with pytest.raises(AdvertError) as caught:
        advert_publish(
            author=make_account(),
            role="driver",
            origin=near,
            destination=Place(RENNES),
            planning=weekly(),
            seats=1,
        )
    assert list(caught.value.fields) == ["destination"]


def test_others_see_the_grid_and_never_the_members_own_point() -> None:
    home = Point(48.11042, -1.65821)
    advert = advert_publish(
        author=make_account(),
        role="driver",
        origin=Place(RENNES, "Thabor", own_point=home),
        destination=Place(VITRE),
        planning=weekly(),
        seats=1,
    )
    assert advert.origin == snapped(home) != home
    assert distance(advert.origin, home) < 200
    assert (advert.origin_own_lat, advert.origin_own_lon) == home
    assert advert.origin_label == "Rennes, Thabor"
    again = advert_publish(
        author=make_account(),
        role="driver",
        origin=Place(RENNES, own_point=home),
        destination=Place(VITRE),
        planning=weekly(),
        seats=1,
    )
    assert again.origin == advert.origin


@pytest.mark.parametrize("point", [Point(91, 0), Point(43.3, 5.4)])
def test_a_point_that_is_not_there_is_refused(point: Point) -> None:
    with pytest.raises(AdvertError) as caught:
        advert_publish(
            author=make_account(),
            role="driver",
            origin=Place(RENNES, own_point=point),
            destination=Place(VITRE),
            planning=weekly(),
            seats=1,
        )
    assert list(caught.value.fields) == ["origin"]


def test_the_same_attempt_sent_twice_makes_one_advert() -> None:
    author, key = make_account(), uuid.uuid4()
    first = make_advert(author=author, public_id=key)
    second = make_advert(author=author, public_id=key, seats=1)
    assert second.pk == first.pk
    assert Advert.objects.count() == 1
    other = make_advert(public_id=key)  # somebody else cannot take or break it
    assert other.public_id != key


def test_publishing_in_a_community_needs_membership() -> None:
    author = make_account()
    own, foreign = make_community(), make_community()
    membership_join(account=author, community=own)
    advert = make_advert(author=author, communities=[own])
    assert [row.community for row in advert.publications.all()] == [own]
    with pytest.raises(AdvertError) as caught:
        make_advert(author=author, communities=[own, foreign])
    assert list(caught.value.fields) == ["communities"]


def test_a_community_shows_the_adverts_of_those_who_are_members() -> None:
    author, community = make_account(), make_community()
    membership_join(account=author, community=community)
    shown = make_advert(author=author, communities=[community])
    make_advert(author=author)
    advert_pause(advert=make_advert(author=author, communities=[community]))
    now = datetime.now(UTC)
    assert list(adverts_in(community, now)) == [shown]
    membership_leave(account=author, community=community)
    assert not adverts_in(community, now).exists()


def test_pause_resume_delete_and_undo() -> None:
    author = make_account()
    advert = make_advert(author=author)
    stranger = make_account()

    advert_pause(advert=advert)
    advert_pause(advert=advert)
    assert access.get_advert_for(author, advert.public_id) == advert
    with pytest.raises(Http404):
        access.get_advert_for(stranger, advert.public_id)

    advert_resume(advert=advert)
    assert access.get_advert_for(stranger, advert.public_id) == advert

    advert_delete(advert=advert)
    for person in (author, stranger):
        with pytest.raises(Http404):
            access.get_advert_for(person, advert.public_id)
    advert_pause(advert=advert)  # a page that was open meanwhile revives nothing
    advert_resume(advert=advert)
    assert Advert.objects.get(pk=advert.pk).status == "deleted"

    advert_restore(advert=advert, paused=True)
    assert Advert.objects.get(pk=advert.pk).status == "paused"
    advert_restore(advert=advert)  # nothing is deleted any more
    assert Advert.objects.get(pk=advert.pk).status == "paused"


def test_an_advert_that_is_over_cannot_come_back() -> None:
    advert = make_advert(planning=once(date(2026, 3, 3)), now=NOW)
    advert_pause(advert=advert)
    later = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    with pytest.raises(AdvertError) as caught:
        advert_resume(advert=advert, now=later)
    assert caught.value.code == "advert_over"
    assert advert_resume(advert=advert, now=NOW).status == "active"


def test_when_an_advert_is_over() -> None:
    one = make_advert(planning=once(date(2026, 3, 3), time(9, 0)), now=NOW)
    assert not is_over(one, datetime(2026, 3, 3, 7, 59, tzinfo=UTC))
    assert is_over(one, datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    both = make_advert(
        planning=once(
            date(2026, 3, 3), time(9, 0), return_date=date(2026, 3, 5), return_time=EVENING
        ),
        now=NOW,
    )
    assert not is_over(both, datetime(2026, 3, 5, 16, 0, tzinfo=UTC))
    assert is_over(both, datetime(2026, 3, 5, 16, 30, tzinfo=UTC))
    regular = make_advert(planning=weekly(valid_until=date(2026, 3, 6)), now=NOW)
    assert not is_over(regular, datetime(2026, 3, 6, 20, 0, tzinfo=UTC))
    assert is_over(regular, datetime(2026, 3, 7, 6, 0, tzinfo=UTC))
    current = adverts_current(adverts_public(), datetime(2026, 3, 6, 6, 0, tzinfo=UTC))
    assert set(current) == {regular}


def test_only_its_author_reaches_an_advert_to_change_it() -> None:
    """The author may; a stranger, a suspended author and a visitor may not."""
    from django.contrib.auth.models import AnonymousUser

    author = make_account()
    advert = make_advert(author=author)
    assert access.get_own_advert(author, advert.public_id) == advert
    assert access.is_author(author, advert)
    for person in (make_account(), AnonymousUser()):
        assert not access.is_author(person, advert)
        with pytest.raises(Http404):
            access.get_own_advert(person, advert.public_id)
    author.is_active = False
    author.save()
    with pytest.raises(Http404):
        access.get_own_advert(author, advert.public_id)
    with pytest.raises(Http404):
        access.get_advert_for(make_account(), advert.public_id)


def test_a_region_without_carpooling_has_no_advert(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    advert = make_advert()
    monkeypatch.setattr(tenant, "modules", ["communities"])
    with pytest.raises(Http404):
        access.get_advert_for(advert.author, advert.public_id)


def test_an_export_holds_the_persons_adverts_and_their_own_point() -> None:
    author = make_account()
    home = Point(48.11042, -1.65821)
    advert_publish(
        author=author,
        role="driver",
        origin=Place(RENNES, own_point=home),
        destination=Place(VITRE),
        planning=weekly(0),
        seats=2,
        comment="Je pars à l'heure.",
    )
    make_advert()
    (told,) = export(author)["adverts"]
    assert told["origin"]["own_point"] == list(home)
    assert told["comment"] == "Je pars à l'heure."
    assert told["days"] == [{"weekday": 0, "time": "07:40:00", "return_time": "17:30:00"}]
    with translation.override("en"):
        assert ("Adverts", ["1 advert"]) in summary(author)


def test_wrong_rows_are_refused_by_the_database_itself() -> None:
    from django.db import IntegrityError, transaction

    advert = make_advert()
    for wrong in (
        {"seats": 9},
        {"valid_until": None},
        {"kind": "one_off"},
        {"date": MONDAY},
        {"return_time": EVENING},
        {"valid_until": TODAY - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Advert.objects.filter(pk=advert.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        advert.schedules.update(return_time=MORNING)


def test_a_planning_of_one_day_is_found_in_its_dates() -> None:
    assert make_advert(planning=OneOff(MONDAY, MORNING)).date == MONDAY
    friday = MONDAY + timedelta(days=4)
    advert = make_advert(planning=weekly(4, valid_from=MONDAY, valid_until=friday))
    assert advert.valid_until == friday

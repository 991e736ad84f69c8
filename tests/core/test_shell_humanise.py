"""Distances, durations, hours, days and money, in French and in English."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.shell import humanise
from core.shell.templatetags import shell as tags


def plain(text: str) -> str:
    """No-break spaces as spaces, so that expectations can be read."""
    return text.replace("\u00a0", " ")


def test_a_period_says_each_year_once() -> None:
    with override("fr"):
        assert humanise.period(date(2026, 11, 22), date(2027, 12, 1)) == (
            "du 22\u00a0novembre 2026 au 1er\u00a0décembre 2027"
        )
        assert humanise.period(date(2026, 1, 5), date(2026, 3, 1)) == (
            "du 5\u00a0janvier au 1er\u00a0mars 2026"
        )


@pytest.mark.parametrize(
    ("metres", "french", "english"),
    [
        (0, "0 m", "0 m"),
        (42, "40 m", "40 m"),
        (96, "100 m", "100 m"),
        (400, "400 m", "400 m"),
        (974, "950 m", "950 m"),
        (976, "1,0 km", "1.0 km"),
        (1234, "1,2 km", "1.2 km"),
        (9940, "9,9 km", "9.9 km"),
        (9951, "10 km", "10 km"),
        (34_499, "34 km", "34 km"),
    ],
)
def test_distance(metres: float, french: str, english: str) -> None:
    with override("fr"):
        assert plain(humanise.distance(metres)) == french
    with override("en"):
        assert plain(humanise.distance(metres)) == english


@given(st.floats(0, 2_000_000))
def test_a_distance_is_never_shown_with_a_breaking_space(metres: float) -> None:
    with override("fr"):
        assert " " not in humanise.distance(metres)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (1, "1 min"),
        (89, "1 min"),
        (720, "12 min"),
        (3540, "59 min"),
        (3590, "1 h"),
        (3900, "1 h 05"),
        (27_600, "7 h 40"),
    ],
)
def test_duration(seconds: float, words: str) -> None:
    assert plain(humanise.duration(seconds)) == words


@pytest.mark.parametrize(
    ("moment", "french", "english", "digits"),
    [
        (time(7, 40), "7 h 40", "7:40", "07:40"),
        (time(18), "18 h", "18:00", "18:00"),
        (time(0, 5), "0 h 05", "0:05", "00:05"),
        (datetime(2026, 7, 1, 5, 40, tzinfo=UTC), "7 h 40", "7:40", "07:40"),
    ],
)
def test_hours(moment: time, french: str, english: str, digits: str) -> None:
    assert humanise.clock_digits(moment) == digits
    with override("fr"):
        assert plain(humanise.clock(moment)) == french
    with override("en"):
        assert plain(humanise.clock(moment)) == english


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2026, 11, 23), "lundi 23 novembre", "Monday 23 November"),
        (date(2026, 1, 1), "jeudi 1er janvier", "Thursday 1 January"),
        (date(2027, 8, 2), "lundi 2 août 2027", "Monday 2 August 2027"),
    ],
)
def test_days(day: date, french: str, english: str) -> None:
    today = date(2026, 6, 1)
    with override("fr"):
        assert plain(humanise.day(day, today)) == french
    with override("en"):
        assert plain(humanise.day(day, today)) == english


def test_full_dates_have_an_ordinal_in_french_on_every_page() -> None:
    moment = datetime(2029, 12, 31, 23, 30, tzinfo=UTC)
    with override("fr"):
        assert plain(humanise.full_date(date(2030, 1, 1))) == "1er janvier 2030"
        assert plain(humanise.full_date(moment)) == "1er janvier 2030"
        assert plain(tags.full_moment(moment)) == "1er janvier 2030, 0 h 30"
        assert plain(tags.full_date(date(2030, 1, 2))) == "2 janvier 2030"
    with override("en"):
        assert plain(tags.full_date(date(2030, 1, 1))) == "1 January 2030"
    root = Path(humanise.__file__).parents[2]
    folders = ("core", "communities", "regions", "rides", "branding", "tenants", "deploy")
    written = [
        page.name
        for folder in folders
        for kind in ("html", "txt")
        for page in (root / folder).rglob(f"templates/**/*.{kind}")
        if re.search(r"""\|date:["'](j|l|DATE_F|DATETIME_F)""", page.read_text())
    ]
    assert not written, "Django's formats write « 1 janvier »"


def test_a_moment_is_shown_on_the_clock_of_the_place() -> None:
    moment = datetime(2031, 11, 23, 6, 40, tzinfo=UTC)
    with override("fr"):
        assert plain(humanise.moment(moment)) == "dimanche 23 novembre 2031, 7 h 40"


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [(240, "2,40 €", "€2.40"), (0, "Gratuit", "Free"), (12_345, "123,45 €", "€123.45")],
)
def test_money(cents: int, french: str, english: str) -> None:
    with override("fr"):
        assert plain(humanise.money(cents)) == french
    with override("en"):
        assert humanise.money(cents) == english


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        ({1, 2, 3, 4, 5}, "lundi à vendredi", "Monday to Friday"),
        ({1, 2, 4}, "lundi, mardi et jeudi", "Monday, Tuesday and Thursday"),
        ({7}, "dimanche", "Sunday"),
        (set(range(1, 8)), "tous les jours", "every day"),
        (set(), "", ""),
    ],
)
def test_weekdays(days: set[int], french: str, english: str) -> None:
    with override("fr"):
        assert humanise.weekdays(days) == french
    with override("en"):
        assert humanise.weekdays(days) == english


def test_letters_of_the_week() -> None:
    with override("fr"):
        assert "".join(humanise.weekday_letter(day) for day in range(1, 8)) == "LMMJVSD"
    with override("en"):
        assert "".join(humanise.weekday_letter(day) for day in range(1, 8)) == "MTWTFSS"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Pierre L.", "PL"), ("Anne-Sophie K.", "AK"), ("Zoé", "Z"), ("", "?"), ("— ", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


def test_a_person_keeps_the_colour_of_their_avatar() -> None:
    hues = {tags.hue(f"Pierre {letter}.") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert hues == {1, 2, 3, 4, 5, 6}
    assert tags.hue("Pierre L.") == tags.hue("Pierre L.")


def test_filters_are_silent_about_what_is_unknown() -> None:
    for function in (tags.distance, tags.duration, tags.clock, tags.day, tags.moment, tags.money):
        assert function(None) == ""

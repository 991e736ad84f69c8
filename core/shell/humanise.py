"""Distances, durations, hours, dates and money in words, in the page's language.

French typography by default: « 400 m », « 1,2 km », « 12 min », « 7 h 40 », « lundi 23 novembre »,
« 2,40 € », with no-break spaces. English: "400 m", "7:40", "Monday 23 November", "€2.40".
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final

from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NBSP: Final = "\u00a0"
"""No-break space. The narrow one (U+202F) is not in our font."""


def _english() -> bool:
    return (get_language() or "fr").startswith("en")


def distance(metres: float) -> str:
    """« 400 m » to the nearest 50 m below 1 km (10 m below 100 m), then « 1,2 km », « 34 km »."""
    rounded = round(metres / 10) * 10 if metres < 95 else round(metres / 50) * 50
    if rounded < 1000:
        return f"{rounded:d}{NBSP}m"
    kilometres = metres / 1000
    if kilometres < 9.95:
        text = formats.number_format(round(kilometres, 1), decimal_pos=1)
    else:
        text = formats.number_format(round(kilometres), decimal_pos=0)
    return f"{text}{NBSP}km"


def duration(seconds: float) -> str:
    """« 12 min », « 1 h », « 1 h 05 »; anything between 0 and 1 minute is « 1 min »."""
    minutes = max(1, round(seconds / 60)) if seconds > 0 else 0
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    if not rest:
        return f"{hours}{NBSP}h"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}"


def clock(moment: time | datetime) -> str:
    """« 7 h 40 », « 18 h »; in English "7:40", "18:00"."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    if _english():
        return f"{moment.hour}:{moment.minute:02d}"
    if not moment.minute:
        return f"{moment.hour}{NBSP}h"
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02d}"


def clock_digits(moment: time | datetime) -> str:
    """« 07:40 »: the same width everywhere, for columns of times."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return f"{moment.hour:02d}:{moment.minute:02d}"


def _day_of_month(moment: date) -> str:
    """« 1er janvier », « 2 janvier »: the first is an ordinal in French only."""
    number = "1er" if moment.day == 1 and not _english() else moment.day
    return f"{number}{NBSP}{formats.date_format(moment, 'F')}"


def day(moment: date, today: date | None = None) -> str:
    """« lundi 23 novembre », with the year when it is not the present one."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    this_year = (today or timezone.localdate()).year
    text = f"{formats.date_format(moment, 'l')} {_day_of_month(moment)}"
    return text if moment.year == this_year else f"{text} {moment.year}"


def full_date(value: date) -> str:
    """« 1er janvier 2030 », « 22 novembre 2026 »: Django's own formats write « 1 janvier »."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{_day_of_month(value)} {value.year}"


def full_moment(value: datetime) -> str:
    """« 1er janvier 2030, 7 h 40 »."""
    return f"{full_date(value)}, {clock(value)}"


def period(first: date, last: date) -> str:
    """« du 22 novembre 2026 au 21 novembre 2027 »: the year once where both have the same."""
    same = first.year == last.year
    start = _day_of_month(first) if same else full_date(first)
    return _("from %(start)s to %(end)s") % {"start": start, "end": full_date(last)}


def moment(value: datetime) -> str:
    """« lundi 23 novembre, 7 h 40 »."""
    return f"{day(value)}, {clock(value)}"


def money(cents: int) -> str:
    """« 2,40 € », « Gratuit » for 0; in English "€2.40", "Free"."""
    if cents == 0:
        return _("Free")
    amount = formats.number_format(cents / 100, decimal_pos=2)
    return f"€{amount}" if _english() else f"{amount}{NBSP}€"


def weekday_name(iso: int) -> str:
    """« lundi » for 1 … « dimanche » for 7."""
    return formats.date_format(date(2024, 1, iso), "l")


def weekday_letter(iso: int) -> str:
    """« L » for 1 … « D » for 7: the first letter, capital."""
    return weekday_name(iso)[0].upper()


def weekdays(days: Iterable[int]) -> str:
    """« lundi, mardi et jeudi »; « tous les jours »; « du lundi au vendredi »."""
    chosen = sorted(set(days))
    if chosen == [1, 2, 3, 4, 5, 6, 7]:
        return _("every day")
    if len(chosen) >= 3 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return _("%(first)s to %(last)s") % {
            "first": weekday_name(chosen[0]),
            "last": weekday_name(chosen[-1]),
        }
    names = [weekday_name(number) for number in chosen]
    if len(names) < 2:
        return "".join(names)
    return _("%(list)s and %(last)s") % {"list": ", ".join(names[:-1]), "last": names[-1]}

"""Figures in words: scales, French formats, changes, months.

« 1 234 », « 12,5 % », « 3,4 t »: a narrow no-break space between thousands and before a percent
sign, as the Imprimerie nationale asks; text layout draws it from the font's own space where it has
none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.shell.humanise import NBSP
from regions.observatory.queries import Definition, K
from regions.statistics.catalogue import Unit

NARROW: Final = "\u202f"
"""Narrow no-break space."""
SUPPRESSED: Final = f"<{NARROW}{K}"
NOTHING: Final = "–"
MINUS: Final = "\u2212"
UNITS: Final[dict[Unit, str | Promise]] = {
    Unit.PEOPLE: gettext_lazy("people"),
    Unit.COUNT: gettext_lazy("number"),
    Unit.METRES: gettext_lazy("metres (shown in kilometres)"),
    Unit.GRAMS: gettext_lazy("grams of CO₂ (shown in kilograms or tonnes)"),
    Unit.RATE: gettext_lazy("people per car"),
}
"""What files and the API count in."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How figures that stand together are written: all divided alike."""

    per: float
    decimals: int
    label: str | Promise
    """Unit, for a heading or behind a figure; empty for what needs none."""
    ratio: bool = False
    """Whether figures are ratios: of one that leaves something out, nobody knows the whole."""

    def number(self, value: float | None) -> str:
        """The figure alone, for cells of a table; « < 6 » where it may not be told."""
        return SUPPRESSED if value is None else number(value / self.per, self.decimals)

    def words(self, value: float | None) -> str:
        """The figure with its unit."""
        text = self.number(value)
        return f"{text}{NBSP}{self.label}" if self.label and value is not None else text


def number(value: float, decimals: int = 0) -> str:
    """« 1 234 », « 12,5 »; in English "1,234", "12.5"."""
    text = formats.number_format(
        round(value, decimals), decimal_pos=decimals, use_l10n=True, force_grouping=True
    )
    return text.replace("\u00a0", NARROW).replace("-", MINUS)


def scale(unit: Unit, values: Iterable[float | None]) -> Scale:
    """Return how to write these figures, after the greatest of them."""
    greatest = max((value for value in values if value is not None), default=0)
    if unit == Unit.METRES:
        return Scale(1000, 1 if greatest < 100_000 else 0, "km")
    if unit == Unit.GRAMS and greatest < 1_000_000:
        return Scale(1000, 0, pgettext_lazy("unit", "kg of CO₂"))
    if unit == Unit.GRAMS:
        return Scale(
            1_000_000, 1 if greatest < 100_000_000 else 0, pgettext_lazy("unit", "t of CO₂")
        )
    if unit == Unit.RATE:
        return Scale(1, 2, pgettext_lazy("unit", "people per car"), ratio=True)
    return Scale(1, 0, "")


def not_told() -> str:
    """« < 6 (moins de 6 personnes, ou non publiable) », for a legend."""
    return _("%(mark)s (fewer than %(threshold)s people, or not publishable)") % {
        "mark": SUPPRESSED,
        "threshold": K,
    }


def partly(scale: Scale) -> str:
    """« au moins »: before a sum that leaves out what may not be told; of a ratio « en partie »."""
    return _("in part") if scale.ratio else _("at least")


def at_least(text: str, scale: Scale) -> str:
    """« au moins 44 »; of a ratio « 2,04 (en partie) »."""
    said = partly(scale)
    return f"{text}{NBSP}({said})" if scale.ratio else f"{said}{NBSP}{text}"


def headed(of: Definition, scale: Scale) -> str:
    """« Distance partagée (km) », for the head of a column."""
    return f"{of.label} ({scale.label})" if scale.label else str(of.label)


LEAST: Final = 20
"""Of how many both figures must be to be compared: below, somebody more or less is a leap."""
ROUNDED_LEAST: Final = 10
"""The same in steps of a figure that is rounded: below, rounding alone moves it by a tenth."""
MOST: Final = 5
"""Where a figure is so many times the other, one of them is of a beginning or an end."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure has changed: « +12,5 % »."""

    text: str
    """Empty where too little is known to compare."""
    trend: str
    """``up``, ``down`` or nothing."""
    elsewhere: bool = False
    """Whether nothing is compared because the figures are of different territories."""


def change(now: float | None, before: float | None, *, of: Definition) -> Change | None:
    """Compare two figures of a measure; None where one of them is not there."""
    if now is None or before is None:
        return None
    low, high = sorted((now, before))
    counted = of.unit in (Unit.PEOPLE, Unit.COUNT)
    least = max(LEAST, ROUNDED_LEAST * of.step if of.step > 1 else 0) if counted else 0
    if low <= 0 or low < least or high > MOST * low:
        return Change("", "")
    # Of rounded figures tenths of a percent say nothing.
    percent = round((now - before) * 100 / before, 0 if of.step > 1 else 1)
    sign = "+" if percent > 0 else MINUS if percent < 0 else ""
    decimals = 1 if of.step == 1 and abs(percent) < 100 else 0
    text = f"{sign}{number(abs(percent), decimals)}{NARROW}%"
    return Change(text, "up" if percent > 0 else "down" if percent < 0 else "")


def month(day: dt.date) -> str:
    """« octobre 2026 »."""
    return formats.date_format(day, "F Y")


def month_short(day: dt.date) -> str:
    """« oct. »: under a curve, where the year stands beside."""
    return formats.date_format(day, "N").lower()


def hour(code: str) -> str:
    """« de 7 h à 8 h »."""
    first = int(code)
    return _("%(first)s to %(last)s o’clock") % {"first": first, "last": first + 1}


def distance_class(code: str) -> str:
    """« de 10 à 20 km », « 50 km et plus »."""
    if code.endswith("+"):
        return _("%(from)s km and more") % {"from": code[:-1]}
    first, last = code.split("-")
    if first == "0":
        return _("less than %(to)s km") % {"to": last}
    return _("%(from)s to %(to)s km") % {"from": first, "to": last}

"""Classes of figures on a map: round bounds, and their words in the legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from core.shell.humanise import NBSP
from regions.observatory import words

CLASSES: Final = 5


def classes(values: Sequence[float], scale: words.Scale) -> list[float]:
    """Return where the classes of a map begin, but for the first: round figures, about equal parts.

    At most four of them; none for figures that are all alike.
    """
    ranked = sorted(values)
    found: list[float] = []
    for part in range(1, CLASSES):
        if not ranked:
            break
        value = ranked[min(len(ranked) - 1, len(ranked) * part // CLASSES)] / scale.per
        bound = _round_down(value) * scale.per
        if bound > (found[-1] if found else ranked[0]) and bound <= ranked[-1]:
            found.append(bound)
    return found


def _round_down(value: float) -> float:
    """To two figures, which a legend can say."""
    power = 10.0 ** (len(str(int(value))) - 2) if value >= 10 else 1.0 if value >= 3 else 0.01
    return round(int(value / power + 1e-9) * power, 2)


def class_of(value: float, bounds: Sequence[float]) -> int:
    """Number of a figure's class, from 1."""
    return 1 + sum(value >= bound for bound in bounds)


def bounds_words(bounds: Sequence[float], scale: words.Scale) -> list[str]:
    """« moins de 100 km », « de 100 à 250 km », « 250 km et plus »."""
    if not bounds:
        return [_("all alike")]
    unit = f"{NBSP}{scale.label}" if scale.label else ""
    said = [f"{scale.number(bound)}{unit}" for bound in bounds]
    middle = [
        _("from %(from)s to less than %(to)s") % {"from": scale.number(low), "to": high}
        for low, high in zip(bounds, said[1:], strict=False)
    ]
    return [
        _("less than %(to)s") % {"to": said[0]},
        *middle,
        _("%(from)s and more") % {"from": said[-1]},
    ]

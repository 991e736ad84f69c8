"""Which codes stand for the same ground before and after municipalities and EPCI change.

For statistics: add up what is counted under ``comparable`` codes, and before compares with after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from regions.territories.models import TerritoryChange

Kind = TerritoryChange.Kind


def correspondence(
    kind: str = Kind.MUNICIPALITY, *, on: dt.date | None = None
) -> dict[str, tuple[str, ...]]:
    """Return what each code that has ever changed is today, or was on the day ``on``. One query.

    A code that became another, which became a third, leads to the third; one that was split leads
    to several. A code that is not there has not changed.
    """
    rows = TerritoryChange.objects.filter(kind=kind).order_by("since", "pk")
    if on is not None:
        rows = rows.filter(since__lte=on)
    days: dict[dt.date, dict[str, set[str]]] = {}
    for since, old, new in rows.values_list("since", "old_code", "new_code"):
        days.setdefault(since, {}).setdefault(old, set()).add(new)
    became: dict[str, set[str]] = {}
    for changed in days.values():
        for code, parts in became.items():
            became[code] = {new for part in parts for new in changed.get(part, {part})}
        became = {**changed, **became}
    return {code: tuple(sorted(parts)) for code, parts in became.items()}


def comparable(codes: Iterable[str], kind: str = Kind.MUNICIPALITY) -> dict[str, frozenset[str]]:
    """Return, for each code, all codes of any time whose sum is comparable with it. One query.

    The smallest set that no change crosses: merged ones with their new code, a split one with its
    parts. A code that has never changed stands alone.
    """
    group: dict[str, frozenset[str]] = {}
    rows = TerritoryChange.objects.filter(kind=kind).order_by("pk")
    for old, new in rows.values_list("old_code", "new_code"):
        together = group.get(old, frozenset({old})) | group.get(new, frozenset({new}))
        for one in together:
            group[one] = together
    return {code: group.get(code, frozenset({code})) for code in codes}

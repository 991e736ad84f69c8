"""Publishing months: cells that pass disclosure control, written once, told by the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from regions.outbox.services import record
from regions.statistics.catalogue import SOURCES, Kind, Source
from regions.statistics.disclosure import Records, is_told_of_group, publishable, rounded
from regions.statistics.models import Area, Grain, Release
from regions.statistics.records import month_leaves
from regions.statistics.territory import Territory, territory
from tenants.context import current_tenant

KIND: Final = "statistics"
VERSION: Final = 1
CLOSED_AFTER: Final = dt.timedelta(days=9)
"""A month is published from its end on plus this: people have seven days to say how a ride went."""
BACK: Final = 24
"""Months that a first publication goes back, at most."""

_WRITE: Final = """
INSERT INTO statistics_cell (release_id, amount, grain, start, kind, code, label, value)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::text[], %s::text[],
                         %s::bigint[])
"""


class Figure(NamedTuple):
    """One cell to be published."""

    amount: str
    grain: Grain
    start: dt.date
    kind: Area
    code: str
    label: str
    value: int


def month_of(day: dt.date) -> dt.date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(month: dt.date) -> dt.date:
    """Return the first day of the next month."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def closed_months(today: dt.date, since: dt.date) -> list[dt.date]:
    """Return the first days of the months that may be published today, the oldest first."""
    month = month_of(since)
    found: list[dt.date] = []
    while month_after(month) + CLOSED_AFTER <= today:
        found.append(month)
        month = month_after(month)
    return found[-BACK:]


def months_release(*, today: dt.date | None = None, since: dt.date | None = None) -> int:
    """Publish what is closed and not yet published in the current region; returns how many.

    Goes back to ``since``, at first to the month in which the region was made.
    """
    today = today or timezone.localdate()
    since = since or timezone.localdate(current_tenant().created_at)
    months = closed_months(today, since)
    done = set(Release.objects.filter(month__in=months).values_list("source", "month"))
    todo = [
        (source, month)
        for month in months
        for source in SOURCES
        if (source.name, month) not in done
    ]
    if not todo:
        return 0
    areas = territory()
    return sum(month_release(source, month, areas) for source, month in todo)


def month_release(source: Source, month: dt.date, areas: Territory) -> bool:
    """Publish one month of one source, unless it is: what was told is never told otherwise."""
    with transaction.atomic():
        release, new = Release.objects.get_or_create(source=source.name, month=month)
        if not new:
            return False
        _write(release, list(month_figures(source, month, areas)))
        release_tell(release)
    return True


def _write(release: Release, figures: list[Figure]) -> None:
    """Write the cells of a release, thousands in one statement."""
    columns: list[Sequence[object]] = list(zip(*figures, strict=True))
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [release.pk, *map(list, columns)])


def release_tell(release: Release) -> None:
    """Record what a release says, for everybody's read model; again after a restore."""
    rows = release.cells.order_by("pk").values_list(
        "amount", "grain", "start", "kind", "code", "label", "value"
    )
    record(
        kind=KIND,
        version=VERSION,
        subject=release.public_id,
        payload={
            "source": release.source,
            "month": release.month.isoformat(),
            "cells": [[*row[:2], row[2].isoformat(), *row[3:]] for row in rows.iterator()],
        },
        replaces=True,
    )


def month_figures(
    source: Source, month: dt.date, areas: Territory, *, complementary: bool = True
) -> Iterator[Figure]:
    """Return the cells of a month that may be published; writes nothing."""
    cuts = _leaves(source, month, list(areas.levels[-1][1]))
    levels = [lies_in for _area, lies_in in areas.levels]
    ranks = [areas.first_back(area) for area, _lies_in in areas.levels]
    found = publishable(
        {leaf: one for leaf, (_label, one) in cuts.pop("municipality", {}).items()},
        levels,
        first_back=ranks,
        complementary=complementary,
    )
    if found is None:
        return
    kinds = (Area.WHOLE, *(area for area, _lies_in in areas.levels))
    for kind, cells in zip(kinds, found, strict=True):
        for code, one in cells.items():
            yield from _said(source, month, kind, code, "", one)
    # Communities cross areas: theirs are round figures of people only, whose differences with
    # others tell nothing below ten.
    others = cuts.pop("others", {})
    for code, (label, one) in cuts.pop("community", {}).items():
        rest = others[code][1] if code in others else None
        if is_told_of_group(one, rest if source.kind == Kind.SEEN else one):
            yield from _said(source, month, Area.COMMUNITY, code, label, one)
    for cut, leaves in cuts.items():
        yield from _cut_figures(source, month, cut, leaves, complementary=complementary)


def _cut_figures(
    source: Source,
    month: dt.date,
    cut: str,
    leaves: Mapping[str, tuple[str, Records]],
    *,
    complementary: bool,
) -> Iterator[Figure]:
    """The same month cut by day, by class of distance or by hour: the whole region only."""
    found = publishable(
        {leaf: one for leaf, (_label, one) in leaves.items()},
        [{leaf: leaf for leaf in leaves}],
        first_back=[lambda code: (code,)],
        complementary=complementary,
    )
    if found is None:
        return
    for code, one in found[1].items():
        if cut == Grain.DAY:
            day = dt.date.fromisoformat(code)
            for figure in _said(source, day, Area.WHOLE, "", "", one):
                yield figure._replace(grain=Grain.DAY)
        else:
            yield from _said(source, month, Area(cut), code, "", one)


def _said(
    source: Source, start: dt.date, kind: Area, code: str, label: str, one: Records
) -> Iterator[Figure]:
    for amount, value in zip(source.carries, one.amounts, strict=True):
        yield Figure(amount, Grain.MONTH, start, kind, code, label, rounded(value, source.round_to))


def _leaves(
    source: Source, month: dt.date, codes: list[str]
) -> dict[str, dict[str, tuple[str, Records]]]:
    """Cut → leaf → (its label, what is known of it), from one statement."""
    found: dict[str, dict[str, tuple[str, Records]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            month_leaves(source),
            {
                "first": month,
                "last": month_after(month) - dt.timedelta(days=1),
                "codes": codes,
                "zone": timezone.get_current_timezone_name(),
            },
        )
        for cut, leaf, label, amounts, base, count, tops, people, shares in cursor:
            known = Records(tuple(amounts), tuple(base))
            if people is None:
                known.unnamed, known.top = count, tuple(tops)
            else:
                known.people = dict(zip(people, map(tuple, shares), strict=True))
            found.setdefault(cut, {})[leaf] = (label, known)
    return found

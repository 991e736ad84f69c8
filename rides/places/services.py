"""Writes: import a file of carpool places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from regions.territories.queries import municipalities_get
from rides.matching.geometry import Point, distance
from rides.places.models import CarpoolPlace
from rides.places.reading import Message, ReadRow, read_places
from rides.places.words import far_from

FAR_M = 60_000.0
"""A place so far from its municipality's centre has its coordinates wrong, or swapped."""


@dataclass(slots=True)
class ImportReport:
    """What an import does, or would do: row by row."""

    dry_run: bool
    added: list[ReadRow] = field(default_factory=list)
    changed: list[ReadRow] = field(default_factory=list)
    same: list[ReadRow] = field(default_factory=list)
    refused: list[ReadRow] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Rows of the file."""
        return len(self.added) + len(self.changed) + len(self.same) + len(self.refused)


def places_import(*, content: bytes, dry_run: bool = False) -> ImportReport:
    """Add the places of a file and replace those of the same ``id_lieu``; keep all the others.

    Rows that are wrong are left out and reported, the rest is written together. With ``dry_run``
    nothing is written and the report is the same. Raises ``PlacesError`` for what is no such file.
    """
    rows = read_places(content)
    _check_municipalities(rows)
    report = ImportReport(dry_run)
    with transaction.atomic():
        known = {
            place.key: place
            for place in CarpoolPlace.objects.select_for_update().filter(
                key__in=[row.key for row in rows]
            )
        }
        for row in rows:
            place = known.get(row.key)
            if row.problems:
                report.refused.append(row)
            elif place is None:
                report.added.append(row)
            elif any(getattr(place, name) != value for name, value in row.fields.items()):
                report.changed.append(row)
            else:
                report.same.append(row)
        if not dry_run:
            _write(report, known)
    return report


def _write(report: ImportReport, known: dict[str, CarpoolPlace]) -> None:
    now = timezone.now()
    CarpoolPlace.objects.bulk_create(
        [CarpoolPlace(key=row.key, imported_at=now, **row.fields) for row in report.added],
        batch_size=1000,
    )
    changed = []
    for row in report.changed:
        place = known[row.key]
        for name, value in row.fields.items():
            setattr(place, name, value)
        place.imported_at = now
        changed.append(place)
    if changed:
        names = [*report.changed[0].fields, "imported_at"]
        CarpoolPlace.objects.bulk_update(changed, names, batch_size=500)


def _check_municipalities(rows: Sequence[ReadRow]) -> None:
    """Refuse places of a municipality that does not exist, or far from their own."""
    whole = [row for row in rows if not row.problems]
    known = municipalities_get(sorted({row.fields["code"] for row in whole}))
    for row in whole:
        town = known.get(row.fields["code"])
        problem: Message | None = None
        if town is None:
            problem = far_from(row.fields["code"], None)
        elif town.lat is not None and town.lon is not None:
            here = Point(row.fields["lat"], row.fields["lon"])
            if distance(here, Point(town.lat, town.lon)) > FAR_M:
                problem = far_from(row.fields["code"], town.name)
        if problem is not None:
            row.problems.append(problem)

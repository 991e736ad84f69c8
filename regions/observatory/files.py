"""Downloads: what a page shows, as CSV, JSON or Parquet, with what is needed to read it.

A file is written to a temporary file row by row and then sent in pieces: the municipalities of two
years take no more memory than one month of them. A figure that may not be told is empty.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any, Final, NamedTuple

from django.http import FileResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.shell.exports import IN_MEMORY, harmless
from regions.observatory import words
from regions.observatory.filters import Asked, months_back
from regions.observatory.page import coverage
from regions.observatory.queries import (
    Area,
    Definition,
    ReleasedCell,
    definitions,
    released,
)

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
LICENCE: Final = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
BATCH: Final = 5000
"""Rows of one group of a Parquet file."""
_EPOCH: Final = dt.date(1970, 1, 1)


class Line(NamedTuple):
    """One row of a file."""

    region: str
    area: str
    area_code: str
    area_name: str
    month: dt.date
    measure: str
    unit: str
    value: float | None
    suppressed: bool
    """Fewer than six people, or a figure that would give theirs away; then ``value`` is empty."""


def lines(asked: Asked) -> Iterator[Line]:
    """Yield what the page shows: the territory's figures, then the measure by area and class."""
    units = {one.code: one.unit.value for one in definitions()}
    of = asked.territory
    parts: list[tuple[list[str], Area, list[str] | None, list[str]]] = [
        (list(units), of.area, [of.code] if of.code else None, asked.slugs),
        ([asked.measure.code], asked.level, asked.within, [one.slug for one in asked.over]),
    ]
    if asked.in_part and not of.code:  # the whole of these is told nowhere
        others = [
            one for one in units if (one, asked.level) != (asked.measure.code, Area.DEPARTEMENT)
        ]
        parts.insert(1, (others, Area.DEPARTEMENT, None, [one.slug for one in asked.in_part]))
    parts += [
        ([asked.measure.code], area, None, asked.slugs)
        for area in (Area.DISTANCE, Area.HOUR)
        if area in asked.measure.areas
    ]
    for names, area, codes, regions in parts:
        # By year: a statement never brings more than twelve months at once.
        for back in range(asked.length - 12, -1, -12):
            last = months_back(asked.month, back)
            for cell in released(
                names,
                first=months_back(last, 11),
                last=last,
                area=area,
                codes=codes,
                regions=regions,
            ):
                yield _line(cell, units[cell.measure])


def _line(cell: ReleasedCell, unit: str) -> Line:
    return Line(
        cell.region,
        cell.area.value,
        cell.code,
        cell.label,
        cell.start,
        cell.measure,
        unit,
        cell.value,
        cell.suppressed,
    )


def notice(asked: Asked, *, title: str, source: str) -> dict[str, Any]:
    """Return what a file says of itself, before its figures."""
    return {
        "title": title,
        "source": source,
        "coverage": "; ".join(coverage(asked)),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "made_on": timezone.localdate().isoformat(),
        "months": [f"{asked.first:%Y-%m}", f"{asked.month:%Y-%m}"],
        "suppression": _(
            "Where value is empty and suppressed is true: fewer than six people, or a figure that "
            "would give theirs away. A sum that leaves such a figure out is a least amount."
        ),
        "measures": [definition_said(one) for one in definitions()],
    }


def definition_said(one: Definition) -> dict[str, str]:
    """A measure as files and the API tell it."""
    return {
        "measure": one.code,
        "label": str(one.label),
        "definition": str(one.definition),
        "method": str(one.method),
        "unit": one.unit.value,
        "unit_label": str(words.UNITS[one.unit]),
        "freshness": str(one.freshness),
        "source": str(one.origin),
    }


def file_of(asked: Asked, kind: str, *, title: str, source: str) -> FileResponse:
    """Return the file; ``kind`` is one of ``FORMATS``."""
    # The response closes it once it is sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    said = notice(asked, title=title, source=source)
    {"csv": _csv, "json": _json, "parquet": _parquet}[kind](file, said, lines(asked))
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{slugify(title)}-{asked.month:%Y-%m}.{kind}",
        content_type=FORMATS[kind],
    )


def _csv(file: IO[bytes], said: dict[str, Any], rows: Iterator[Line]) -> None:
    # With a byte order mark and semicolons, or a French spreadsheet reads neither é nor columns.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    for name in ("title", "source", "coverage", "licence", "licence_url", "made_on", "suppression"):
        writer.writerow([f"# {name}", said[name]])
    for one in said["measures"]:
        words_of = (one["label"], one["definition"], one["method"], one["unit_label"])
        writer.writerow([f"# {one['measure']}", *words_of, one["freshness"], one["source"]])
    writer.writerow(Line._fields)
    for row in rows:
        writer.writerow(_plain(row))
    text.flush()
    text.detach()


def _plain(row: Line) -> list[str]:
    """Decimal points and ISO months, for programs."""
    told = row._replace(area_name=harmless(row.area_name))._asdict() | {
        "month": f"{row.month:%Y-%m}",
        "value": "" if row.value is None else f"{row.value:g}" if row.value % 1 else int(row.value),
        "suppressed": "true" if row.suppressed else "false",
    }
    return [str(value) for value in told.values()]


def _json(file: IO[bytes], said: dict[str, Any], rows: Iterator[Line]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(json.dumps(said, ensure_ascii=False)[:-1] + ', "figures": [')
    for place, row in enumerate(rows):
        told = row._asdict() | {"month": f"{row.month:%Y-%m}"}
        text.write(("," if place else "") + "\n" + json.dumps(told, ensure_ascii=False))
    text.write("\n]}\n")
    text.flush()
    text.detach()


def _parquet(file: IO[bytes], said: dict[str, Any], rows: Iterator[Line]) -> None:
    # Twelve megabytes of library that no other page needs.
    from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet

    types = {
        "month": DataType.date32(),
        "value": DataType.float64(),
        "suppressed": DataType.bool(),
    }
    schema = Schema(
        [
            Field(name, types.get(name, DataType.string()), nullable=name == "value")
            for name in Line._fields
        ]
    )

    def column(name: str, values: tuple[Any, ...]) -> Array:
        if name == "month":
            days = [(value - _EPOCH).days for value in values]
            return Array(days, DataType.int32()).cast(DataType.date32())
        return Array(list(values), types.get(name, DataType.string()))

    def batches() -> Iterator[RecordBatch]:
        while group := list(islice(rows, BATCH)):
            columns = zip(Line._fields, zip(*group, strict=True), strict=True)
            yield RecordBatch.from_arrays([column(*one) for one in columns], schema=schema)

    write_parquet(
        RecordBatchReader.from_batches(schema, batches()),
        file,
        compression="zstd(3)",
        key_value_metadata={
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in said.items()
        },
    )

"""Which column of a file is what: our guess, what people say, and what they said last time.

A file whose needed column we do not recognise waits until its columns are named by hand. What was
named is remembered for the next file of the same person with the same headings.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.imports import columns
from communities.imports.errors import ColumnsInvalidError, NoColumnError
from communities.imports.models import Import, RememberedColumns
from core.accounts.models import Account
from core.sheets.reading import Reading, rows

NEEDED: Final = {Import.Kind.MEMBERS: "email", Import.Kind.COMMUNITIES: "name"}
"""What a file cannot do without."""
LOOKED_AT: Final = 50
"""Rows from which we guess."""
SAMPLES: Final = 3
SAMPLE_LENGTH: Final = 60


class Found(NamedTuple):
    """What is known of a file's columns."""

    columns: list[list[str]]
    """Pairs of heading and known field (empty: not read), in the file's order."""
    total: int
    """Rows below the headings."""
    is_known: bool
    """Whether the file can be read; else its columns are to be named."""


class FileColumn(NamedTuple):
    """One column as the page shows it."""

    heading: str
    field: str
    samples: list[str]


class _Sample(NamedTuple):
    first: list[str]
    below: list[list[str]]
    number: int
    """Rows of the whole file, the first included."""
    has_addresses: bool


def _look(content: bytes, reading: Reading) -> _Sample:
    """Read the whole file once: how many rows, what the first ones say, any address at all."""
    kept: list[list[str]] = []
    count, has_addresses = 0, False
    for row in rows(content, reading):
        count += 1
        if count <= LOOKED_AT:
            kept.append(row.cells)
        has_addresses = has_addresses or any("@" in cell for cell in row.cells)
    return _Sample(kept[0] if kept else [], kept[1:], count, has_addresses)


# --- what we find ---------------------------------------------------------------------------------
def columns_find(*, kind: str, by: Account | None, content: bytes, reading: Reading) -> Found:
    """Return the columns of a file as far as we know them.

    Raises ``NoColumnError`` for a file of people without a single address, and
    ``SheetUnreadableError``.
    """
    seen = _look(content, reading)
    if kind == Import.Kind.MEMBERS and not seen.has_addresses:
        raise NoColumnError
    remembered = _remembered(kind, by, seen.first)
    if remembered is not None:
        return _found(
            _wide(seen.first, [remembered]), remembered, named=True, rows=seen.number, is_known=True
        )
    if kind == Import.Kind.MEMBERS and any("@" in cell for cell in seen.first):
        fields = columns.fields_without_headings(kind, seen.first)
        return _found(seen.first, fields, named=False, rows=seen.number, is_known=True)
    fields = columns.fields_of(kind, seen.first)
    if NEEDED[Import.Kind(kind)] in fields:
        return _found(seen.first, fields, named=True, rows=seen.number, is_known=True)
    # A title above the table has fewer cells than the rows below it.
    first = _wide(seen.first, seen.below)
    fields = _guess(kind, columns.fields_of(kind, first), seen.below)
    return _found(first, fields, named=True, rows=seen.number, is_known=False)


def _wide(first: list[str], below: Sequence[Sequence[str]]) -> list[str]:
    width = max((len(cells) for cells in below), default=0)
    return first + [""] * (width - len(first))


def _guess(kind: str, fields: list[str], below: Sequence[Sequence[str]]) -> list[str]:
    """Add the address of people by what the cells hold, where no heading says it."""
    if kind != Import.Kind.MEMBERS:
        return fields
    shares = [
        sum(place < len(cells) and "@" in cells[place] for cells in below)
        for place in range(len(fields))
    ]
    best = max(range(len(fields)), key=lambda place: shares[place], default=None)
    if best is not None and shares[best]:
        fields[best] = "email"
    return fields


def _found(
    first: Sequence[str], fields: Sequence[str], *, named: bool, rows: int, is_known: bool
) -> Found:
    names = first if named else [""] * len(first)
    pairs = [[name[:60], field] for name, field in zip(names, fields, strict=True)]
    return Found(pairs, max(0, rows - named), is_known)


# --- what people say ------------------------------------------------------------------------------
def columns_shown(of: Import, content: bytes) -> list[FileColumn]:
    """Return each column of a file with what we take it for and the first values it holds."""
    reading = Reading(of.encoding, of.separator)
    first = [row.cells for row in itertools.islice(rows(content, reading), LOOKED_AT)]
    below = first[1:] if any(heading for heading, _field in of.columns) else first
    return [
        FileColumn(heading, field, _samples(cells[place] for cells in below if place < len(cells)))
        for place, (heading, field) in enumerate(of.columns)
    ]


def _samples(cells: Iterable[str]) -> list[str]:
    said = dict.fromkeys(cell[:SAMPLE_LENGTH] for cell in cells if cell)
    return list(itertools.islice(said, SAMPLES))


def columns_said(
    *, kind: str, content: bytes, reading: Reading, fields: Sequence[str], named: bool
) -> Found:
    """Return the columns as somebody named them. Raises ``ColumnsInvalidError``, by column."""
    seen = _look(content, reading)
    first = _wide(seen.first, seen.below)[: max(len(seen.first), len(fields))]
    said = [*fields, *[""] * len(first)][: len(first)]
    wrong: dict[str, str | Promise] = {}
    known, taken = set(columns.known_fields(kind)), set[str]()
    for place, field in enumerate(said):
        if field and field not in known:
            wrong[f"column-{place}"] = _("Choose one of the columns that are recognised.")
        elif field in taken:
            wrong[f"column-{place}"] = _("Another column is this already.")
        if field:
            taken.add(field)
    needed = NEEDED[Import.Kind(kind)]
    if needed not in taken:
        label = columns.LABELS[needed]
        wrong[""] = _("Say which column is “%(label)s”.") % {"label": label}
    if wrong:
        raise ColumnsInvalidError(wrong)
    return _found(first, said, named=named, rows=seen.number, is_known=True)


# --- what is remembered ---------------------------------------------------------------------------
def _digest(headings: Iterable[str]) -> str:
    told = "\x1f".join(columns.plain(name[:60]) or name[:60].strip() for name in headings)
    return hashlib.sha256(told.rstrip("\x1f").encode("utf-8", "replace")).hexdigest()


def columns_remember(*, kind: str, by: Account, columns: Sequence[Sequence[str]]) -> None:
    """Keep what somebody said for the next file with the same headings."""
    RememberedColumns.objects.update_or_create(
        by=by,
        kind=kind,
        headings=_digest(heading for heading, _field in columns),
        defaults={"fields": [field for _heading, field in columns]},
    )


def _remembered(kind: str, by: Account | None, headings: Sequence[str]) -> list[str] | None:
    """Return the fields that somebody named for a file with these headings; None without any."""
    found = RememberedColumns.objects.filter(by=by, kind=kind, headings=_digest(headings)).first()
    if found is None:
        return None
    fields = [str(field) for field in found.fields]
    return [*fields, *[""] * len(headings)][: max(len(headings), len(fields))]

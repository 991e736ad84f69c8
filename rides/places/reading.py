"""Reading a file of the national schema: encoding and separator found, every row judged.

Nothing here reads or writes the database: ``services.places_import`` does.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rides.places.errors import PlacesError
from rides.places.models import KINDS, CarpoolPlace

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 50_000
INSEE: Final = re.compile(r"^([013-9]\d|2[AB1-9])\d{3}$")

REQUIRED: Final = ("nom_lieu", "insee", "type", "date_maj", "ouvert", "xlong", "ylat")
"""Columns that a file must have, beside ``id_lieu`` (or ``id_local``, which stands for it)."""
_TRUE: Final = frozenset({"true", "vrai", "oui", "1", "o", "yes"})
_FALSE: Final = frozenset({"false", "faux", "non", "0", "n", "no"})
_LIT: Final = frozenset({"oui", "true", "vrai", "1", "détecteur de présence"})
_UNLIT: Final = frozenset({"non", "false", "faux", "0"})

Message = str | Promise


@dataclass(slots=True)
class ReadRow:
    """One line of the file: a place, or why it is none."""

    line: int
    """As a spreadsheet counts them: 2 is the first after the header."""
    key: str = ""
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    problems: list[Message] = field(default_factory=list)


def read_places(content: bytes) -> list[ReadRow]:
    """Every row of a file, in its order. Raises ``PlacesError`` for what is no such file."""
    if len(content) > MAX_BYTES:
        raise PlacesError(_("This file is larger than 5 MB."), code="too_large")
    text = _decoded(content)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_separator(text))
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in REQUIRED if name not in names]
    if "id_lieu" not in names and "id_local" not in names:
        missing.insert(0, "id_lieu")
    if missing:
        raise PlacesError(
            _("The first line must name the columns of the national schema; missing: %(names)s.")
            % {"names": ", ".join(missing)},
            code="no_header",
        )
    reader.fieldnames = names
    rows = []
    seen: dict[str, int] = {}
    try:
        for number, row in enumerate(reader, start=2):
            if number > MAX_ROWS + 1:
                raise PlacesError(_("More than 50,000 lines."), code="too_many_rows")
            read = _row(number, row)
            if read.key in seen and not read.problems:
                read.problems.append(
                    _("The same identifier is on line %(line)d.") % {"line": seen[read.key]}
                )
            seen.setdefault(read.key, number)
            rows.append(read)
    except csv.Error as error:
        raise PlacesError(_("This is not a CSV file."), code="not_text") from error
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, with or without a mark; else the encoding of Western spreadsheets."""
    if b"\0" in content:
        raise PlacesError(_("This is not a CSV file."), code="not_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The sign that the header line has most of: comma, semicolon or tab."""
    header = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=header.count)


def _row(number: int, row: Mapping[str | Any, Any]) -> ReadRow:
    said = {
        name: value.strip()
        for name, value in row.items()
        if isinstance(name, str) and isinstance(value, str)
    }
    read = ReadRow(
        number, said.get("id_lieu") or said.get("id_local", ""), said.get("nom_lieu", "")
    )
    read.problems.extend(_fill(read.fields, said))
    if not read.key:
        read.problems.insert(0, _("No identifier (id_lieu)."))
    elif len(read.key) > 60:
        read.problems.append(_too_long("id_lieu", 60))
    return read


_TEXTS: Final = {
    "name": "nom_lieu",
    "address": "ad_lieu",
    "town": "com_lieu",
    "source": "source",
    "hours": "horaires",
    "owner": "proprio",
    "comment": "comm",
}


_LENGTHS: Final[dict[str, int]] = {
    field.name: field.max_length
    for field in CarpoolPlace._meta.concrete_fields
    if field.max_length and field.name in _TEXTS
}


def _fill(fields: dict[str, Any], said: Mapping[str, str]) -> Iterator[Message]:
    """Put the values of a row in ``fields``; yield what is wrong with them."""
    for name, column in _TEXTS.items():
        fields[name] = said.get(column, "")
        most = _LENGTHS[name]
        if len(fields[name]) > most:
            yield _too_long(column, most)
    if not fields["name"]:
        yield _("No name (nom_lieu).")
    fields["code"] = said.get("insee", "").upper()
    if not INSEE.match(fields["code"]):
        yield _("“%(text)s” is no INSEE code.") % {"text": fields["code"][:20]}
    kinds = {kind.casefold().replace("’", "'"): kind for kind in KINDS}
    kind = said.get("type", "")
    fields["kind"] = kinds.get(kind.casefold().replace("’", "'"), "")
    if not fields["kind"]:
        yield _("“%(text)s” is no kind of place of the schema.") % {"text": kind[:40]}
    try:
        fields["dated"] = dt.date.fromisoformat(said.get("date_maj", "")[:10])
    except ValueError:
        yield _("“%(text)s” is no date (AAAA-MM-JJ).") % {"text": said.get("date_maj", "")[:20]}
    is_open = said.get("ouvert", "").casefold()
    fields["is_open"] = is_open in _TRUE
    if is_open not in _TRUE | _FALSE:
        yield _("“ouvert” must be true or false.")
    for name, column, most_degrees in (("lat", "ylat", 90), ("lon", "xlong", 180)):
        value = _degrees(said.get(column, ""))
        if value is None or abs(value) > most_degrees:
            yield _("“%(text)s” is no %(column)s.") % {
                "text": said.get(column, "")[:20],
                "column": column,
            }
        else:
            fields[name] = value
    for name, column in (
        ("spaces", "nbre_pl"),
        ("accessible_spaces", "nbre_pmr"),
        ("longest_stay", "duree"),
    ):
        text = said.get(column, "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 7):
            yield _("“%(text)s” is no %(column)s.") % {"text": text[:20], "column": column}
        else:
            fields[name] = int(text) if text else None
    light = said.get("lumiere", "").casefold()
    fields["is_lit"] = True if light in _LIT else False if light in _UNLIT else None


def _degrees(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if value == value else None


def _too_long(column: str, most: int) -> Message:
    return _("%(column)s is longer than %(most)d characters.") % {"column": column, "most": most}

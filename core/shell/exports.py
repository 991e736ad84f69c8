"""Lists as files: CSV that a French spreadsheet opens, and XLSX. Never a formula of a stranger's.

A file is written to a temporary file row by row, then sent in pieces: 70 000 rows take no more
memory than a thousand.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import IO, Any, Final

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from core.shell.tables import FORMAT, Column, Table, in_words

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IN_MEMORY: Final = 1_000_000
"""Bytes kept in memory before a temporary file goes to the disk."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def asked_format(request: HttpRequest) -> str:
    """Return ``csv``, ``xlsx`` or nothing; raise Http404 for a format that does not exist."""
    asked = request.GET.get(FORMAT, "")
    if asked and asked not in FORMATS:
        raise Http404("No such format.")
    return asked


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: ``=1+1`` becomes ``'=1+1``.

    Everything that people type goes through here before it enters a CSV file.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def file_of(
    table: Table[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    prepare: Callable[[list[Any]], None],
    name: str,
) -> FileResponse:
    """Return the whole filtered list, in the order and with the columns asked for, as a file."""
    asked = asked_format(request)
    found = table.in_chunks(table.rows(request.GET, rows), prepare)
    columns = [column for column in table.shown(request.GET) if column.exported]
    # The response closes it once it is sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    if asked == "csv":
        _csv(file, columns, found)
    else:
        _xlsx(file, columns, found, str(table.caption))
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{slugify(name) or table.name}-{timezone.localdate():%Y-%m-%d}.{asked}",
        content_type=FORMATS[asked],
    )


def _csv(file: IO[bytes], columns: list[Column[Any]], rows: Iterator[Any]) -> None:
    # With a byte order mark and semicolons, or a French spreadsheet reads neither é nor columns.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([harmless(str(column.label)) for column in columns])
    for row in rows:
        writer.writerow([_in_csv(column.value(row), column) for column in columns])
    text.flush()
    text.detach()


def _in_csv(value: Any, column: Column[Any]) -> str:
    if column.kind == "number" and value is not None:
        return str(value)
    return harmless(in_words(value, column.kind))


def _xlsx(file: IO[bytes], columns: list[Column[Any]], rows: Iterator[Any], title: str) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title="".join(c for c in title if c not in r"[]:*?/\\")[:31])
    sheet.freeze_panes = "A2"
    heads = []
    for column in columns:
        head = WriteOnlyCell(sheet, value=str(column.label))
        head.font = Font(bold=True)
        heads.append(head)
    sheet.append(heads)
    for row in rows:
        sheet.append([_in_xlsx(sheet, column.value(row), column) for column in columns])
    book.save(file)


def _in_xlsx(sheet: Any, value: Any, column: Column[Any]) -> Any:
    """Keep numbers and dates what they are; a text is a text, whatever it begins with."""
    if column.kind == "number" or value is None:
        return value
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    words = in_words(value, column.kind)
    cell = WriteOnlyCell(sheet, value="".join(c for c in words if c >= " " or c in "\t\n"))
    cell.data_type = "s"
    return cell

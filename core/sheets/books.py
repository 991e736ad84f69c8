"""XLSX files: the first sheet, row by row. Bombs are refused before anything is unpacked."""

from __future__ import annotations

import io
import itertools
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.sheets.errors import SheetUnreadableError
from core.sheets.texts import clean

MAX_UNPACKED: Final = 60 * 1024 * 1024
"""Bytes of all parts together; 50 000 rows of a dozen columns take half of it."""
MAX_PART: Final = 8 * 1024 * 1024
"""Bytes of a part that is read whole: styles, relations."""
MAX_TEXTS: Final = 30 * 1024 * 1024
"""Bytes of the texts that cells share."""
MAX_PARTS: Final = 300
MAX_COLUMNS: Final = 60
_CHUNK: Final = 500
MAX_PROLOG: Final = 65_536
"""Bytes that may stand before the first element of a part."""
_PROLOG: Final = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*+<[A-Za-z_:\x80-\xff]", re.DOTALL)
"""Declarations and comments, then an element: no document type, no entity."""
BROKEN: Final = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError),
    *(OSError, RecursionError, SyntaxError, TypeError, ValueError),
    *(struct.error, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, InvalidFileException),
)
"""What reading a file that is no workbook raises: in its archive, its XML or its cells."""


def book_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of the first sheet that is not blank, with its number in the spreadsheet.

    Raises ``SheetUnreadableError``.
    """
    _check(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that it does not know
            book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            names = book.sheetnames
            sheet: Any = book[names[0]]
            rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    except BROKEN as error:
        raise _unreadable() from error
    numbered = enumerate(rows, start=1)
    try:
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    chunk = list(itertools.islice(numbered, _CHUNK))
            except BROKEN as error:
                raise _unreadable() from error
            if not chunk:
                return
            for number, values in chunk:
                if values.count(None) == len(values):
                    continue
                cells = [_text(value) for value in values]
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    yield number, cells
    finally:
        book.close()


def _unreadable() -> SheetUnreadableError:
    return SheetUnreadableError(
        _("This workbook cannot be opened. Save it again as XLSX or CSV from your spreadsheet.")
    )


def _check(content: bytes) -> None:
    """Refuse what would unpack to too much, and what XML can be made to do."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            total = 0
            for part in parts:
                total += part.file_size
                name = part.filename.lower()
                limit = MAX_PART
                if name.startswith("xl/worksheets/") or name.startswith("xl/media/"):
                    limit = MAX_UNPACKED
                elif name.endswith("sharedstrings.xml"):
                    limit = MAX_TEXTS
                if part.file_size > limit or total > MAX_UNPACKED or len(parts) > MAX_PARTS:
                    raise SheetUnreadableError(
                        _("This workbook is too large once opened. Keep one sheet of plain cells.")
                    )
            for part in parts:
                with packed.open(part) as file:
                    if _declares(file.read(MAX_PROLOG)):
                        raise _unreadable()
    except BROKEN as error:
        raise _unreadable() from error


def _declares(head: bytes) -> bool:
    """Whether what stands before the first element declares a type, or never ends."""
    rest = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if not rest.lstrip().startswith(b"<"):
        return False  # no XML
    return _PROLOG.match(rest) is None


def _text(value: Any) -> str:
    """Return a cell as people read it; whole numbers without their « .0 »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        if (value.hour, value.minute, value.second) == (0, 0, 0):
            value = value.date()
        else:
            return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return clean(str(value))

"""From a file to rows: what it is, how it is read, and its rows one by one.

``detect`` finds out how a file is to be read; people may correct it; ``rows`` reads. Memory is
that of the file (5 MB at most) and of one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.sheets import texts
from core.sheets.books import MAX_COLUMNS, book_rows
from core.sheets.errors import SheetUnreadableError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 50_000
"""Rows that are not blank, headings apart."""
MAX_CELL: Final = 6000
"""Characters of a cell that are kept."""
XLSX: Final = "xlsx"
_OTHERS: Final = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
"""How old workbooks, documents and pictures begin."""

ENCODINGS: Final[dict[str, str | Promise]] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": _("UTF-16, big end first"),
    "cp1252": _("Windows (1252)"),
    "mac-roman": _("Macintosh (Roman)"),
}
"""Encodings in words."""
SEPARATORS: Final[dict[str, str | Promise]] = {
    ";": _("semicolon ( ; )"),
    ",": _("comma ( , )"),
    "\t": _("tabulation"),
    "|": _("vertical bar ( | )"),
}
"""Separators in words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read. XLSX files know neither encoding nor separator."""

    encoding: str
    separator: str

    @property
    def is_book(self) -> bool:
        """Whether it is a workbook."""
        return self.encoding == XLSX


class Row(NamedTuple):
    """A row that is not blank."""

    number: int
    """As the spreadsheet numbers it, from 1, headings included."""
    cells: list[str]


def check_size(size: int) -> None:
    """Raise ``SheetUnreadableError`` for a file of more than 5 MB."""
    if size > MAX_BYTES:
        raise SheetUnreadableError(_("This file weighs more than 5 MB. Send it in several parts."))


def detect(content: bytes) -> Reading:
    """Find out how to read a file. Raises ``SheetUnreadableError`` for what is no table at all."""
    check_size(len(content))
    if not content.strip():
        raise SheetUnreadableError(_("This file is empty."))
    if content.startswith(b"PK\x03\x04"):
        return Reading(XLSX, "")
    encoding = texts.encoding_of(content)
    text = texts.decoded(content, encoding)
    if content.startswith(_OTHERS) or texts.is_noise(text):
        raise SheetUnreadableError(
            _("This file is no table that we read. Save it as XLSX or CSV from your spreadsheet.")
        )
    return Reading(encoding, texts.separator_of(text))


def rows(content: bytes, reading: Reading) -> Iterator[Row]:
    """Yield the rows that are not blank, headings included.

    Raises ``SheetUnreadableError`` after 50 000 of them (and one of headings), or when a workbook
    is broken. Nothing else is ever raised for what a file holds.
    """
    check_size(len(content))
    if reading.is_book:
        found = book_rows(content)
    else:
        text = texts.decoded(content, reading.encoding)
        found = texts.lines_of(text, reading.separator)
    for count, (number, cells) in enumerate(found):
        if count > MAX_ROWS:
            raise SheetUnreadableError(
                _("This file has more than 50,000 rows. Send it in several parts.")
            )
        yield Row(number, [cell[:MAX_CELL] for cell in cells[:MAX_COLUMNS]])

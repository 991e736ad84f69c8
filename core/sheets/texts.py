"""Text files: which encoding, which separator, and rows that a stray quote cannot swallow.

A spreadsheet reads a quote that is never closed as one cell that goes on to the end of the file:
every row after it is lost. Here a line is a row, unless quotes that begin and end where cells do
span lines none of which is a row of its own.
"""

from __future__ import annotations

import csv
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac-roman")
SEPARATORS: Final = (";", ",", "\t", "|")
SAMPLE: Final = 60
"""Lines that are looked at to find the separator."""
MAX_SPAN: Final = 60
"""Lines that one cell may have."""
MAX_STRAY: Final = 200
"""After so many stray quotes no cell is looked for over several lines: the file is broken."""
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ENDS: Final = re.compile("\r\n|\r|\n")
_LOWER: Final = frozenset("éèêëàâîïôûùçœ")
_POSSIBLE: Final = frozenset("äöüÿæñáíóúÉÈÊËÀÂÄÎÏÔÖÙÛÜÇŒÆ’‘“”«»…–—€°·\xa0²³")
_MANY: Final = 5000
"""Characters that are weighed to tell one encoding from another."""


# --- encoding -------------------------------------------------------------------------------------
def encoding_of(content: bytes) -> str:
    """Return the encoding that makes most sense of the bytes; always one of ``ENCODINGS``."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if found := _wide(content):
        return found
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(one > "\x7f" for one in text) - broken > broken:
        return "utf-8"  # a few broken characters in a text that is otherwise UTF-8
    return max(("cp1252", "mac-roman"), key=lambda one: _likely(content, one))


def _wide(content: bytes) -> str:
    """Tell UTF-16 without its mark: every other byte of Latin letters is zero."""
    sample = content[:4000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > half * 0.6 and sample[::2].count(0) < half * 0.2:
        return "utf-16-le"
    if half and sample[::2].count(0) > half * 0.6 and sample[1::2].count(0) < half * 0.2:
        return "utf-16-be"
    return ""


def _likely(content: bytes, encoding: str) -> int:
    """Weigh what an encoding makes of the bytes: how likely in a French text, and where."""
    text = f" {content.decode(encoding, 'replace')} "
    return sum(
        _weight(text[found.start() - 1], found[0], text[found.end()])
        for found in itertools.islice(re.finditer(r"[^\x00-\x7f]", text), _MANY)
    )


def _weight(before: str, one: str, after: str) -> int:
    if one in _LOWER:
        return 3
    if one not in _POSSIBLE:
        return -2
    if one.isalpha():
        # « PrÈnom »: a capital inside a word is the other encoding's é.
        return -3 if one.isupper() and before.islower() else 1
    # « PR…NOM »: a sign inside a word is the other encoding's É, but for « l’eau ».
    return -3 if one != "’" and before.isalpha() and after.isalpha() else 1


def is_noise(text: str) -> bool:
    """Whether a text is none: one character in ten is no character that people type."""
    sample = text[:4000]
    odd = sum(one == "\ufffd" or (one < " " and one not in "\t\r\n") for one in sample)
    return odd * 10 > len(sample)


def decoded(content: bytes, encoding: str) -> str:
    """Return the text; what the encoding does not know becomes « � », and nothing is refused."""
    text = content.decode(encoding, "replace")
    return text.removeprefix("\ufeff")


# --- separator ------------------------------------------------------------------------------------
def separator_of(text: str) -> str:
    """Return the separator that cuts most of the first lines into as many cells as the first."""
    lines = [line for line in _ENDS.split(text[:200_000])[: SAMPLE * 3] if line.strip()][:SAMPLE]
    if not lines:
        return SEPARATORS[0]
    said = re.fullmatch(r"sep=(.)", lines[0].strip(), flags=re.IGNORECASE)
    if said and said[1] in SEPARATORS:
        return said[1]

    def agreement(separator: str) -> tuple[float, int]:
        counts = [len(_cut(line, separator)) for line in lines]
        if counts[0] < 2:
            # Not in the headings: only when many lines say otherwise.
            return (sum(count > 1 for count in counts) / len(counts) / 4, 0)
        return (sum(count == counts[0] for count in counts) / len(counts), counts[0])

    best = max(SEPARATORS, key=agreement)
    return best if agreement(best)[0] > 0 else SEPARATORS[0]


# --- rows -----------------------------------------------------------------------------------------
def lines_of(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the number of its first line, from 1."""
    lines = _ENDS.split(text)
    wanted = 0  # cells of the first row, by which rows are told from parts of a cell
    at = stray = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip() or (number == 1 and re.fullmatch(r"(?i)sep=.", line.strip())):
            continue
        if '"' not in line:
            cells = line.split(separator)
        else:
            span = MAX_SPAN if stray < MAX_STRAY else 1
            cells, more = _quoted(lines[at - 1 : at - 1 + span], separator, wanted)
            stray += not more and line.count('"') % 2
            at += more
        if not wanted:
            wanted = len(cells)
        cells = [clean(cell) for cell in cells]
        if any(cells):
            yield number, cells


def _quoted(lines: Sequence[str], separator: str, wanted: int) -> tuple[list[str], int]:
    """Return the row that begins at a line with quotes, and how many further lines it takes."""
    cells = _strictly(lines[0], separator)
    if cells is not None:
        return cells, 0
    joined = lines[0]
    for more, line in enumerate(lines[1:], start=1):
        if _is_row(line, separator, wanted):
            break
        joined += "\n" + line
        if '"' in line and (cells := _strictly(joined, separator)) is not None:
            return cells, more
    return _cut(lines[0], separator), 0


def _is_row(line: str, separator: str, wanted: int) -> bool:
    """Whether a line is a row of its own, so that no cell may swallow it.

    One with more cells than the headings is: some files name the first columns only.
    """
    if wanted < 2:
        return True
    cells = _strictly(line, separator)
    if cells is not None and len(cells) >= wanted:
        return True
    return wanted > 2 and line.count(separator) >= wanted - 1


def _strictly(text: str, separator: str) -> list[str] | None:
    """Return the cells when every quote is where it should be, else None."""
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _cut(line: str, separator: str) -> list[str]:
    """Return the cells of one line, come what may: a stray quote is a character."""
    cells = _strictly(line, separator)
    return cells if cells is not None else [cell.strip('"') for cell in line.split(separator)]


def clean(cell: str) -> str:
    """Return a cell without what surrounds it; what no keyboard types becomes « � »."""
    cell = cell.strip().strip("\ufeff\u200b\xa0").strip()
    if cell.isprintable():
        return cell
    return "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cs"} and one not in "\t\n" else one
        for one in cell
    )

"""Files that people send: found out, read row by row, and no good row lost to a bad one."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.sheets import books, reading
from core.sheets.errors import SheetUnreadableError
from core.sheets.reading import MAX_ROWS, detect, rows

HEADINGS = ["Courriel", "Prénom", "Nom"]
PEOPLE = [["zoe@example.org", "Zoé", "Lefèvre"], ["leo@example.org", "Léo", "Benoît-Çelik"]]


def read(content: bytes) -> list[list[str]]:
    return [row.cells for row in rows(content, detect(content))]


def written(table: list[list[str]], separator: str, quoting: Any = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="\r\n").writerows(table)
    return out.getvalue()


def workbook(table: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in table:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_encoding_and_separator_are_found_out(codec: str, found: str, separator: str) -> None:
    content = written([HEADINGS, *PEOPLE], separator).encode(codec)
    assert detect(content) == reading.Reading(found, separator)
    assert read(content) == [HEADINGS, *PEOPLE]


@pytest.mark.parametrize("codec", ["cp1252", "mac-roman"])
@pytest.mark.parametrize(
    "line", ["Fatou;Sané;l’été", "PRÉNOM;NOËL", "Zoë;d’Août", "Île;Çelik;Œuf", "« Âne »;à;où"]
)
def test_windows_is_told_from_macintosh_by_a_word_or_two(line: str, codec: str) -> None:
    assert detect(f"Mail;Nom\n{line}\n".encode(codec)).encoding == codec


def test_a_separator_that_excel_names_is_believed() -> None:
    assert read(b"sep=|\r\na;b|c\r\n1|2\r\n") == [["a;b", "c"], ["1", "2"]]


def test_a_workbook_is_read_as_people_see_it() -> None:
    content = workbook([HEADINGS, [], ["a@example.org", 12.0, True], [None, None, "fin"]])
    found = list(rows(content, detect(content)))
    assert [row.number for row in found] == [1, 3, 4]
    assert [row.cells for row in found[1:]] == [["a@example.org", "12", "1"], ["", "", "fin"]]


def test_a_cell_of_several_lines_is_one_and_a_stray_quote_is_none() -> None:
    table = [HEADINGS, ["a@example.org", "Zoé\ndite Zo", 'Le "Grand"'], *PEOPLE]
    assert read(written(table, ";").encode()) == table
    broken = 'Courriel;Prénom;Nom\na@x.org;"Zoé;Le\nb@x.org;Léo;Du\nc@x.org;Luc";Roy\nd@x.org;Al;Bo'
    assert [row[0] for row in read(broken.encode())] == [
        "Courriel",
        *(f"{c}@x.org" for c in "abcd"),
    ]


@settings(max_examples=150, deadline=None)
@given(
    bad=st.lists(st.text(alphabet=st.sampled_from('";,|\t=+-@\0\x1aé€a1 \u2028\x85'), max_size=30)),
    places=st.lists(st.integers(0, 30), max_size=30),
    separator=st.sampled_from(";,\t|"),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    named=st.integers(1, 3),
)
@example(bad=['a;"', '"'], places=[0, 4], separator=";", codec="utf-8", quoting=0, named=2).via(
    "headings of the first columns only"
)
def test_no_bad_row_takes_a_good_one(
    bad: list[str], places: list[int], separator: str, codec: str, quoting: Any, named: int
) -> None:
    good = [[f"p{n}@example.org", f"Zoé {n}", "d’Été"] for n in range(30)]
    lines = written([HEADINGS[:named], *good], separator, quoting).split("\r\n")[:-1]
    for place, line in zip(places, bad, strict=False):
        lines.insert(1 + place, line)
    content = "\r\n".join(lines).encode(codec)
    how = reading.Reading(detect(content).encoding, separator)
    found = [row.cells for row in rows(content, how)]
    assert [row for row in found if row in good] == good


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=400) | st.binary(max_size=60).map(lambda one: b"PK\x03\x04" + one)
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        found = read(content)
    except SheetUnreadableError:
        return
    assert all("\0" not in cell for row in found for cell in row)


def test_fifty_thousand_bad_rows_take_seconds() -> None:
    content = b"a;b;c\n" + b'x;"y\n' * (MAX_ROWS - 1) + b"good;1;2\n"
    began = time.process_time()
    found = read(content)
    assert len(found) == MAX_ROWS + 1 and found[-1] == ["good", "1", "2"]
    assert time.process_time() - began < 10
    with pytest.raises(SheetUnreadableError, match=r"50,000|50\s000"):
        read(content + b"one;more;row\n")


def _packed(name: str, part: bytes) -> bytes:
    """A workbook in which one part is another."""
    plain, out = zipfile.ZipFile(io.BytesIO(workbook([HEADINGS]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in plain.namelist():
            packed.writestr(one, part if one == name else plain.read(one))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x" * (reading.MAX_BYTES + 1),
        b"%PDF-1.7 rien",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        workbook([HEADINGS])[:-200],
        _packed("xl/worksheets/sheet1.xml", b" " * (books.MAX_UNPACKED + 1)),
        _packed("xl/styles.xml", b" " * (books.MAX_PART + 1)),
        _packed("xl/worksheets/sheet1.xml", b"<!--" + b"x" * 9000 + b"--><!DOCTYPE a><a/>"),
        _packed("xl/theme/theme1.xml", '<?xml version="1.0"?> <!DOCTYPE a><a/>'.encode("utf-16")),
        _packed("xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'),
        _packed("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c>"),
    ],
    ids=[
        "empty",
        "heavy",
        "pdf",
        "xls",
        "cut",
        "bomb",
        "styles",
        "far",
        "wide",
        "entities",
        "broken",
    ],
)
def test_what_is_no_table_or_a_bomb_is_refused(content: bytes) -> None:
    with pytest.raises(SheetUnreadableError):
        read(content)

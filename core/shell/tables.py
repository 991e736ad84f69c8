"""Lists of the console: columns with a type, sorting, search, filters, pages, choice of columns.

An app describes a list once and shows it with ``{% include "components/table.html" %}``::

    TABLE = Table(
        name="members", caption=_("Members"),
        columns=(Column("name", _("Name"), value=lambda row: row.name, sort=("name_key",)), …),
        filters=(Filter("status", _("Status"), choices=…, apply=…),), search=…, order=("pk",),
    )
    view = TABLE.view(request, rows, prepare=with_moderators)

Everything that a person chooses is in the address: a list can be sent, kept and gone back to, and
works without JavaScript. The number of queries does not depend on the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Generic, Literal, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

R = TypeVar("R", bound=Any)
Kind = Literal["text", "number", "day", "yesno"]
Words = str | Promise

SIZES: Final = (10, 25, 50, 100)
"""Rows per page on offer."""
USUAL_SIZE: Final = 25
CHUNK: Final = 1000
"""Rows read at a time for a file."""
SEARCH_LENGTH: Final = 100
# Names in addresses; a filter takes none of them.
_SEARCH, _SORT, _PAGE, _SIZE, _COLUMN = "q", "tri", "page", "lignes", "col"
FORMAT: Final = "format"


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column."""

    name: str
    """Unique in its table; its place in the address."""
    label: Words
    value: Callable[[R], Any]
    """What it says of a row: text, number, date (or moment), yes or no, or None."""
    kind: Kind = "text"
    sort: tuple[str, ...] = ()
    """Fields that order it; empty: it cannot be sorted by."""
    cell: Callable[[R], str] | None = None
    """Draws the cell (``format_html``); without it, the value in words."""
    usual: bool = True
    """Shown unless people choose otherwise."""
    fixed: bool = False
    """Shown whatever people choose."""
    header: bool = False
    """Names the row, for those who hear the table."""
    exported: bool = True
    """Also in files."""


@dataclass(frozen=True, slots=True)
class Filter(Generic[R]):
    """A choice that keeps some of the rows."""

    name: str
    label: Words
    choices: Callable[[], Sequence[tuple[str, Words]]]
    apply: Callable[[QuerySet[R], str], QuerySet[R]]


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a column."""

    label: str
    kind: Kind
    url: str = ""
    """Address that sorts by it; empty when it cannot be."""
    order: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one row says in one column."""

    label: str
    kind: Kind
    text: str
    header: bool


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """A row with its cells."""

    row: R
    key: str
    name: str
    """What its box is called."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, of the rows per page or of the columns."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as the tool bar shows it."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(slots=True)
class TableView(Generic[R]):
    """What the template reads, and what exports walk through."""

    name: str
    caption: str
    search_label: str
    text: str
    heads: tuple[Head, ...]
    lines: tuple[Line[R], ...]
    page: Page[R]
    chips: tuple[Chip, ...]
    filters: tuple[Asked, ...]
    sizes: tuple[Choice, ...]
    columns: tuple[Choice, ...]
    kept: dict[str, list[tuple[str, str]]]
    """Hidden fields of the tool bar's and of the columns' forms: what the other has chosen."""
    csv_url: str
    xlsx_url: str
    all_url: str
    """The list without any filter."""
    selectable: bool
    everyone: int = 0
    """How many rows the bar may act on at once, beyond this page; 0: only chosen ones."""
    action: str = ""
    """Where the form of the rows is sent."""


def _parameters(get: QueryDict, **changes: Any) -> str:
    changed = get.copy()
    changed.pop(_PAGE, None)
    for name, value in changes.items():
        changed.pop(name, None)
        if isinstance(value, list):
            changed.setlist(name, value)
        elif value is not None:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def in_words(value: Any, kind: Kind) -> str:
    """Return a value as a cell shows it: « 13/10/2023 », « Oui », « 1 234 »; empty for None."""
    if value is None:
        return ""
    if kind == "yesno":
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if kind == "number":
        return str(formats.number_format(value, force_grouping=True))
    return str(value)


def _nothing(rows: list[Any]) -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """A list of the console."""

    name: str
    """Short, for ids and names of files."""
    caption: Words
    columns: tuple[Column[R], ...]
    order: tuple[str, ...]
    """The usual order; ends with what is unique, and breaks the ties of every other."""
    filters: tuple[Filter[R], ...] = ()
    search: Callable[[QuerySet[R], str], QuerySet[R]] | None = None
    search_label: Words = ""
    key: Callable[[R], str] = field(default=lambda row: str(row.pk))
    """What a row's box sends."""
    title: Callable[[R], str] = str
    """What a row's box is called, for those who hear it."""
    selectable: bool = False
    whole: bool = False
    """Whether the bar also acts on every row that was found, whatever the page shows: the form of
    the rows then sends ``everyone``, and in ``next`` the address of the list."""

    # --- what was asked ---------------------------------------------------------------------------
    def text(self, get: QueryDict) -> str:
        """Return what is searched for."""
        return get.get(_SEARCH, "").replace("\0", "").strip()[:SEARCH_LENGTH]

    def chosen(self, get: QueryDict) -> dict[str, str]:
        """Return the filters that are on, by name; unknown values count as none."""
        found = {}
        for one in self.filters:
            value = get.get(one.name, "")
            if value and any(value == known for known, _label in one.choices()):
                found[one.name] = value
        return found

    def shown(self, get: QueryDict) -> tuple[Column[R], ...]:
        """Return the columns to show, in their own order."""
        asked = set(get.getlist(_COLUMN)) & {column.name for column in self.columns}
        return tuple(
            column
            for column in self.columns
            if column.fixed or (column.name in asked if asked else column.usual)
        )

    def sorted_by(self, get: QueryDict) -> tuple[Column[R] | None, bool]:
        """Return the column to sort by and whether downwards; None for the usual order."""
        asked = get.get(_SORT, "")
        for column in self.columns:
            if column.sort and asked.removeprefix("-") == column.name:
                return column, asked.startswith("-")
        return None, False

    def size(self, get: QueryDict) -> int:
        """Return the rows per page."""
        asked = get.get(_SIZE, "")
        return int(asked) if asked in {str(size) for size in SIZES} else USUAL_SIZE

    # --- what is found ----------------------------------------------------------------------------
    def rows(self, get: QueryDict, rows: QuerySet[R]) -> QuerySet[R]:
        """Return the rows that were searched for and filtered, in the order asked for."""
        chosen = self.chosen(get)
        for one in self.filters:
            if one.name in chosen:
                rows = one.apply(rows, chosen[one.name])
        text = self.text(get)
        if text and self.search is not None:
            rows = self.search(rows, text)
        column, downwards = self.sorted_by(get)
        if column is None:
            return rows.order_by(*self.order)
        first = [_turned(name) if downwards else name for name in column.sort]
        return rows.order_by(*first, *self.order)

    def in_chunks(
        self, rows: QuerySet[R], prepare: Callable[[list[R]], None] = _nothing
    ) -> Iterator[R]:
        """Yield every row, read and prepared by chunks: a file never holds them all."""
        kept: list[R] = []
        for row in rows.iterator(chunk_size=CHUNK):
            kept.append(row)
            if len(kept) == CHUNK:
                prepare(kept)
                yield from kept
                kept = []
        prepare(kept)
        yield from kept

    def view(
        self,
        request: HttpRequest,
        rows: QuerySet[R],
        *,
        prepare: Callable[[list[R]], None] = _nothing,
        action: str = "",
    ) -> TableView[R]:
        """Return the page asked for. ``prepare`` adds to the page's rows what cells need.

        ``action`` is the address that takes the form of the rows (boxes, buttons in cells).
        """
        get = request.GET
        found, columns, chosen = self.rows(get, rows), self.shown(get), self.chosen(get)
        page = Paginator(found, self.size(get)).get_page(get.get(_PAGE))
        listed = list(page.object_list)
        page.object_list = listed
        prepare(listed)
        by, downwards = self.sorted_by(get)
        return TableView(
            name=self.name,
            caption=str(self.caption),
            search_label=str(self.search_label) if self.search else "",
            text=self.text(get),
            heads=tuple(self._head(column, get, by, downwards) for column in columns),
            lines=tuple(self._line(row, columns) for row in listed),
            page=page,
            chips=self._chips(get, chosen),
            filters=tuple(self._asked(one, chosen) for one in self.filters),
            sizes=tuple(Choice(str(n), str(n), n == self.size(get)) for n in SIZES),
            columns=tuple(
                Choice(column.name, str(column.label), column in columns)
                for column in self.columns
                if not column.fixed
            ),
            kept={
                "tools": _pairs(get, _SORT, _COLUMN),
                "columns": _pairs(get, _SORT, _SEARCH, _SIZE, *(f.name for f in self.filters)),
            },
            csv_url=_parameters(get, **{FORMAT: "csv"}),
            xlsx_url=_parameters(get, **{FORMAT: "xlsx"}),
            all_url=request.path,
            selectable=self.selectable,
            everyone=page.paginator.count if self.whole and page.has_other_pages() else 0,
            action=action,
        )

    def _head(
        self, column: Column[R], get: QueryDict, by: Column[R] | None, downwards: bool
    ) -> Head:
        label = str(column.label)
        if not column.sort:
            return Head(label, column.kind)
        on = by is not None and by.name == column.name
        turned = f"-{column.name}" if on and not downwards else column.name
        order: Literal["", "ascending", "descending"] = ""
        if on:
            order = "descending" if downwards else "ascending"
        return Head(label, column.kind, _parameters(get, **{_SORT: turned}), order)

    def _line(self, row: R, columns: tuple[Column[R], ...]) -> Line[R]:
        return Line(
            row,
            self.key(row),
            self.title(row),
            tuple(
                Cell(
                    str(column.label),
                    column.kind,
                    column.cell(row)
                    if column.cell is not None
                    else in_words(column.value(row), column.kind),
                    column.header,
                )
                for column in columns
            ),
        )

    def _chips(self, get: QueryDict, chosen: dict[str, str]) -> tuple[Chip, ...]:
        found = []
        if text := self.text(get):
            found.append(Chip(f"« {text} »", _parameters(get, **{_SEARCH: None})))
        for one in self.filters:
            if one.name in chosen:
                words = dict(one.choices())[chosen[one.name]]
                label = _("%(filter)s: %(value)s") % {"filter": one.label, "value": words}
                found.append(Chip(label, _parameters(get, **{one.name: None})))
        return tuple(found)

    def _asked(self, one: Filter[R], chosen: dict[str, str]) -> Asked:
        on = chosen.get(one.name, "")
        return Asked(
            one.name,
            str(one.label),
            tuple(Choice(value, str(label), value == on) for value, label in one.choices()),
        )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _pairs(get: QueryDict, *names: str) -> list[tuple[str, str]]:
    return [(name, value) for name in names for value in get.getlist(name) if value]

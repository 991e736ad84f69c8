"""Writes of imports: begin, read again, start, carry on, give up.

A file whose columns are known (``mapping``) is read into rows with a verdict each (``file_read``);
starting does what the rows say (``running``). Whatever is clicked twice is done once: each step
asks for the state it leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from communities.communities.models import Community
from communities.imports import columns, groups, mapping, people, tasks
from communities.imports.errors import FileGoneError, ImportMovedError, RowsRefusedError
from communities.imports.models import KEPT_FOR, Import, ImportRow
from core.accounts.models import Account
from core.audit.services import record
from core.sheets.reading import ENCODINGS, SEPARATORS, XLSX, Reading, Row, detect, rows

AT_ONCE: Final = 1000
"""Files of so many rows are read while the person waits; larger ones in the background."""
CHUNK: Final = 1000
State = Import.State
_ROOMS: Final = {Import.Kind.MEMBERS: people, Import.Kind.COMMUNITIES: groups}


def import_begin(
    *, kind: str, community: Community | None, by: Account, file_name: str, content: bytes
) -> Import:
    """Take a file and read it, or ask what its columns are; nothing is imported yet.

    Raises ``SheetUnreadableError`` (too heavy, too long, no table) and ``NoColumnError``; then
    nothing is kept.
    """
    reading = detect(content)
    found = mapping.columns_find(kind=kind, by=by, content=content, reading=reading)
    with ExitStack() as undo:
        key = storages["private"].save(f"imports/{uuid.uuid4().hex}", ContentFile(content))
        undo.callback(storages["private"].delete, key)
        with transaction.atomic():
            made = Import.objects.create(
                kind=kind,
                community=community,
                by=by,
                file_name=_name(file_name),
                file=key,
                encoding=reading.encoding,
                separator=reading.separator,
                columns=found.columns,
                total=found.total,
                state=State.READING if found.is_known else State.COLUMNS,
                touched_at=timezone.now(),
            )
            audit(made, "import.sent", by)
            _read_soon(made)
        undo.pop_all()  # the row that names the file is there
    made.refresh_from_db()
    return made


@transaction.atomic
def import_read_again(*, of: Import, encoding: str, separator: str) -> Import:
    """Read the file with what the person says of it. Raises what ``import_begin`` raises."""
    locked = _locked(of, State.READY, State.COLUMNS)
    if locked.encoding == XLSX or encoding not in ENCODINGS or separator not in SEPARATORS:
        raise ImportMovedError
    reading = Reading(encoding, separator)
    found = mapping.columns_find(
        kind=locked.kind, by=locked.by, content=content_of(locked), reading=reading
    )
    locked.encoding, locked.separator = encoding, separator
    return _read_as(locked, found)


@transaction.atomic
def import_columns_set(*, of: Import, fields: Sequence[str], named: bool, by: Account) -> Import:
    """Read the file with the columns that the person named; remember them for the same headings.

    ``named``: the first row holds headings. Raises ``ColumnsInvalidError``, by column.
    """
    locked = _locked(of, State.READY, State.COLUMNS)
    reading = Reading(locked.encoding, locked.separator)
    found = mapping.columns_said(
        kind=locked.kind, content=content_of(locked), reading=reading, fields=fields, named=named
    )
    if named:
        mapping.columns_remember(kind=locked.kind, by=by, columns=found.columns)
    return _read_as(locked, found)


def _read_as(locked: Import, found: mapping.Found) -> Import:
    """Read a file anew as its columns say, or wait until they are named."""
    locked.columns, locked.total, locked.problem = found.columns, found.total, ""
    locked.state = State.READING if found.is_known else State.COLUMNS
    locked.verdicts, locked.touched_at = {}, timezone.now()
    locked.save()
    ImportRow.objects.filter(of=locked).delete()
    _read_soon(locked)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def import_start(*, of: Import, mode: str, by: Account) -> Import:
    """« Importer »: put it in the queue of its community; a second click changes nothing.

    Raises ``RowsRefusedError`` when all or nothing is asked and a row is refused.
    """
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.state in {State.QUEUED, State.RUNNING, State.DONE}:
        return locked
    if locked.state != State.READY:
        raise ImportMovedError
    if mode == Import.Mode.ALL and locked.verdicts.get("refused"):
        raise RowsRefusedError
    locked.mode = Import.Mode(mode)
    locked.by = by  # whoever says so answers for it
    locked.problem = ""
    _queue(locked)
    audit(locked, "import.started", by)
    return locked


@transaction.atomic
def import_resume(*, of: Import, by: Account) -> Import:
    """« Reprendre »: go on after the last row done; twice is once."""
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.state in {State.QUEUED, State.RUNNING, State.DONE}:
        return locked
    if locked.state != State.STOPPED:
        raise ImportMovedError
    locked.by, locked.attempts, locked.problem = by, 0, ""
    _queue(locked)
    audit(locked, "import.resumed", by)
    return locked


@transaction.atomic
def import_drop(*, of: Import, by: Account) -> None:
    """Give up a file that was not imported: it goes with its rows, the history stays."""
    locked = _locked(of, State.READY, State.COLUMNS)
    audit(locked, "import.dropped", by)
    file_forget(locked)
    locked.delete()


def _queue(locked: Import) -> None:
    locked.state = State.QUEUED
    locked.touched_at = timezone.now()
    locked.save()
    tasks.run.enqueue(key=locked.pk)


def _locked(of: Import, *states: str) -> Import:
    found = Import.objects.select_for_update(of=("self",)).filter(pk=of.pk).first()
    if found is None or found.state not in states:
        raise ImportMovedError
    return found


def audit(of: Import, action: str, by: Account | None) -> None:
    """Write a line of history: in that of the community, or of the file of communities."""
    record(
        actor=by,
        action=action,
        kind="community" if of.community else "import",
        object_id=of.community_id or of.pk,
        label=of.community.name if of.community else of.file_name,
        changes={
            "file_name": ("", of.file_name),
            "rows": ("", of.total),
            **{f"rows_{name}": ("", count) for name, count in of.outcomes.items()},
        },
        batch=of.batch,
    )


# --- the file -------------------------------------------------------------------------------------
def content_of(of: Import) -> bytes:
    """Return the bytes of the file that was sent. Raises ``FileGoneError``."""
    try:
        with storages["private"].open(of.file) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise FileGoneError from None
    return content


def _name(typed: str) -> str:
    """Return the last part of a file's name, without what no file is called."""
    last = typed.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in last if one.isprintable())[-120:] or "fichier"


def _data_rows(of: Import) -> Iterator[Row]:
    """Yield the rows below the headings."""
    found = rows(content_of(of), Reading(of.encoding, of.separator))
    if any(heading for heading, _field in of.columns):
        next(found, None)
    return found


def _read_soon(of: Import) -> None:
    if of.state != State.READING:
        return
    if of.total <= AT_ONCE:
        file_read(of)
    else:
        tasks.read.enqueue(key=of.pk)


@transaction.atomic
def file_read(of: Import) -> None:
    """Turn the file into rows with a verdict each; once more is the same."""
    locked = Import.objects.select_for_update().filter(pk=of.pk).first()
    if locked is None or locked.state != State.READING:
        return
    room = _ROOMS[Import.Kind(locked.kind)]
    fields = [field for _heading, field in locked.columns]
    ImportRow.objects.filter(of=locked).delete()
    seen: dict[str, int] = {}
    chunk: list[ImportRow] = []

    def write() -> None:
        room.judge(locked, chunk, seen)
        for row in chunk:
            row.of = locked
        ImportRow.objects.bulk_create(chunk)
        chunk.clear()

    for row in _data_rows(locked):
        chunk.append(room.row_read(row.number, columns.cells_by_field(fields, row.cells)))
        if len(chunk) == CHUNK:
            write()
    write()
    locked.verdicts = _counted(locked, "verdict")
    locked.total = sum(locked.verdicts.values())
    locked.state, locked.touched_at = State.READY, timezone.now()
    locked.save()


def _counted(of: Import, field: str) -> dict[str, int]:
    found = ImportRow.objects.filter(of=of).order_by().values_list(field).annotate(Count("pk"))
    return {value: count for value, count in found if value}


def outcomes_of(of: Import, chunk: Sequence[ImportRow]) -> dict[str, int]:
    """Return the import's outcomes with those of a chunk more."""
    told = dict(of.outcomes)
    for row in chunk:
        told[row.outcome] = told.get(row.outcome, 0) + 1
    return told


# --- what time undoes -----------------------------------------------------------------------------
def file_forget(of: Import) -> None:
    """Delete the file once the transaction commits: never a row that names a file that is gone."""
    key = of.file
    if key:
        transaction.on_commit(lambda: storages["private"].delete(key))


def purge(now: datetime) -> None:
    """Delete files and rows of more than 30 days; when, who and how many stay."""
    for old in Import.objects.filter(created_at__lt=now - KEPT_FOR).exclude(file=""):
        with transaction.atomic():
            locked = Import.objects.select_for_update().get(pk=old.pk)
            if locked.state in {State.QUEUED, State.RUNNING}:
                continue
            file_forget(locked)
            ImportRow.objects.filter(of=locked).delete()
            if locked.state in {State.READING, State.COLUMNS, State.READY}:
                locked.delete()
            else:
                locked.file = ""
                locked.save(update_fields=["file"])

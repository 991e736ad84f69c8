"""Writing history. Call it in the transaction of the act: both are there, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.audit.models import AuditEntry

if TYPE_CHECKING:
    from core.accounts.models import Account

LABEL_LENGTH = 200


def record(
    *,
    actor: Account | None,
    action: str,
    kind: str,
    object_id: object,
    label: str = "",
    subject: Account | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    note: str = "",
    batch: UUID | None = None,
) -> AuditEntry:
    """Write one line. ``actor`` ``None``: a task of ours did it.

    ``changes`` maps a field to (before, after), JSON values, dates and times included; equal pairs
    are left out. Give no personal data but what the act itself is about.
    """
    return AuditEntry.objects.create(
        actor=actor,
        by_person=actor is not None,
        action=action,
        kind=kind,
        object_id=str(object_id),
        label=label[:LABEL_LENGTH],
        subject=subject,
        changes=_differing(changes),
        note=note,
        batch=batch,
    )


def _differing(changes: Mapping[str, tuple[Any, Any]] | None) -> dict[str, list[Any]]:
    return {name: list(pair) for name, pair in (changes or {}).items() if pair[0] != pair[1]}


def record_about(
    *,
    actor: Account | None,
    action: str,
    kind: str,
    object_id: object,
    label: str,
    subjects: Sequence[int],
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    note: str = "",
    batch: UUID | None = None,
) -> None:
    """Write the same line about each of many people (keys of accounts), in a few statements."""
    told = _differing(changes)
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                actor=actor,
                by_person=actor is not None,
                action=action,
                kind=kind,
                object_id=str(object_id),
                label=label[:LABEL_LENGTH],
                subject_id=subject,
                changes=told,
                note=note,
                batch=batch,
            )
            for subject in subjects
        ),
        batch_size=1000,
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose values differ, with both, for ``changes``."""
    return {
        name: (value, after.get(name)) for name, value in before.items() if value != after.get(name)
    }

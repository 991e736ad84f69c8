"""Reading history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.audit import actions
from core.audit.models import AuditEntry

if TYPE_CHECKING:
    from core.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, in words; empty for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act in words."""

    at: datetime
    who: str
    what: str
    about: str
    """Name of the person concerned; empty when it is the object itself."""
    changes: tuple[Change, ...]
    note: str


def entries_of(kind: str, object_id: object) -> QuerySet[AuditEntry]:
    """Return the history of an object, latest first, with people."""
    return (
        AuditEntry.objects.filter(kind=kind, object_id=str(object_id))
        .select_related("actor", "subject")
        .order_by("-at", "-pk")
    )


def entries_of_many(
    kind: str, object_ids: Iterable[object], *, actions: Iterable[str]
) -> dict[str, AuditEntry]:
    """Return the latest of some acts for each of many objects, by object id; one query."""
    rows = (
        AuditEntry.objects.filter(
            kind=kind, object_id__in=[str(one) for one in object_ids], action__in=list(actions)
        )
        .select_related("actor")
        .order_by("at", "pk")
    )
    return {row.object_id: row for row in rows}


def entries_about(account: Account) -> QuerySet[AuditEntry]:
    """Return what was done about a person, latest first."""
    return (
        AuditEntry.objects.filter(subject=account)
        .select_related("actor", "subject")
        .order_by("-at", "-pk")
    )


def entries_of_batch(batch: UUID, *, actor: Account) -> QuerySet[AuditEntry]:
    """Return the lines that one click of a person wrote, in the order written."""
    return (
        AuditEntry.objects.filter(batch=batch, actor=actor).select_related("subject").order_by("pk")
    )


def line_of(entry: AuditEntry) -> HistoryLine:
    """Return an entry in words. People are named as « Pierre L. »."""
    if entry.actor is not None:
        who = entry.actor.display_name
    else:
        who = _("Somebody who has left") if entry.by_person else _("The platform")
    subject = entry.subject
    about = subject.display_name if subject is not None and entry.kind != "account" else ""
    return HistoryLine(
        at=entry.at,
        who=who,
        what=actions.words_of(entry.action),
        about=about,
        changes=tuple(
            Change(
                actions.field_of(entry.kind, name),
                actions.value_of(entry.kind, name, before),
                actions.value_of(entry.kind, name, after),
            )
            for name, (before, after) in entry.changes.items()
        ),
        note=actions.note_of(entry.action, entry.note),
    )

"""Lists of imports: the files that were sent, and the rows of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.communities.models import Community, Membership
from communities.imports.models import Import, ImportRow
from communities.imports.words import reason_of
from core.shell.cards import Badge, Tone
from core.shell.tables import Column, Filter, Table
from core.shell.templatetags.shell import badge

Mark = tuple[str, Tone]
State, Verdict, Outcome = Import.State, ImportRow.Verdict, ImportRow.Outcome
_STATE_MARKS: Final[Mapping[str, Mark]] = {
    State.READING: ("clock", "neutral"),
    State.COLUMNS: ("list", "warning"),
    State.READY: ("eye", "warning"),
    State.QUEUED: ("clock", "neutral"),
    State.RUNNING: ("clock", "accent"),
    State.DONE: ("success", "success"),
    State.STOPPED: ("error", "danger"),
}
_VERDICT_MARKS: Final[Mapping[str, Mark]] = {
    Verdict.NEW: ("user-plus", "success"),
    Verdict.CREATE: ("plus", "success"),
    Verdict.CHANGE: ("swap", "accent"),
    Verdict.MEMBER: ("check", "neutral"),
    Verdict.EXISTS: ("check", "neutral"),
    Verdict.REPEATED: ("copy", "neutral"),
    Verdict.OUTSIDE: ("eye-off", "warning"),
    Verdict.REFUSED: ("error", "danger"),
}
_OUTCOME_MARKS: Final[Mapping[str, Mark]] = {
    Outcome.DONE: ("success", "success"),
    Outcome.NOTHING: ("minus", "neutral"),
    Outcome.REFUSED: ("error", "danger"),
}
VERDICTS_OF = {
    Import.Kind.MEMBERS: (
        Verdict.NEW,
        Verdict.CHANGE,
        Verdict.MEMBER,
        Verdict.OUTSIDE,
        Verdict.REPEATED,
        Verdict.REFUSED,
    ),
    Import.Kind.COMMUNITIES: (
        Verdict.CREATE,
        Verdict.EXISTS,
        Verdict.REPEATED,
        Verdict.REFUSED,
    ),
}


def state_badge(of: Import) -> Badge:
    """Return where an import stands, as a badge."""
    return Badge(of.get_state_display(), *_STATE_MARKS[of.state])


def _mark(label: str, mark: Mark) -> str:
    return format_html('<span class="imports-mark">{}</span>', badge(Badge(label, *mark)))


def _verdict(row: ImportRow) -> str:
    return _mark(row.get_verdict_display(), _VERDICT_MARKS[row.verdict])


def _why(row: ImportRow) -> str:
    words = reason_of(row.reason, row.detail)
    return format_html('<span class="imports-why">{}</span>', words) if words else ""


def _outcome(row: ImportRow) -> str:
    if not row.outcome:
        return ""
    return _mark(row.get_outcome_display(), _OUTCOME_MARKS[row.outcome])


def standing_label(standing: str) -> str:
    """Return a status in words; empty for none."""
    if standing in Membership.Role.values:
        return str(Membership.Role(standing).label)
    return str(Membership.Status(standing).label) if standing else ""


def _search(rows: QuerySet[ImportRow], text: str) -> QuerySet[ImportRow]:
    return rows.filter(
        Q(email__icontains=text)
        | Q(first_name__icontains=text)
        | Q(last_name__icontains=text)
        | Q(data__name__icontains=text)
    )


def _told(of: Import) -> tuple[Column[ImportRow], ...]:
    """The columns of what the file says."""
    identifier: Column[ImportRow] = Column(
        "identifier",
        _("Identifier in the file"),
        value=lambda row: row.data.get("identifier", ""),
        usual=False,
    )
    if of.kind == Import.Kind.COMMUNITIES:
        return (
            Column(
                "name", _("Community name"), value=lambda row: row.data.get("name", ""), header=True
            ),
            Column("where", _("Municipality"), value=lambda row: _where(row)),
            Column("referent", _("Address of who runs it"), value=lambda row: row.email),
            identifier,
        )
    return (
        Column("email", _("E-mail address"), value=lambda row: row.email, header=True),
        Column("first_name", _("First name"), value=lambda row: row.first_name),
        Column("last_name", _("Last name"), value=lambda row: row.last_name),
        Column(
            "standing",
            _("Status in the file"),
            value=lambda row: standing_label(row.standing),
        ),
        identifier,
    )


def _where(row: ImportRow) -> str:
    return str(row.data.get("where", "")).removeprefix("#")


def rows_table(of: Import) -> Table[ImportRow]:
    """Return the list of an import's rows; its file is the report."""
    ended: tuple[Column[ImportRow], ...] = ()
    if of.done:
        ended = (
            Column(
                "outcome",
                pgettext_lazy("of a row of an import", "Result"),
                value=lambda row: row.get_outcome_display() if row.outcome else "",
                cell=_outcome,
            ),
        )
    return Table(
        name="rows",
        caption=_("Rows of the file, each with its verdict"),
        columns=(
            Column(
                "number", _("Row"), value=lambda row: row.number, kind="number", sort=("number",)
            ),
            *_told(of),
            Column("why", _("Why"), value=lambda row: reason_of(row.reason, row.detail), cell=_why),
            Column(
                "verdict",
                _("Verdict"),
                value=lambda row: row.get_verdict_display(),
                cell=_verdict,
                usual=not of.done,
            ),
            *ended,
        ),
        order=("number",),
        filters=(
            Filter(
                "verdict",
                _("Verdict"),
                choices=lambda: [(one.value, one.label) for one in VERDICTS_OF[of.kind]],  # type: ignore[index]
                apply=lambda rows, value: rows.filter(verdict=value),
            ),
            *(
                (
                    Filter(
                        "resultat",
                        pgettext_lazy("of a row of an import", "Result"),
                        choices=lambda: Outcome.choices,
                        apply=lambda rows, value: rows.filter(outcome=value),
                    ),
                )
                if of.done
                else ()
            ),
        ),
        search=_search,
        search_label=_("Search the rows"),
    )


def _link(of: Import) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse("imports-console:show", args=[of.public_id]), of.file_name
    )


def imports_table() -> Table[Import]:
    """Return the list of imports."""
    return Table(
        name="imports",
        caption=_("Imports of files"),
        columns=(
            Column(
                "file",
                _("File of the import"),
                value=lambda row: row.file_name,
                cell=_link,
                sort=("file_name",),
                fixed=True,
                header=True,
            ),
            Column("kind", _("What it holds"), value=lambda row: row.get_kind_display()),
            Column("community", _("Community"), value=lambda row: _community(row.community)),
            Column("by", _("Sent by"), value=lambda row: row.by.display_name if row.by else ""),
            Column(
                "sent",
                _("Sent on"),
                value=lambda row: row.created_at,
                kind="day",
                sort=("created_at",),
            ),
            Column("total", _("Rows"), value=lambda row: row.total, kind="number", sort=("total",)),
            Column(
                "done",
                _("Imported"),
                value=lambda row: row.outcomes.get("done", 0),
                kind="number",
            ),
            Column(
                "state",
                _("State of the import"),
                value=lambda row: row.get_state_display(),
                cell=lambda row: badge(state_badge(row)),
            ),
        ),
        order=("-created_at", "-pk"),
        filters=(
            Filter(
                "etat",
                _("State of the import"),
                choices=lambda: State.choices,
                apply=lambda rows, value: rows.filter(state=value),
            ),
        ),
    )


def _community(community: Community | None) -> str:
    return community.name if community else _g("Several")


def report_of(of: Import) -> str:
    """Return the address of the report: every column, whatever the page shows."""
    return "?format=csv" + "".join(f"&col={one.name}" for one in rows_table(of).columns)


def shares(of: Import) -> Sequence[tuple[str, str, int]]:
    """Return (value, label, rows) of each verdict that some row has."""
    found = ((one, of.verdicts.get(one.value, 0)) for one in VERDICTS_OF[Import.Kind(of.kind)])
    return [(one.value, str(one.label), count) for one, count in found if count]

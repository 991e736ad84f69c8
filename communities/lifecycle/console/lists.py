"""« Communautés inactives » and « Communautés supprimées » of the console."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from communities.communities import queries as communities
from communities.communities.access import communities_administered_by, has_console, require_module
from communities.communities.ending import KEPT_FOR
from communities.communities.models import Community
from communities.lifecycle import access, queries
from core.audit.queries import entries_of_many
from core.shell.exports import asked_format, file_of
from core.shell.tables import Column, Filter, Table, in_words
from core.shell.templatetags.shell import icon
from regions.territories.names import fold

STATES: Final = (
    ("inactive", _("Inactive without an answer")),
    ("vote", _("Vote of the members")),
    ("archived", _("Archived community")),
)


def _state(row: Any) -> str:
    standing = getattr(row, "standing", None)
    if standing is not None and standing.archived_at is not None:
        return "archived"
    return "vote" if row.vote_until is not None else "inactive"


def _in_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "archived":
        return rows.filter(standing__archived_at__isnull=False)
    return rows.exclude(standing__archived_at__isnull=False).filter(
        vote_until__isnull=value == "inactive"
    )


def _search(rows: QuerySet[Community], text: str) -> QuerySet[Community]:
    for word in fold(text).split()[:8]:
        rows = rows.filter(search_key__contains=word)
    return rows


def _name(url: str, community: Community) -> SafeString:
    return format_html(
        '<a class="list__name" href="{}">{}</a><span class="list__detail">{}</span>',
        reverse(url, args=[community.slug]),
        community.name,
        community.place_label,
    )


def _state_cell(row: Any) -> SafeString:
    look = {"inactive": ("clock", "warning"), "vote": ("users", "accent"), "archived": ("lock", "")}
    sign, tone = look[_state(row)]
    return format_html(
        '<span class="badge{}">{}{}</span>',
        f" badge--{tone}" if tone else "",
        icon(sign),
        dict(STATES)[_state(row)],
    )


def _contacted_cell(row: Any) -> SafeString | str:
    if row.contacted is None:
        return format_html(
            '<span class="badge badge--warning">{}{}</span>', icon("warning"), gettext("None yet")
        )
    return in_words(row.contacted, "day")


INACTIVE: Final[Table[Any]] = Table(
    name="inactive",
    caption=_("Inactive communities"),
    columns=(
        Column(
            "nom",
            _("Name"),
            value=lambda row: row.name,
            sort=("name_key",),
            cell=lambda row: _name("communities-lifecycle-console:life", row),
            fixed=True,
            header=True,
        ),
        Column(
            "etat",
            _("State"),
            value=lambda row: str(dict(STATES)[_state(row)]),
            cell=_state_cell,
        ),
        Column(
            "activite",
            _("Last activity"),
            value=lambda row: row.last_sign,
            kind="day",
            sort=("last_sign",),
        ),
        Column(
            "avertie", _("Warned on"), value=lambda row: row.warned, kind="day", sort=("warned",)
        ),
        Column(
            "contact",
            _("Last contact logged"),
            value=lambda row: row.contacted,
            kind="day",
            sort=("contacted",),
            cell=_contacted_cell,
        ),
        Column(
            "vote",
            _("Vote until"),
            value=lambda row: row.vote_until,
            kind="day",
            sort=("vote_until",),
        ),
        Column("membres", _("Number of members"), value=lambda row: row.members, kind="number"),
    ),
    filters=(Filter("etat", _("State"), choices=lambda: STATES, apply=_in_state),),
    search=_search,
    search_label=_("Search for a community"),
    order=("last_sign", "name_key", "pk"),
)


def _restore(row: Any) -> SafeString:
    return format_html(
        '<button class="btn btn--secondary btn--compact" type="submit" name="slug" value="{}" '
        'form="deleted-rows">{}{}<span class="visually-hidden"> {}</span></button>',
        row.slug,
        icon("undo"),
        gettext("Bring back"),
        row.name,
    )


DELETED: Final[Table[Any]] = Table(
    name="deleted",
    caption=_("Deleted communities"),
    columns=(
        Column(
            "nom",
            _("Name"),
            value=lambda row: row.name,
            sort=("name_key",),
            cell=lambda row: _name("communities-console:edit", row),
            fixed=True,
            header=True,
        ),
        Column(
            "supprimee",
            _("Deleted on"),
            value=lambda row: row.deleted_at,
            kind="day",
            sort=("deleted_at",),
        ),
        Column("par", _("Deleted by"), value=lambda row: row.who),
        Column("motif", _("Reason given"), value=lambda row: row.why),
        Column(
            "jusqu",
            _("Can be brought back until"),
            value=lambda row: row.deleted_at + KEPT_FOR,
            kind="day",
        ),
        Column("membres", _("Number of members"), value=lambda row: row.members, kind="number"),
        Column(
            "actions",
            _("Actions"),
            value=lambda row: "",
            cell=_restore,
            fixed=True,
            exported=False,
        ),
    ),
    search=_search,
    search_label=_("Search for a community"),
    order=("-deleted_at", "pk"),
)


def _count(rows: list[Any]) -> None:
    counts = communities.members_counts([row.pk for row in rows])
    for row in rows:
        row.members = counts.get(row.pk, 0)


def _tell_deletion(rows: list[Any]) -> None:
    """Add who deleted each, and why; one query."""
    _count(rows)
    latest = entries_of_many("community", [row.pk for row in rows], actions=("community.deleted",))
    for row in rows:
        entry = latest.get(str(row.pk))
        row.who = ""
        row.why = entry.note if entry is not None else ""
        if entry is not None:
            row.who = entry.actor.display_name if entry.actor else gettext("The platform itself")


@require_safe
def inactive(request: HttpRequest) -> HttpResponseBase:
    """Communities that are quiet, archived or voting, for those who oversee communities."""
    require_module()
    if not access.oversees(request.user):
        raise Http404("Oversees nothing.")
    rows = queries.in_question(access.communities_overseen_by(request.user))
    if asked_format(request):
        return file_of(INACTIVE, request, rows, prepare=_count, name="communautes-inactives")
    table = INACTIVE.view(request, rows, prepare=_count)
    return render(request, "lifecycle/console_inactive.html", {"table": table})


@require_safe
def deleted(request: HttpRequest) -> HttpResponseBase:
    """Communities that can still be brought back, for those who may."""
    require_module()
    if not has_console(request.user):
        raise Http404("No console.")
    rows = queries.deleted(communities_administered_by(request.user))
    if asked_format(request):
        name = "communautes-supprimees"
        return file_of(DELETED, request, rows, prepare=_tell_deletion, name=name)
    table = DELETED.view(
        request,
        rows,
        prepare=_tell_deletion,
        action=reverse("communities-console:restore-chosen"),
    )
    return render(
        request,
        "lifecycle/console_deleted.html",
        {
            "table": table,
            "days": KEPT_FOR.days,
        },
    )

"""The list of communities in the console (PP-08)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from communities.communities import queries
from communities.communities.models import Community, Membership
from core.shell.tables import Column, Filter, Table
from core.shell.templatetags.shell import hue, icon, initials
from regions.onboarding.queries import region_current
from regions.territories.queries import departement_names

Status, Role = Membership.Status, Membership.Role
Words = str | Promise


# --- communities ----------------------------------------------------------------------------------
def _mark(community: Any) -> SafeString:
    if community.logo:
        return format_html(
            '<img class="mark mark--logo mark--small" src="{}" alt="" width="44" height="44" '
            'loading="lazy">',
            community.logo_url,
        )
    return format_html(
        '<span class="mark mark--{} mark--small" aria-hidden="true">{}</span>',
        hue(community.name),
        initials(community.name),
    )


def _name(community: Any) -> SafeString:
    return format_html(
        '<a class="list__name" href="{}">{}</a><span class="list__detail">{}</span>',
        reverse("communities-console:edit", args=[community.slug]),
        community.name,
        community.place_label,
    )


def state_of(community: Community) -> str:
    """Return ``active``, ``inactive`` or ``deleted``."""
    if community.deleted_at is not None:
        return "deleted"
    return "active" if community.is_active else "inactive"


STATES: Final[dict[str, Words]] = {
    "active": _("Active community"),
    "inactive": _("Archived community"),
    "deleted": _("Deleted community"),
}


def _flags(community: Any) -> list[tuple[str, str]]:
    """What sets a community apart: icons and words."""
    found = []
    if community.deleted_at is not None:
        found.append(("trash", gettext("Deleted")))
    elif not community.is_active:
        found.append(("lock", pgettext("a community", "Archived")))
    if community.adverts_hidden:
        found.append(("eye-off", gettext("Hidden adverts")))
    if community.members_hidden:
        found.append(("users", gettext("Hidden members")))
    return found


def _badges(community: Any) -> SafeString:
    return format_html_join(
        " ",
        '<span class="badge">{}{}</span>',
        ((icon(name), words) for name, words in _flags(community)),
    )


def _runners(community: Any) -> str:
    return ", ".join(community.runners)


def _runners_cell(community: Any) -> str:
    if community.runners:
        return _runners(community)
    return format_html(
        '<span class="badge badge--warning">{}{}</span>', icon("warning"), gettext("Nobody")
    )


def _edit(community: Any) -> SafeString:
    words = pgettext("a community", "Edit") if community.may_change else gettext("See")
    return format_html(
        '<a class="btn btn--secondary btn--compact" href="{}">{}{}'
        '<span class="visually-hidden"> {}</span></a>',
        reverse("communities-console:edit", args=[community.slug]),
        icon("edit" if community.may_change else "eye"),
        words,
        community.name,
    )


def _in_state(rows: QuerySet[Community], value: str) -> QuerySet[Community]:
    if value == "deleted":
        return rows.filter(deleted_at__isnull=False)
    return rows.filter(deleted_at__isnull=True, is_active=value == "active")


def _in_departement(rows: QuerySet[Community], value: str) -> QuerySet[Community]:
    # INSEE codes begin with their département's.
    return rows.filter(municipality_code__startswith=value)


def _departements() -> Sequence[tuple[str, str]]:
    names = departement_names(regions=region_current().region_codes)
    return sorted(names.items(), key=lambda pair: pair[1])


COMMUNITIES: Final[Table[Any]] = Table(
    name="communities",
    caption=_("List of communities"),
    columns=(
        Column("id", _("ID"), value=lambda row: row.pk, kind="number", sort=("pk",)),
        Column("image", _("Image"), value=lambda row: "", cell=_mark, exported=False),
        Column(
            "nom",
            _("Name"),
            value=lambda row: row.name,
            sort=("name_key",),
            cell=_name,
            fixed=True,
            header=True,
        ),
        Column(
            "type",
            _("Type"),
            value=lambda row: row.get_kind_display(),
            sort=("kind",),
            usual=False,
        ),
        Column("adresse", _("Address"), value=lambda row: row.place_label, usual=False),
        Column(
            "filtres",
            _("Additional filters"),
            value=lambda row: ", ".join(words for _icon, words in _flags(row)),
            cell=_badges,
        ),
        Column(
            "membres",
            _("Number of members"),
            value=lambda row: row.members_count,
            kind="number",
            sort=("members_count",),
        ),
        Column("referent", _("Run by"), value=_runners, cell=_runners_cell),
        Column(
            "validation",
            _("Validation type"),
            value=lambda row: row.get_validation_display(),
            sort=("validation",),
        ),
        Column(
            "creation",
            _("Created on"),
            value=lambda row: row.created_at,
            kind="day",
            sort=("created_at",),
        ),
        Column(
            "modification",
            _("Updated on"),
            value=lambda row: row.updated_at,
            kind="day",
            sort=("updated_at",),
            usual=False,
        ),
        Column(
            "actions", _("Actions"), value=lambda row: "", cell=_edit, fixed=True, exported=False
        ),
    ),
    filters=(
        Filter(
            "type",
            _("Type"),
            choices=lambda: Community.Kind.choices,
            apply=lambda rows, value: rows.filter(kind=value),
        ),
        Filter(
            "validation",
            _("Validation type"),
            choices=lambda: Community.Validation.choices,
            apply=lambda rows, value: rows.filter(validation=value),
        ),
        Filter("etat", _("State"), choices=lambda: list(STATES.items()), apply=_in_state),
        Filter("territoire", _("Territory"), choices=_departements, apply=_in_departement),
    ),
    search=queries.matching,
    search_label=_("Search for a community"),
    order=("name_key", "pk"),
)


def prepare_communities(rows: list[Any], *, changeable: set[int] | None) -> None:
    """Add to a page's rows who runs them and whether they can be changed (None: all)."""
    runners = queries.moderators_of(rows)
    for row in rows:
        row.runners = runners.get(row.pk, [])
        row.may_change = changeable is None or row.pk in changeable

"""The lists of the console: communities (PP-08) and the members of one (PP-16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from communities.communities import queries
from communities.communities.facts import MemberFact, facts
from communities.communities.models import Community, Membership
from core.accounts.queries import accepting_mails, accounts_that_accept_mails, people_named
from core.shell.tables import Column, Filter, Table
from core.shell.templatetags.shell import avatar, hue, icon, initials
from regions.onboarding.queries import region_current
from regions.territories.names import fold
from regions.territories.queries import departement_names
from tenants.context import current_tenant

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
    "inactive": _("Inactive community"),
    "deleted": _("Deleted community"),
}


def _flags(community: Any) -> list[tuple[str, str]]:
    """What sets a community apart: icons and words."""
    found = []
    if community.deleted_at is not None:
        found.append(("trash", gettext("Deleted")))
    elif not community.is_active:
        found.append(("lock", gettext("Inactive")))
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


def _search(rows: QuerySet[Community], text: str) -> QuerySet[Community]:
    for word in fold(text).split()[:8]:
        rows = rows.filter(search_key__contains=word)
    return rows


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
    search=_search,
    search_label=_("Search for a community"),
    order=("name_key", "pk"),
)


def prepare_communities(rows: list[Any], *, changeable: set[int] | None) -> None:
    """Add to a page's rows who runs them and whether they can be changed (None: all)."""
    runners = queries.moderators_of(rows)
    for row in rows:
        row.runners = runners.get(row.pk, [])
        row.may_change = changeable is None or row.pk in changeable


# --- members --------------------------------------------------------------------------------------
STANDINGS: Final[tuple[tuple[str, Words], ...]] = (
    ("member", _("Member")),
    ("moderator", _("Moderator")),
    ("pending", _("Pending")),
    ("refused", _("Refused")),
)
"""« Statut » as the guides have it: the status and the role in one word."""


def standing_of(membership: Membership) -> str:
    """Return the status and role of somebody as one of ``STANDINGS``."""
    return str(membership.role if membership.is_accepted else membership.status)


def _of_standing(rows: QuerySet[Membership], value: str) -> QuerySet[Membership]:
    if value in {"member", "moderator"}:
        return rows.filter(status=Status.ACCEPTED, role=value)
    return rows.filter(status=value)


def _that_accept(rows: QuerySet[Membership], value: str) -> QuerySet[Membership]:
    within = Q(account_id__in=accepting_mails())
    return rows.filter(within if value == "oui" else ~within)


def members_listed(community: Community) -> QuerySet[Membership]:
    """Return everyone whom the console shows: who waits first, then moderators, members, others."""
    rank = Case(
        When(status=Status.PENDING, then=Value(0)),
        When(status=Status.ACCEPTED, role=Role.MODERATOR, then=Value(1)),
        When(status=Status.ACCEPTED, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return (
        Membership.objects.filter(community=community)
        .exclude(status=Status.LEFT)
        .select_related("account")
        .annotate(rank=rank)
    )


def _person(row: Any) -> SafeString:
    badge = (
        format_html(' <span class="badge badge--danger">{}</span>', gettext("Suspended"))
        if not row.account.is_active
        else ""
    )
    return format_html("{}{}", avatar(row.account.full_name, "small"), badge)


def _standing_cell(row: Any) -> SafeString:
    """The status as a choice, with the disk that saves it (PP-17)."""
    name, now = row.account.full_name, standing_of(row)
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == now else "", label)
            for value, label in STANDINGS
        ),
    )
    return format_html(
        '<span class="inline-choice"><select class="input" name="statut-{}" form="members-rows" '
        'aria-label="{}" data-changes="disk-{}" autocomplete="off">{}</select>'
        '<button class="btn btn--quiet btn--icon btn--compact" id="disk-{}" type="submit" '
        'name="save" value="{}" form="members-rows" title="{}">{}</button></span>',
        row.pk,
        gettext("Status of %(name)s") % {"name": name},
        row.pk,
        options,
        row.pk,
        row.pk,
        gettext("Save"),
        icon("save", label=gettext("Save the status of %(name)s") % {"name": name}),
    )


def _mails_cell(row: Any) -> SafeString:
    if row.accepts_mails:
        return icon("check", label=gettext("Yes"))
    return format_html('<span class="muted">{}</span>', gettext("No"))


def _actions_cell(row: Any) -> SafeString:
    """« Retirer »; for somebody who waits, also the answers in one click."""
    name, buttons = row.account.full_name, []
    if row.status == Status.PENDING:
        buttons.append(("accept", "secondary", gettext("Accept"), name))
    buttons.append(("remove", "danger-quiet", gettext("Remove from the community"), name))
    return format_html(
        '<span class="cluster cluster--tight">{}</span>',
        format_html_join(
            "",
            '<button class="btn btn--{} btn--compact" type="submit" name="{}" value="{}" '
            'form="members-rows">{}<span class="visually-hidden"> {}</span></button>',
            ((tone, act, row.pk, words, who) for act, tone, words, who in buttons),
        ),
    )


def _fact_column(fact: MemberFact) -> Column[Any]:
    return Column(fact.name, fact.label, value=lambda row: row.facts.get(fact.name, ""))


def shown_facts() -> list[MemberFact]:
    """Return what upper floors tell about members in the current region."""
    modules = current_tenant().modules
    return [fact for fact in facts if not fact.module or fact.module in modules]


def members_table() -> Table[Any]:
    """Return the description of the members' list, with the columns that upper floors add."""
    return Table(
        name="members",
        caption=_("Members of the community"),
        columns=(
            Column("membre", _("Member"), value=lambda row: "", cell=_person, exported=False),
            Column(
                "prenom",
                _("First name"),
                value=lambda row: row.account.first_name,
                sort=("account__first_name", "account__last_name"),
                fixed=True,
            ),
            Column(
                "nom",
                _("Surname"),
                value=lambda row: row.account.last_name,
                sort=("account__last_name", "account__first_name"),
                header=True,
                fixed=True,
            ),
            Column(
                "statut",
                _("Status"),
                value=lambda row: str(dict(STANDINGS)[standing_of(row)]),
                sort=("rank",),
                cell=_standing_cell,
                fixed=True,
            ),
            Column(
                "emails",
                _("Accepts e-mails"),
                value=lambda row: row.accepts_mails,
                kind="yesno",
                cell=_mails_cell,
            ),
            Column(
                "rejoint",
                _("Joined on"),
                value=lambda row: row.joined_at,
                kind="day",
                sort=("joined_at",),
            ),
            Column(
                "accepte",
                _("Accepted on"),
                value=lambda row: row.accepted_at if row.is_accepted else None,
                kind="day",
                sort=("accepted_at",),
            ),
            Column(
                "refuse",
                _("Refused on"),
                value=lambda row: row.refused_at,
                kind="day",
                sort=("refused_at",),
            ),
            Column(
                "connexion",
                _("Last sign-in"),
                value=lambda row: row.account.last_login,
                kind="day",
                sort=("account__last_login",),
            ),
            *(_fact_column(fact) for fact in shown_facts()),
            Column("message", _("Message"), value=lambda row: row.message, usual=False),
            Column("motif", _("Reason of the refusal"), value=lambda row: row.reason, usual=False),
            Column(
                "actions",
                _("Actions"),
                value=lambda row: "",
                cell=_actions_cell,
                fixed=True,
                exported=False,
            ),
        ),
        filters=(
            Filter("statut", _("Status"), choices=lambda: STANDINGS, apply=_of_standing),
            Filter(
                "emails",
                _("Accepts e-mails"),
                choices=lambda: [("oui", _("Yes")), ("non", _("No"))],
                apply=_that_accept,
            ),
        ),
        search=lambda rows, text: people_named(rows, text, prefix="account__"),
        search_label=_("Search for a member"),
        order=("rank", "account__last_name", "account__first_name", "pk"),
        title=lambda row: row.account.full_name,
        selectable=True,
    )


def prepare_members(rows: list[Any], *, community: Community) -> None:
    """Add to a page's rows what accounts and upper floors tell; one query each."""
    accounts = [row.account_id for row in rows]
    accepting = accounts_that_accept_mails(accounts)
    told = {fact.name: fact.of(community, accounts) for fact in shown_facts()}
    for row in rows:
        row.community = community
        row.accepts_mails = row.account_id in accepting
        row.facts = {name: words.get(row.account_id, "") for name, words in told.items()}

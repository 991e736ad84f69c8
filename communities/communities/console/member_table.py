"""The list of a community's members in the console (PP-16, PP-17)."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.communities import blocks
from communities.communities.consents import allowing, consents_held
from communities.communities.facts import MemberFact, facts
from communities.communities.models import Community, MemberConsent, Membership
from core.accounts.queries import people_named
from core.shell.tables import Column, Filter, Table
from core.shell.templatetags.shell import avatar, icon
from tenants.context import current_tenant

Status, Role = Membership.Status, Membership.Role
Words = str | Promise

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
    within = Q(pk__in=allowing(MemberConsent.Kind.MAILS))
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


def _surname_cell(row: Any) -> SafeString:
    """The surname; where rows are cards, the first name stands before it."""
    return format_html(
        '<span class="list__first">{} </span>{}', row.account.first_name, row.account.last_name
    )


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
        '<span class="standing"><span class="inline-choice">'
        '<select class="input" name="statut-{}" form="members-rows" '
        'aria-label="{}" data-changes="disk-{}" autocomplete="off">{}</select>'
        '<button class="btn btn--quiet btn--icon btn--compact" id="disk-{}" type="submit" '
        'name="save" value="{}" form="members-rows" title="{}">{}</button></span>{}</span>',
        row.pk,
        gettext("Status of %(name)s") % {"name": name},
        row.pk,
        options,
        row.pk,
        row.pk,
        gettext("Save"),
        icon("save", label=gettext("Save the status of %(name)s") % {"name": name}),
        _message(row),
    )


def _message(row: Any) -> SafeString:
    """What somebody who waits wrote: it is what the answer hangs on."""
    if row.status != Status.PENDING or not row.message:
        return SafeString("")
    return format_html('<span class="asked muted">« {} »</span>', row.message)


def _mails_cell(row: Any) -> SafeString:
    if row.accepts_mails:
        return icon("check", label=gettext("Yes"))
    return format_html('<span class="muted">{}</span>', gettext("No"))


def _actions_cell(row: Any) -> SafeString:
    """« Retirer »; for somebody who waits, also the answers in one click."""
    name, buttons = row.account.full_name, []
    if row.status == Status.PENDING:
        buttons.append(("accept", "secondary", gettext("Accept"), name))
        buttons.append(("refuse", "quiet", gettext("Refuse"), name))
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
                cell=_surname_cell,
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
            Column(
                "adresse",
                _("E-mail address, if they show it"),
                value=lambda row: row.address,
                usual=False,
            ),
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
        whole=blocks.whole_list() is not None,
    )


def prepare_members(rows: list[Any], *, community: Community) -> None:
    """Add to a page's rows what accounts and upper floors tell; one query each."""
    accounts = [row.account_id for row in rows]
    held = consents_held([row.pk for row in rows])
    told = {fact.name: fact.of(community, accounts) for fact in shown_facts()}
    for row in rows:
        row.community = community
        allows = held.get(row.pk, set())
        row.accepts_mails = MemberConsent.Kind.MAILS in allows
        row.address = row.account.email if MemberConsent.Kind.ADDRESS in allows else ""
        row.facts = {name: words.get(row.account_id, "") for name, words in told.items()}

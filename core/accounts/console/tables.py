"""« Utilisateurs »: the list."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Account, RoleAssignment
from core.accounts.queries import accepting_mails, accounts_that_accept_mails, people_named
from core.shell.tables import Column, Filter, Table
from core.shell.templatetags.shell import avatar, icon


def _name(row: Any) -> SafeString:
    return format_html(
        '<a class="list__name" href="{}">{}</a><span class="list__detail">{}</span>',
        reverse("accounts-console:person", args=[row.public_id]),
        row.full_name,
        row.email,
    )


def _state(row: Any) -> SafeString:
    if row.is_active:
        return format_html('<span class="badge badge--success">{}</span>', gettext("Active person"))
    return format_html(
        '<span class="badge badge--danger">{}{}</span>', icon("lock"), gettext("Suspended person")
    )


def _see(row: Any) -> SafeString:
    return format_html(
        '<a class="btn btn--secondary btn--compact" href="{}">{}{}'
        '<span class="visually-hidden"> {}</span></a>',
        reverse("accounts-console:person", args=[row.public_id]),
        icon("eye"),
        gettext("Open the file"),
        row.full_name,
    )


def search(rows: QuerySet[Account], text: str) -> QuerySet[Account]:
    """Find people by name, or by a part of their address when it has an « @ »."""
    if "@" in text:
        return rows.filter(email__contains=text.strip().lower())
    return people_named(rows, text)


def _verified(rows: QuerySet[Account], value: str) -> QuerySet[Account]:
    own = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    return rows.filter(Exists(own) if value == "oui" else ~Exists(own))


def _mails(rows: QuerySet[Account], value: str) -> QuerySet[Account]:
    if value == "oui":
        return rows.filter(pk__in=accepting_mails())
    return rows.exclude(pk__in=accepting_mails())


_YES_NO: Final = (("oui", _("Yes")), ("non", _("No")))

PEOPLE: Final[Table[Any]] = Table(
    name="people",
    caption=_("People of the region"),
    columns=(
        Column(
            "portrait",
            _("Person"),
            value=lambda row: "",
            exported=False,
            cell=lambda row: avatar(row.full_name, "small"),
        ),
        Column(
            "nom",
            _("Name and address"),
            value=lambda row: row.full_name,
            cell=_name,
            sort=("last_name", "first_name"),
            header=True,
            fixed=True,
        ),
        Column("email", _("E-mail"), value=lambda row: row.email, sort=("email",), usual=False),
        Column(
            "etat",
            _("State"),
            value=lambda row: row.is_active,
            kind="yesno",
            cell=_state,
            sort=("is_active",),
        ),
        Column("roles", _("Roles"), value=lambda row: ", ".join(row.role_names)),
        Column("emails", _("Accepts e-mails"), value=lambda row: row.accepts_mails, kind="yesno"),
        Column(
            "inscription",
            _("Registered on"),
            value=lambda row: row.created_at,
            kind="day",
            sort=("created_at",),
        ),
        Column(
            "connexion",
            _("Last sign-in"),
            value=lambda row: row.last_login,
            kind="day",
            sort=("last_login",),
        ),
        Column(
            "actions", _("Actions"), value=lambda row: "", cell=_see, fixed=True, exported=False
        ),
    ),
    filters=(
        Filter(
            "etat",
            _("State"),
            choices=lambda: (("active", _("Active person")), ("suspended", _("Suspended person"))),
            apply=lambda rows, value: rows.filter(is_active=value == "active"),
        ),
        Filter(
            "role",
            _("Role"),
            choices=lambda: RoleAssignment.Role.choices,
            apply=lambda rows, value: rows.filter(
                pk__in=RoleAssignment.objects.filter(role=value).values("account_id")
            ),
        ),
        Filter("verifie", _("Verified e-mail"), choices=lambda: _YES_NO, apply=_verified),
        Filter("emails", _("Accepts e-mails"), choices=lambda: _YES_NO, apply=_mails),
    ),
    search=search,
    search_label=_("Search for a person by name or e-mail"),
    order=("last_name", "first_name", "pk"),
    title=lambda row: row.full_name,
)


def prepare_people(rows: list[Any]) -> None:
    """Add roles and consents to a page's rows; two queries."""
    numbers = [row.pk for row in rows]
    accepting = accounts_that_accept_mails(numbers)
    roles: dict[int, list[str]] = {}
    for held in RoleAssignment.objects.filter(account_id__in=numbers).order_by("pk"):
        roles.setdefault(held.account_id, []).append(held.get_role_display())
    for row in rows:
        row.role_names = roles.get(row.pk, [])
        row.accepts_mails = row.pk in accepting

"""What accounts put in the shell's menus and on its home page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.access import is_administrator, manages_people, people_managed_by
from core.accounts.models import AccountSettings, RoleAssignment
from core.audit import actions
from core.shell.console import search as console_search
from core.shell.console.search import SHOWN, Hit
from core.shell.home import HomeBlock, register_block
from core.shell.menu import MenuEntry, members, visitors
from core.shell.menu import register as register_entry

WELCOME_KEY = "registration_welcome"

_ON_BOTH = (
    MenuEntry(
        name="profile",
        label=_("My profile"),
        url="accounts:profile",
        icon="user",
        place="profile",
        order=10,
        visible=members,
    ),
    MenuEntry(
        name="sign-out",
        label=_("Sign out"),
        url="account_logout",
        icon="logout",
        place="profile",
        order=100,
        visible=members,
        post=True,
    ),
    MenuEntry(
        name="sign-in",
        label=_("Sign in"),
        url="account_login",
        icon="login",
        place="guest",
        order=10,
        visible=visitors,
        in_bar=True,
    ),
)
_ON_SITE = (
    MenuEntry(
        name="register",
        label=_("Register"),
        url="account_signup",
        icon="user-plus",
        place="guest",
        order=20,
        visible=visitors,
    ),
    MenuEntry(
        name="charter",
        label=_("Charter and data policy"),
        url="accounts:charter",
        place="footer",
        order=70,
    ),
)


def _is_new(request: HttpRequest) -> bool:
    return bool(request.session.get(WELCOME_KEY))


def _welcome(request: HttpRequest) -> Mapping[str, Any]:
    request.session.pop(WELCOME_KEY, None)  # once
    return {"first_name": getattr(request.user, "first_name", "")}


def _people_found(request: HttpRequest, text: str) -> list[Hit]:
    from core.accounts.console.tables import search as people_search

    rows = people_search(people_managed_by(request.user), text).order_by("last_name", "pk")
    return [
        Hit(row.full_name, reverse("accounts-console:person", args=[row.public_id]), row.email)
        for row in rows[:SHOWN]
    ]


def _manages_people(request: HttpRequest) -> bool:
    return manages_people(request.user) is not None


_CONSOLE = MenuEntry(
    name="people-console",
    label=_("Users"),
    url="accounts-console:list",
    icon="user",
    place="console",
    order=20,
    visible=_manages_people,
)


_SETTINGS = MenuEntry(
    name="settings-console",
    label=_("Settings of the region"),
    url="accounts-settings:rules",
    icon="settings",
    place="console",
    order=900,
    visible=lambda request: is_administrator(request.user),
)


def _register_history() -> None:
    """Give words to what services write in people's history."""
    actions.register("account.suspended", _("suspended the account"))
    actions.register("account.second_factor_set", _("switched two-step sign-in on"))
    actions.register("account.second_factor_removed", _("switched two-step sign-in off"))
    actions.register("accounts.rules", _("changed the settings of the region"))
    actions.register("accounts.exported", _("exported the list of people"))
    actions.register("account.restored", _("reinstated the account"))
    actions.register("account.role_granted", _("gave a role"))
    actions.register("account.role_revoked", _("took a role back"))
    actions.register_fields(
        "account", is_active=_("may sign in"), role=_("role"), territories=_("territories")
    )
    actions.register_values("account", "is_active", **{"True": _("Yes"), "False": _("No")})
    rules = {field.name: field.verbose_name for field in AccountSettings._meta.concrete_fields}
    actions.register_fields("region", **rules)
    for name in ("minors_allowed", "second_factor_required"):
        actions.register_values("region", name, **{"True": _("Yes"), "False": _("No")})
    roles = {one.value: one.label for one in RoleAssignment.Role}
    actions.register_values("account", "role", **roles)


def register_entries() -> None:
    """Put sign-in, registration, profile and the welcome where the shell shows them."""
    _register_history()
    console_search.register(
        console_search.SearchSource(
            name="people", label=_("Users"), find=_people_found, icon="user", order=30
        )
    )
    for entry in _ON_BOTH:
        register_entry(entry)
        register_entry(replace(entry, name=f"platform-{entry.name}", host="platform"))
    for entry in (*_ON_SITE, _CONSOLE, _SETTINGS):
        register_entry(entry)
    register_block(
        HomeBlock(
            name="welcome",
            template="accounts/welcome.html",
            slot="top",
            order=0,
            context=_welcome,
            visible=_is_new,
        )
    )

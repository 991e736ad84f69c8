"""Where the rest of the platform meets communities: menus, home page, registration, own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from communities.communities import access, blocks, history, own_data, queries
from communities.communities.memberships import email_verified
from communities.communities.models import Community, Membership
from communities.communities.registration import CommunityExtra
from communities.communities.territories import communities_move
from core.accounts import addresses
from core.accounts.access import is_administrator
from core.accounts.queries import people_named
from core.accounts.registration import register_extra
from core.shell import home, menu
from core.shell.console import search
from core.shell.console.search import SHOWN, Hit
from regions.territories import moves
from tenants.context import current_tenant
from tenants.models import Module

MODULE = Module.COMMUNITIES.value
HOME_ROWS = 4
HOME_LARGEST = 3


def _console(request: HttpRequest) -> bool:
    """Asked by several menus of a page: the answer stays on the request."""
    known: bool | None = getattr(request, "_communities_console", None)
    if known is None:
        has_module = current_tenant().has_module(Module.COMMUNITIES)
        known = has_module and access.has_console(request.user)
        request._communities_console = known  # type: ignore[attr-defined]
    return known


_ENTRIES = (
    menu.MenuEntry(
        name="communities",
        label=_("Communities"),
        url="communities:list",
        icon="users",
        place="main",
        order=20,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="my-communities",
        label=_("My communities"),
        url="communities:mine",
        icon="users",
        place="personal",
        order=20,
        visible=menu.members,
        module=MODULE,
        in_bar=True,
        short_label=_("Communities"),
    ),
    menu.MenuEntry(
        name="communities-footer",
        label=_("Available communities"),
        url="communities:list",
        place="footer",
        order=20,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="communities-create",
        label=_("Create my community"),
        url="communities:create",
        place="footer",
        order=21,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="communities-console",
        label=_("Communities"),
        url="communities-console:list",
        icon="users",
        place="console",
        order=50,
        visible=_console,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="communities-rules",
        label=_("Rules of communities"),
        url="communities-console:rules",
        icon="settings",
        place="console",
        order=64,
        visible=lambda request: is_administrator(request.user),
        module=MODULE,
    ),
)


def _mine(request: HttpRequest) -> Mapping[str, Any]:
    rows = list(queries.memberships_of(request.user)[: HOME_ROWS + 1])  # type: ignore[arg-type]
    return {"memberships": rows[:HOME_ROWS], "more": len(rows) > HOME_ROWS}


def _largest(request: HttpRequest) -> Mapping[str, Any]:
    return {"communities": list(queries.communities_list(request.user)[:HOME_LARGEST])}


def _members(request: HttpRequest, community: Community) -> Paginator[Membership]:
    from communities.communities.site.lists import members_pages, members_size

    shown = access.can_see_members(request.user, community)
    return (
        members_pages(community, members_size(request))
        if shown
        else Paginator(Membership.objects.none(), 1)
    )


def _members_context(request: HttpRequest, page: Page[Membership]) -> Mapping[str, Any]:
    from communities.communities.site.lists import MEMBERS_SIZES, with_lines

    return {
        "members": with_lines(page, request.user),
        "sizes": [(size, size == page.paginator.per_page) for size in MEMBERS_SIZES],
    }


def _communities_found(request: HttpRequest, text: str) -> list[Hit]:
    rows = queries.matching(access.communities_in_console_of(request.user), text)
    return [
        Hit(row.name, reverse("communities-console:edit", args=[row.slug]), row.place_label)
        for row in rows.order_by("name_key", "pk")[:SHOWN]
    ]


def _members_found(request: HttpRequest, text: str) -> list[Hit]:
    """Members of the communities that the person runs; each leads to the row in the list."""
    rows = Membership.objects.filter(
        community__in=access.communities_administered_by(request.user)
    ).exclude(status=Membership.Status.LEFT)
    found = people_named(rows.select_related("account", "community"), text, prefix="account__")
    return [
        Hit(
            row.account.full_name,
            f"{reverse('communities-console:members', args=[row.community.slug])}?"
            + urlencode({"q": row.account.full_name}),
            row.community.name,
        )
        for row in found.order_by("account__last_name", "community__name_key", "pk")[:SHOWN]
    ]


def register() -> None:
    """Fill the registries of the floors below, and this app's own."""
    for entry in _ENTRIES:
        menu.register(entry)
    home.register_block(
        home.HomeBlock(
            name="my-communities",
            template="communities/home_mine.html",
            order=30,
            context=_mine,
            visible=menu.members,
            module=MODULE,
        )
    )
    home.register_block(
        home.HomeBlock(
            name="communities",
            template="communities/home_largest.html",
            order=30,
            context=_largest,
            visible=menu.visitors,
            module=MODULE,
        )
    )
    blocks.register(
        blocks.PageBlock(
            name="membres",
            label=_("List of members"),
            template="communities/members.html",
            pages=_members,
            context=_members_context,
            order=50,
        )
    )
    register_extra(CommunityExtra())
    for name, label, find, icon, order in (
        ("communities", _("Communities"), _communities_found, "users", 10),
        ("members", _("Members"), _members_found, "user", 20),
    ):
        search.register(
            search.SearchSource(
                name=name, label=label, find=find, icon=icon, order=order, module=MODULE
            )
        )
    addresses.register(addresses.Watcher(name="communities", follow=email_verified))
    moves.register(
        moves.Mover("communities", communities_move, order=30, label=_("Communities that move"))
    )
    own_data.register()
    history.register()

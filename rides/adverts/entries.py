"""Where the rest of the platform meets adverts: menus, home page, communities' pages, exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from communities.communities import blocks, facts, suggestions
from communities.communities.models import Community
from communities.lifecycle import signs
from core.accounts import inventory, sections
from core.accounts.access import signed_in
from core.accounts.models import Account
from core.shell import home, menu
from regions.territories import moves
from rides.adverts import access, exports
from rides.adverts.cards import advert_cards
from rides.adverts.lines import MAX_LINE_STOPS, LineStop, line_stops, next_passages
from rides.adverts.queries import (
    adverts_current,
    adverts_in,
    adverts_of,
    adverts_public,
    for_cards,
    keys_of,
    latest_in,
    places_of,
    roles_in_words,
)
from rides.adverts.territories import adverts_move
from tenants.models import Module

MODULE = Module.CARPOOLING.value
HOME_ROWS = 3
COMMUNITY_ROWS = 8


def _manages(request: HttpRequest) -> bool:
    return access.can_manage(request.user)


_ENTRIES = (
    menu.MenuEntry(
        name="publish",
        label=_("Publish an advert"),
        short_label=_("Publish"),
        url="adverts:publish",
        icon="plus",
        place="action",
        order=10,
        module=MODULE,
        in_bar=True,
    ),
    menu.MenuEntry(
        name="my-adverts",
        label=_("My adverts"),
        url="adverts:mine",
        icon="car",
        place="profile",
        order=10,
        visible=menu.members,
        module=MODULE,
    ),
    menu.MenuEntry(
        name="rides-console",
        label=_("Rules of rides"),
        url="rides-console:rules",
        icon="settings",
        place="console",
        order=65,
        visible=_manages,
        module=MODULE,
    ),
)


def _mine(request: HttpRequest) -> Mapping[str, Any]:
    account = signed_in(request)
    rows = adverts_current(adverts_of(account), timezone.now())
    adverts = for_cards(keys_of(rows)[: HOME_ROWS + 1])
    return {
        "trips": advert_cards(adverts[:HOME_ROWS], account),
        "more": len(adverts) > HOME_ROWS,
    }


def _latest(request: HttpRequest) -> Mapping[str, Any]:
    rows = adverts_current(adverts_public(request.user), timezone.now())
    latest = keys_of(rows.order_by("-created_at", "-pk"))[:HOME_ROWS]
    return {"trips": advert_cards(for_cards(latest), request.user)}


def _community(request: HttpRequest, community: Community) -> Paginator[int]:
    rows = adverts_in(community, timezone.now(), request.user).order_by("-created_at", "-pk")
    return Paginator(list(keys_of(rows)), COMMUNITY_ROWS)


def _community_context(request: HttpRequest, page: Page[int]) -> Mapping[str, Any]:
    shown = for_cards(page.object_list)
    return {
        "page": page,
        "rows": list(zip(advert_cards(shown, request.user), shown, strict=True)),
    }


def _line(request: HttpRequest, community: Community) -> Paginator[LineStop]:
    stops = line_stops(community)
    return Paginator(stops, MAX_LINE_STOPS)


def _line_context(request: HttpRequest, page: Page[LineStop]) -> Mapping[str, Any]:
    stops = list(page.object_list)
    boards = next_passages(stops[0].community, stops, timezone.now(), request.user) if stops else []
    return {"boards": boards}


def _publish_in(request: HttpRequest, community: Community) -> str:
    return f"{reverse('adverts:publish')}?{urlencode({'community': community.slug})}"


def _line_stops(request: HttpRequest, community: Community) -> str:
    return reverse("adverts:line-stops", args=[community.slug])


def _runs_line(request: HttpRequest, community: Community) -> bool:
    return access.runs_line(request.user, community)


def _told(account: Account) -> list[list[str]]:
    """Adverts for the region's administrators, latest first."""
    return [
        [
            str(advert),
            str(advert.get_role_display()),
            str(advert.get_status_display()),
            formats.date_format(advert.created_at, "SHORT_DATE_FORMAT"),
        ]
        for advert in adverts_of(account).order_by("-pk")[: sections.SHOWN]
    ]


def register() -> None:
    """Fill the registries of the floors below."""
    for entry in _ENTRIES:
        menu.register(entry)
    moves.register(
        moves.Mover("adverts", adverts_move, order=40, label=_("Adverts, by their ends"))
    )
    home.register_block(
        home.HomeBlock(
            name="my-adverts",
            template="adverts/home_mine.html",
            order=10,
            context=_mine,
            visible=menu.members,
            module=MODULE,
        )
    )
    home.register_block(
        home.HomeBlock(
            name="adverts",
            template="adverts/home_latest.html",
            order=20,
            context=_latest,
            visible=menu.visitors,
            module=MODULE,
        )
    )
    blocks.register(
        blocks.PageBlock(
            name="annonces",
            label=_("Adverts"),
            template="adverts/community_block.html",
            pages=_community,
            context=_community_context,
            order=10,
            icon="car",
            module=MODULE,
        )
    )
    blocks.register(
        blocks.PageBlock(
            name="passages",
            label=_("Next passages"),
            template="adverts/line_block.html",
            pages=_line,
            context=_line_context,
            order=5,
            icon="clock",
            module=MODULE,
        )
    )
    facts.register(
        facts.MemberFact(
            name="annonces", label=_("Type of adverts"), of=roles_in_words, module=MODULE
        )
    )
    blocks.register_action(
        blocks.PageAction(
            name="publish",
            label=_("Publish an advert"),
            url=_publish_in,
            icon="plus",
            order=10,
            module=MODULE,
        )
    )
    blocks.register_action(
        blocks.PageAction(
            name="line-stops",
            label=_("Stops of the line"),
            url=_line_stops,
            icon="pin",
            order=20,
            applies=_runs_line,
            module=MODULE,
        )
    )
    sections.register(
        sections.PersonSection(
            name="adverts",
            label=_("Adverts"),
            heads=(_("Route of the advert"), _("Role"), _("State"), _("Published on")),
            rows=_told,
            order=20,
            module=MODULE,
        )
    )
    signs.register(
        signs.Sign(name="adverts", label=_("Last advert published"), latest=latest_in, order=40)
    )
    suggestions.register(suggestions.Places(name="adverts", of=places_of))
    inventory.register(
        inventory.PersonalData(
            name="adverts",
            label=_("Adverts"),
            export=exports.adverts_export,
            summary=exports.adverts_summary,
            order=60,
        )
    )
    inventory.register(
        inventory.PersonalData(
            name="advert_drafts",
            label=_("Drafts of adverts"),
            export=exports.drafts_export,
            order=61,
        )
    )

"""The search on the home page and in the menus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from communities.communities import blocks, panels
from communities.communities.models import Community
from core.accounts import inventory
from core.notifications.makers import MAKERS, Maker
from core.shell import home, menu
from core.shell.panels import Panel
from regions.pool.arrivals import ARRIVALS, Arrival
from regions.pool.queries import PooledRow
from regions.territories import moves
from regions.territories.queries import municipality_get
from rides.adverts import watchers
from rides.adverts.models import Advert
from rides.adverts.panels import ADVERT_HEADS
from rides.matching.figures import PAGE
from rides.search import exports
from rides.search.alerts import MAKER, advert_seen, pool_seen
from rides.search.mails import alert_mail
from rides.search.partners import common_rows
from rides.search.territories import alerts_move
from tenants.context import current_tenant
from tenants.models import Module

MODULE = Module.CARPOOLING.value


def _form(request: HttpRequest) -> Mapping[str, Any]:
    from rides.search.site.forms import SearchForm

    return {"form": SearchForm(first=request.user)}


def _within(request: HttpRequest, community: Community | None) -> Mapping[str, Any] | None:
    """« Chercher un trajet dans la communauté », on its page; most rides to a site end there."""
    from rides.search.site.forms import SearchForm

    if community is None or not current_tenant().has_module(Module.CARPOOLING):
        return None
    initial: dict[str, Any] = {"community": community.slug}
    if community.kind == Community.Kind.ORGANISATION:
        initial["destination"] = municipality_get(community.municipality_code)
    return {"form": SearchForm(first=request.user, starts=initial)}


def _common(request: HttpRequest, community: Community) -> Paginator[PooledRow]:
    """Partners' rides in a pooled community; shown to all, as that community's own are."""
    return Paginator(common_rows(community), PAGE)


def _common_context(request: HttpRequest, page: Page[PooledRow]) -> Mapping[str, Any]:
    from rides.search.site.cards import partner_cards

    return {"page": page, "cards": partner_cards(list(page.object_list))}


def _way_back(request: HttpRequest, advert: Advert) -> Mapping[str, Any] | None:
    from rides.search.site.back import way_back

    return way_back(request, advert)


def register() -> None:
    """Fill the registries of the floors below."""
    menu.register(
        menu.MenuEntry(
            name="search",
            label=_("Search for a ride"),
            short_label=_("Search"),
            url="search:results",
            icon="search",
            place="main",
            order=10,
            module=MODULE,
            in_bar=True,
        )
    )
    menu.register(
        menu.MenuEntry(
            name="alerts",
            label=_("My ride alerts"),
            url="search:alerts",
            icon="bell",
            place="profile",
            order=16,
            visible=menu.members,
            module=MODULE,
        )
    )
    ADVERT_HEADS.register(Panel(name="results", template="search/back.html", context=_way_back))
    blocks.register(
        blocks.PageBlock(
            name="partenaires",
            label=_("Rides of partner regions"),
            template="search/community_partners.html",
            pages=_common,
            context=_common_context,
            order=15,
            module=MODULE,
        )
    )
    panels.register(
        panels.Panel(
            name="search", place="page-main", template="search/community.html", told=_within
        )
    )
    watchers.register(watchers.Watcher("alerts", advert_seen))
    moves.register(moves.Mover("alerts", alerts_move, order=60, label=_("Alerts of members")))
    ARRIVALS.register(Arrival("alerts", pool_seen))
    MAKERS.register(Maker(MAKER, alert_mail))
    inventory.register(
        inventory.PersonalData(
            name="alerts",
            label=_("My ride alerts"),
            export=exports.alerts_export,
            summary=exports.alerts_summary,
            order=66,
        )
    )
    home.register_block(
        home.HomeBlock(
            name="search",
            template="search/home.html",
            slot="hero",
            order=10,
            context=_form,
            module=MODULE,
        )
    )

"""What upper floors add to a community's page: tabs with content of their own, and actions.

An app registers in its ``AppConfig.ready``; the page shows a block only when it has something to
show, so that no tab is ever empty::

    register(PageBlock(name="adverts", label=_("Adverts"), template="adverts/community_block.html",
                       pages=pages_of_adverts, context=adverts_of_community, order=10))
    register_action(PageAction(name="publish", label=_("Publish an advert"), icon="plus",
                               url=lambda community: …, order=10))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from communities.communities.models import Community, Membership
from core.registry import Registry
from core.shell.menu import everyone


def _everywhere(request: HttpRequest, community: Community) -> bool:
    """True: the button is on every community's page."""
    return True


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One tab of a community's page."""

    name: str
    """Unique; the tab's place in the address (``?onglet=<name>``)."""
    label: str | Promise
    template: str
    """Rendered with the page's context (``community``) and what ``context`` gives."""
    pages: Callable[[HttpRequest, Community], Paginator[Any]]
    """What the tab holds for this person; a count of 0 leaves the tab out. One query at most."""
    context: Callable[[HttpRequest, Page[Any]], Mapping[str, Any]]
    """What the template reads, from the page asked; only when the tab is the one shown."""
    order: int = 100
    """Lower comes first; ties by name. « Membres » is 50."""
    icon: str = ""
    module: str = ""
    """Shown only where the region has this module; empty for always."""


@dataclass(frozen=True, slots=True)
class PageAction:
    """One button at the head of a community's page."""

    name: str
    label: str | Promise
    url: Callable[[HttpRequest, Community], str]
    icon: str = ""
    order: int = 100
    visible: Callable[[HttpRequest], bool] = everyone
    applies: Callable[[HttpRequest, Community], bool] = _everywhere
    """Whether it is for this person on this community; asked last."""
    module: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A block resolved for one request."""

    block: PageBlock
    pages: Paginator[Any]


@dataclass(frozen=True, slots=True)
class ConsoleAction:
    """One button of the console: at the head of the list of communities, or of one's members."""

    name: str
    label: str | Promise
    url: Callable[[HttpRequest, Community | None], str]
    """Address, of a community or (None) of the list; empty leaves the button out."""
    icon: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class WholeList:
    """What does an act of the bar on everybody in the list of members, not on chosen rows alone."""

    name: str
    begin: Callable[[HttpRequest, Community, QuerySet[Membership]], HttpResponse]
    """Takes the POST of the bar, and the members whom the list holds."""
    order: int = 100


BLOCKS: Final = Registry[PageBlock]("tab of communities")
ACTIONS: Final = Registry[PageAction]("action of communities")
CONSOLE_ACTIONS: Final = Registry[ConsoleAction]("action of the communities' console")
WHOLE_LISTS: Final = Registry[WholeList]("act on the whole list of members")
register: Final = BLOCKS.register
register_action: Final = ACTIONS.register
register_console_action: Final = CONSOLE_ACTIONS.register
register_whole_list: Final = WHOLE_LISTS.register


def _modules(request: HttpRequest) -> tuple[str, ...]:
    return tuple(getattr(getattr(request, "tenant", None), "modules", ()))


def tabs(request: HttpRequest, community: Community) -> list[Tab]:
    """Return the tabs that have content for this person, in order."""
    modules = _modules(request)
    found = []
    for block in BLOCKS:
        if block.module and block.module not in modules:
            continue
        pages = block.pages(request, community)
        if pages.count:
            found.append(Tab(block, pages))
    return found


def actions(request: HttpRequest, community: Community) -> list[tuple[PageAction, str]]:
    """Return the buttons that apply to this person, with their addresses, in order."""
    modules = _modules(request)
    return [
        (action, action.url(request, community))
        for action in ACTIONS
        if (not action.module or action.module in modules)
        and action.visible(request)
        and action.applies(request, community)
    ]


def console_actions(
    request: HttpRequest, community: Community | None
) -> list[tuple[ConsoleAction, str]]:
    """Return the console's buttons for this person, with their addresses, in order."""
    found = [(action, action.url(request, community)) for action in CONSOLE_ACTIONS]
    return [(action, url) for action, url in found if url]


def whole_list() -> WholeList | None:
    """Return what acts on everybody in the list; ``None``: only chosen rows can be acted on."""
    return next(iter(WHOLE_LISTS), None)

"""What other apps of this floor, and upper ones, say on the pages of communities.

A **panel** is a template shown at one place of a page when it has something to say::

    panels.register(Panel(name="votes", place="page", template="lifecycle/panels/page.html",
                          told=votes_for))

A **tab** is one more tab of a community's console; a **closed page** answers at the address of a
community that is no longer public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from communities.communities.models import Community
from core.registry import Registry

Place = Literal["page", "page-main", "leave", "mine", "console", "console-delete", "console-list"]
"""``page`` is below the head of a community's page, ``page-main`` before its tabs; ``mine`` and
``console-list`` are about no community in particular."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Something to say at one place."""

    name: str
    place: Place
    template: str
    """Reads ``told`` and ``community``."""
    told: Callable[[HttpRequest, Community | None], Mapping[str, Any] | None]
    """What the template reads; ``None`` leaves the panel out. A constant number of queries."""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that has something to say to this person."""

    template: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ConsoleTab:
    """One tab of a community's console."""

    name: str
    label: str | Promise
    url: str
    """Name of a page that takes the community's slug."""
    visible: Callable[[HttpRequest, Community], bool]
    order: int = 100


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """What answers in place of a community's page, once it is closed."""

    name: str
    show: Callable[[HttpRequest, Community], HttpResponse | None]
    """``None``: it is not for this app, or not for this person, to answer."""
    order: int = 100


class RulesPart(Protocol):
    """A form that keeps some of the region's rules."""

    def is_valid(self) -> bool:
        """Whether what was typed can be a rule."""

    def save(self) -> object:
        """Put the rules in force."""


@dataclass(frozen=True, slots=True)
class RulesSection:
    """More rules on « Règles des communautés », saved together with the others."""

    name: str
    label: str | Promise
    form: Callable[[QueryDict | None], RulesPart]
    """A form with what was sent, or with the rules in force."""
    order: int = 100


PANELS: Final = Registry[Panel]("panel of communities")
CONSOLE_TABS: Final = Registry[ConsoleTab]("tab of the communities' console")
CLOSED: Final = Registry[ClosedPage]("page of closed communities")
RULES: Final = Registry[RulesSection]("section of the rules of communities")
register: Final = PANELS.register
register_console_tab: Final = CONSOLE_TABS.register
register_closed: Final = CLOSED.register
register_rules: Final = RULES.register


def panels(request: HttpRequest, place: Place, community: Community | None = None) -> list[Shown]:
    """Return what there is to say to this person at a place, in order."""
    found = []
    for panel in PANELS:
        if panel.place == place:
            told = panel.told(request, community)
            if told is not None:
                found.append(Shown(panel.template, told))
    return found


def console_tabs(request: HttpRequest, community: Community, current: str) -> list[dict[str, Any]]:
    """Return the tabs that this person sees, as ``components/tabs.html`` reads them."""
    return [
        {
            "label": tab.label,
            "url": reverse(tab.url, args=[community.slug]),
            "current": tab.name == current,
            "count": None,
        }
        for tab in CONSOLE_TABS
        if tab.visible(request, community)
    ]


def closed_page(request: HttpRequest, community: Community) -> HttpResponse | None:
    """Return the first answer at the address of a closed community; ``None`` without any."""
    for one in CLOSED:
        answer = one.show(request, community)
        if answer is not None:
            return answer
    return None

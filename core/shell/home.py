"""The home page's blocks, registered by the apps that own what they show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.registry import Registry
from core.shell.menu import everyone

Slot = Literal["top", "hero", "main"]
"""``top``: before everything (an answer to what was just done); ``hero``: the panel on the brand's
ground (one block: the search); ``main``: below, in order."""


def nothing(request: HttpRequest) -> Mapping[str, Any]:
    """No context."""
    return {}


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """A part of the home page."""

    name: str
    """Unique among all blocks, e.g. ``"my-trips"``."""
    template: str
    """Template rendered with what ``context`` gives; its root is a ``<section>``."""
    slot: Slot = "main"
    order: int = 100
    """Lower comes first; ties by name."""
    context: Callable[[HttpRequest], Mapping[str, Any]] = nothing
    visible: Callable[[HttpRequest], bool] = everyone
    module: str = ""
    """Shown only where the region has this module; empty for always."""
    stylesheets: tuple[str, ...] = ()
    """Static files the block needs, e.g. ``"communities/communities.css"``; each linked once."""
    scripts: tuple[str, ...] = ()
    """ES modules it needs, likewise."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """The blocks for one person and region, rendered, with the static files that they need."""

    top: tuple[SafeString, ...]
    hero: tuple[SafeString, ...]
    main: tuple[SafeString, ...]
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]


BLOCKS: Final = Registry[HomeBlock]("home block")
register_block: Final = BLOCKS.register


def home_page(request: HttpRequest) -> HomePage:
    """The home page's blocks that apply to this person and region."""
    modules = getattr(getattr(request, "tenant", None), "modules", ())
    chosen = [
        block
        for block in BLOCKS
        if (not block.module or block.module in modules) and block.visible(request)
    ]
    return HomePage(
        top=tuple(_render(request, block) for block in chosen if block.slot == "top"),
        hero=tuple(_render(request, block) for block in chosen if block.slot == "hero"),
        main=tuple(_render(request, block) for block in chosen if block.slot == "main"),
        stylesheets=tuple(dict.fromkeys(name for block in chosen for name in block.stylesheets)),
        scripts=tuple(dict.fromkeys(name for block in chosen for name in block.scripts)),
    )


def _render(request: HttpRequest, block: HomeBlock) -> SafeString:
    return render_to_string(block.template, dict(block.context(request)), request=request)

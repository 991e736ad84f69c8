"""The home page's blocks, registered by the apps that own what they show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.shell.menu import everyone

Slot = Literal["hero", "main"]
"""``hero``: the panel on the brand's ground (one block: the search); ``main``: below, in order."""


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


_blocks: dict[str, HomeBlock] = {}


def register_block(block: HomeBlock) -> None:
    """Add ``block`` to the home page. Raises RuntimeError when another block has its name."""
    if _blocks.get(block.name, block) != block:
        raise RuntimeError(f"a home block named {block.name!r} is already registered")
    _blocks[block.name] = block


def render_blocks(request: HttpRequest, slot: Slot) -> list[SafeString]:
    """The blocks of ``slot`` that apply to this person and region, rendered, in order."""
    modules = getattr(getattr(request, "tenant", None), "modules", ())
    chosen = [
        block
        for block in _blocks.values()
        if block.slot == slot
        and (not block.module or block.module in modules)
        and block.visible(request)
    ]
    chosen.sort(key=lambda block: (block.order, block.name))
    return [
        render_to_string(block.template, dict(block.context(request)), request=request)
        for block in chosen
    ]

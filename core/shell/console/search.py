"""The console's search: each app says what it finds, among what the person may see.

An app registers in its ``AppConfig.ready``::

    search.register(SearchSource(name="communities", label=_("Communities"), find=find, order=20))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from core.registry import Registry

SHOWN = 8
"""Hits of one kind, at most."""
SHORTEST = 2
"""Characters that a search needs."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One kind of things to find."""

    name: str
    label: str | Promise
    find: Callable[[HttpRequest, str], Sequence[Hit]]
    """At most ``SHOWN``, best first; nothing that the person may not open."""
    icon: str = "search"
    order: int = 100
    module: str = ""
    """Asked only where the region has this module; empty for always."""


sources: Registry[SearchSource] = Registry("source of the console's search")
register = sources.register


def find(request: HttpRequest, text: str) -> list[tuple[SearchSource, Sequence[Hit]]]:
    """Return what was found, by kind; kinds without a hit are left out."""
    if len(text) < SHORTEST:
        return []
    modules = getattr(getattr(request, "tenant", None), "modules", ())
    found = [
        (source, source.find(request, text)[:SHOWN])
        for source in sources
        if not source.module or source.module in modules
    ]
    return [(source, hits) for source, hits in found if hits]

"""What upper apps add to an advert's own page: « Réserver », « Écrire » and the like.

An app registers in its ``AppConfig.ready``; the page shows a panel beside the author's name, where
its ``context`` has something to say to this person::

    register(AdvertPanel(name="book", template="bookings/panel.html", context=book))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from rides.adverts.models import Advert


@dataclass(frozen=True, slots=True)
class AdvertPanel:
    """A part of an advert's page."""

    name: str
    """Unique among all panels."""
    template: str
    """Rendered with what ``context`` gives."""
    context: Callable[[HttpRequest, Advert], Mapping[str, Any] | None]
    """What the template reads for this person; None leaves the panel out."""
    order: int = 100
    """Lower comes first; ties by name."""


_panels: dict[str, AdvertPanel] = {}


def register(panel: AdvertPanel) -> None:
    """Add a panel. Raises RuntimeError when another has its name."""
    if _panels.get(panel.name, panel) != panel:
        raise RuntimeError(f"a panel named {panel.name!r} is already registered")
    _panels[panel.name] = panel


def panels(request: HttpRequest, advert: Advert) -> list[SafeString]:
    """Return the panels of an advert for this person, rendered, in order."""
    found = []
    for panel in sorted(_panels.values(), key=lambda one: (one.order, one.name)):
        context = panel.context(request, advert)
        if context is not None:
            found.append(render_to_string(panel.template, dict(context), request=request))
    return found

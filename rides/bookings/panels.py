"""What upper apps add to a booking's page: writing to the other person, saying how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from rides.bookings.models import Booking


@dataclass(frozen=True, slots=True)
class BookingPanel:
    """A part of a booking's page."""

    name: str
    template: str
    context: Callable[[HttpRequest, Booking], Mapping[str, Any] | None]
    """What the template reads for this person; None leaves the panel out."""
    order: int = 100


_panels: dict[str, BookingPanel] = {}


def register(panel: BookingPanel) -> None:
    """Add a panel. Raises RuntimeError when another has its name."""
    if _panels.get(panel.name, panel) != panel:
        raise RuntimeError(f"a panel named {panel.name!r} is already registered")
    _panels[panel.name] = panel


def panels(request: HttpRequest, booking: Booking) -> list[SafeString]:
    """Return the panels of a booking for this person, rendered, in order."""
    found = []
    for panel in sorted(_panels.values(), key=lambda one: (one.order, one.name)):
        context = panel.context(request, booking)
        if context is not None:
            found.append(render_to_string(panel.template, dict(context), request=request))
    return found

"""Parts of an object's page that apps above the object's own add to it: « Réserver », « Écrire ».

The object's app has a ``Panels`` of its own; an app above registers in its ``AppConfig.ready``::

    panels.register(Panel(name="book", template="bookings/panel.html", context=book))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.registry import Registry

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Panel(Generic[Subject]):
    """A part of a page about one object."""

    name: str
    template: str
    """Rendered with what ``context`` gives."""
    context: Callable[[HttpRequest, Subject], Mapping[str, Any] | None]
    """What the template reads for this person; None leaves the panel out."""
    order: int = 100


class Panels(Registry[Panel[Subject]]):
    """The panels of one kind of object."""

    def rendered(self, request: HttpRequest, subject: Subject) -> list[SafeString]:
        """The panels that have something to say to this person, in order."""
        contexts = [(panel, panel.context(request, subject)) for panel in self]
        return [
            render_to_string(panel.template, dict(context), request=request)
            for panel, context in contexts
            if context is not None
        ]

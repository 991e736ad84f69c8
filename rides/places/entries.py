"""Where the rest of the platform meets carpool places: a room of the console."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.shell import menu
from regions.territories import moves
from rides.places import access
from rides.places.territories import places_move
from tenants.models import Module


def _manages(request: HttpRequest) -> bool:
    return access.can_manage(request.user)


def register() -> None:
    """Fill the registries of the floors below."""
    menu.register(
        menu.MenuEntry(
            name="places-console",
            label=_("Carpool places"),
            url="places-console:list",
            icon="pin",
            place="console",
            order=60,
            visible=_manages,
            module=Module.CARPOOLING.value,
        )
    )
    moves.register(moves.Mover("places", places_move, order=50, label=_("Carpool places")))

"""The reference geography: the same for every region, in the public schema."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tenants.roles import allow_read


class TerritoriesConfig(AppConfig):
    """Lets every region read the municipalities; asks members where they live."""

    name = "regions.territories"
    label = "territories"
    verbose_name = _("territories")

    def ready(self) -> None:
        """Say which tables regions may read (see ``tenants.roles``), add the residence field."""
        from core.accounts import territories
        from core.accounts.access import is_platform_operator
        from core.accounts.registration import register_extra
        from core.shell import menu
        from regions.territories import moves
        from regions.territories.limits import Limits
        from regions.territories.registration import ResidenceExtra

        allow_read(
            "territories_municipality",
            "territories_searchkey",
            "territories_departement",
            "territories_administrativeregion",
            "territories_intercommunality",
            "territories_territorychange",
        )
        register_extra(ResidenceExtra())
        moves.register(
            moves.Mover("residences", moves.residences_move, order=20, label=_("Homes of members"))
        )
        moves.register(
            moves.Mover("roles", moves.roles_move, order=10, label=_("Roles limited to an EPCI"))
        )
        territories.use(Limits())
        menu.register(
            menu.MenuEntry(
                name="platform-territories",
                label=_("Territories that change"),
                url="territory-moves:journal",
                icon="pin",
                place="main",
                order=18,
                visible=lambda request: is_platform_operator(request.user),
                host="platform",
            )
        )
